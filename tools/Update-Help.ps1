#Requires -Version 7.4
<#
.SYNOPSIS
Compiles the help in docs/en-US to what Get-Help reads: MAML for the cmdlets, text for the about topic.
.DESCRIPTION
Needs the module Microsoft.PowerShell.PlatyPS, 1.0 or later. What it makes is committed, so that users need neither.
.PARAMETER OutputFolder
Where to write; the folder from which the module's help is read unless given.
#>
[CmdletBinding()]
[OutputType([IO.FileInfo])]
param([string] $OutputFolder = (Join-Path $PSScriptRoot ../en-US))

$ErrorActionPreference = 'Stop'
. $PSScriptRoot/HelpText.ps1

$source = Join-Path $PSScriptRoot ../docs/en-US
Import-Module Microsoft.PowerShell.PlatyPS -MinimumVersion 1.0 -Verbose:$false

$help = Get-ChildItem $source/*-*.md | ForEach-Object { Import-MarkdownCommandHelp -LiteralPath $_.FullName }
$folder = [IO.Directory]::CreateTempSubdirectory('kling-help-').FullName
$maml = [xml]::new()
try {
    $maml.Load(($help | Export-MamlCommandHelp -OutputFolder $folder -Force).FullName)
} finally {
    Remove-Item -LiteralPath $folder -Recurse
}

foreach ($command in $maml.DocumentElement.ChildNodes) {
    $page = $help | Where-Object Title -EQ $command.details.name
    Edit-Example $command
    Edit-Paragraph $command
    Edit-Parameter $command $page
    Edit-Link $command
}

$target = [IO.Directory]::CreateDirectory($PSCmdlet.GetUnresolvedProviderPathFromPSPath($OutputFolder)).FullName
$settings = [Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = [Text.UTF8Encoding]::new($false) }
$mamlPath = Join-Path $target KlingEffects.dll-Help.xml
$writer = [Xml.XmlWriter]::Create($mamlPath, $settings)
$maml.Save($writer)
$writer.Dispose()
[IO.File]::AppendAllText($mamlPath, "`n")

$aboutPath = Join-Path $target about_KlingEffects.help.txt
[IO.File]::WriteAllText($aboutPath, (ConvertTo-AboutText (Get-Content -LiteralPath $source/about_KlingEffects.md)) + "`n")

Get-Item -LiteralPath $mamlPath, $aboutPath
