#Requires -Version 5.1
<#
.SYNOPSIS
Gives the README's text as a package has it, where what stands beside it in the clone is not.
.PARAMETER Text
The README's text.
.PARAMETER SourceUri
The page of the source of the packed version: links lead there. Without it they are plain text.
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [Parameter(Mandatory)] [string] $Text,
    [string] $SourceUri)

$packed = 'CHANGELOG\.md\)|LICENSE\)|Examples/'
if (-not $SourceUri) { $Text = $Text.Replace('](docs/ci/', '](Examples/') }
$link = if ($SourceUri) { '[$1](' + $SourceUri.TrimEnd('/') + '/$2)' } else { '$1' }
$Text -replace "\[([^\]]+)\]\((?!https?:|$packed)([^)]+)\)", $link
