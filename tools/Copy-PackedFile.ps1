#Requires -Version 5.1
<#
.SYNOPSIS
Copies what a package has besides the compiled build: manifest, help, licence, README, changes, and docs/ci as Examples.
.PARAMETER ModulePath
The module's folder.
.PARAMETER SourceUri
The page of the source of the packed version, to which the README's links lead.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $ModulePath,
    [string] $SourceUri)

$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot
foreach ($item in 'KlingEffects.psd1', 'en-US', 'LICENSE', 'CHANGELOG.md') {
    Copy-Item -LiteralPath (Join-Path $root $item) -Destination $ModulePath -Recurse
}

Copy-Item -LiteralPath (Join-Path $root docs/ci) -Destination (Join-Path $ModulePath Examples) -Recurse
$text = & (Join-Path $PSScriptRoot ConvertTo-PackedReadme.ps1) -Text ([IO.File]::ReadAllText((Join-Path $root README.md))) -SourceUri $SourceUri
[IO.File]::WriteAllText((Join-Path $ModulePath README.md), $text)
