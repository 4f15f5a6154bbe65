#Requires -Version 5.1
<#
.SYNOPSIS
Tests a packed module with the Pester suite, in the PowerShell that runs this: all of it in PowerShell 7, and in Windows PowerShell 5.1
what is written for both.
.PARAMETER PackagePath
The package that ./build.ps1 -Task Package makes.
.PARAMETER ToolPath
A folder with the published emulator, in emulator, and with the module Pester, in Pester.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $PackagePath,
    [Parameter(Mandatory)] [string] $ToolPath)

$ErrorActionPreference = 'Stop'
$desktop = 'Downloads', 'Errors', 'Journal', 'JournalFile', 'Smoke'

$root = Split-Path $PSScriptRoot
$module = Join-Path $root "out/unpacked/$PID/KlingEffects"
Add-Type -AssemblyName System.IO.Compression.FileSystem
[IO.Compression.ZipFile]::ExtractToDirectory((Resolve-Path $PackagePath).ProviderPath, $module)
# An install leaves these behind.
'KlingEffects.nuspec', '_rels', '[Content_Types].xml' | ForEach-Object { Remove-Item -LiteralPath (Join-Path $module $_) -Recurse -Force }

$tools = (Resolve-Path $ToolPath).ProviderPath
$env:KLING_TEST_MODULE = Join-Path $module KlingEffects.psd1
$env:KLING_TEST_EMULATOR = Join-Path $tools emulator/KlingEffects.Emulator.dll
Import-Module (Join-Path $tools Pester/Pester.psd1)

$suites = if ($PSEdition -eq 'Desktop') { $desktop | ForEach-Object { Join-Path $root "tests/Pester/$_.Tests.ps1" } } else { Join-Path $root tests/Pester }
Write-Output "PowerShell $($PSVersionTable.PSVersion)"
$run = & {
    # The tests see the preference that a user's prompt has.
    $ErrorActionPreference = 'Continue'
    Invoke-Pester -Path $suites -PassThru
}
Remove-Item -LiteralPath (Split-Path $module) -Recurse -Force -ErrorAction SilentlyContinue
if ($run.Result -ne 'Passed' -or $run.PassedCount -eq 0) { throw "$($run.FailedCount) tests failed." }
