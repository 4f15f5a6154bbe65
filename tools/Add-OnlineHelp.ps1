#Requires -Version 5.1
<#
.SYNOPSIS
Puts the page of each cmdlet into the compiled help, so that Get-Help -Online opens it.
.PARAMETER Path
The compiled help.
.PARAMETER SourceUri
The project's files as they were released, as in https://host/owner/name/blob/v1.0.0.
#>
[CmdletBinding()]
[OutputType([void])]
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [uri] $SourceUri)

$ErrorActionPreference = 'Stop'
$namespace = 'http://schemas.microsoft.com/maml/2004/10'

$maml = [xml]::new()
$maml.PreserveWhitespace = $true
$maml.Load($Path)
foreach ($command in $maml.DocumentElement.ChildNodes | Where-Object { $_ -is [Xml.XmlElement] }) {
    # Get-Help opens the first link that has an address.
    $link = $maml.CreateElement('maml', 'navigationLink', $namespace)
    $text = $link.AppendChild($maml.CreateElement('maml', 'linkText', $namespace))
    $text.InnerText = 'Online Version:'
    $address = $link.AppendChild($maml.CreateElement('maml', 'uri', $namespace))
    $address.InnerText = "$($SourceUri.AbsoluteUri.TrimEnd('/'))/docs/en-US/$($command.details.name).md"
    $null = $command.relatedLinks.PrependChild($link)
}

$maml.Save($Path)
