#Requires -Version 5.1

# What every suite dot-sources in BeforeAll. Run by hand it takes the module and the emulator of the last Debug build.

$RepositoryRoot = Split-Path (Split-Path $PSScriptRoot)
$ModuleUnderTest = if ($env:KLING_TEST_MODULE) { $env:KLING_TEST_MODULE } else { Join-Path $RepositoryRoot KlingEffects.psd1 }
$BuildUnderTest = if ($env:KLING_TEST_BUILD) { $env:KLING_TEST_BUILD } elseif ($PSEdition -eq 'Desktop') { 'netstandard2.0' } else { 'net8.0' }

Import-Module $ModuleUnderTest -Global -ErrorAction Stop
Write-Verbose "The tests run against the $BuildUnderTest build: $ModuleUnderTest"

# Submits without a journal are noted, and not among the developer's own.
if (-not $env:KLING_LEDGER) { $env:KLING_LEDGER = Join-Path ([IO.Path]::GetTempPath()) 'kling-test-ledger' }

. $PSScriptRoot/Support/process.ps1
. $PSScriptRoot/Support/emulator.ps1
. $PSScriptRoot/Support/image.ps1
. $PSScriptRoot/Support/shell.ps1
