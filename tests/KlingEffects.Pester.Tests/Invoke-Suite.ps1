<#
.SYNOPSIS
Runs one file of Pester tests and writes what became of each test as JSON.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $ResultPath,
    [Parameter(Mandatory)] [string] $PesterPath)

$ErrorActionPreference = 'Stop'
Import-Module $PesterPath

function Join-Name($Block) {
    $names = for (; $Block -and -not $Block.IsRoot; $Block = $Block.Parent) { $Block.ExpandedName }
    [array]::Reverse(($names = @($names)))
    $names -join ' / '
}

function Format-Failure($ErrorRecord) {
    @{
        Message = ($ErrorRecord | ForEach-Object { $_.DisplayErrorMessage ?? $_.Exception.Message }) -join [Environment]::NewLine
        Stack   = ($ErrorRecord | ForEach-Object { $_.DisplayStackTrace ?? $_.ScriptStackTrace }) -join [Environment]::NewLine
    }
}

function Get-Outcome($Name, $Result, $Duration, $ErrorRecord) {
    $failure = Format-Failure $ErrorRecord
    [ordered]@{ Name = $Name; Result = "$Result"; Seconds = $Duration.TotalSeconds; Message = $failure.Message; Stack = $failure.Stack }
}

# Blocks and files fail with what surrounds their tests: BeforeAll, AfterAll, the code of the file itself.
function Get-BlockOutcome($Block) {
    if ($Block.ErrorRecord.Count -gt 0) {
        Get-Outcome ((@(Join-Name $Block) + '(the code around its tests)').Where{ $_ } -join ' / ') Failed $Block.Duration $Block.ErrorRecord
    }

    foreach ($inner in $Block.Blocks) { Get-BlockOutcome $inner }
}

function Get-TestOutcome($Test) {
    $reason = $Test.ErrorRecord
    if ($Test.Result -eq 'Skipped') {
        $reason = $reason | ForEach-Object { @{ DisplayErrorMessage = $_.Exception.Message -replace '^is skipped, because '; DisplayStackTrace = '' } }
    }
    elseif ($Test.Result -ne 'Passed') {
        for ($block = $Test.Block; $block -and -not $reason.Count; $block = $block.Parent) { $reason = $block.ErrorRecord }
    }

    Get-Outcome "$(Join-Name $Test.Block) / $($Test.ExpandedName)" $Test.Result $Test.Duration $reason
}

$configuration = New-PesterConfiguration @{
    Run    = @{ Path = $Path; PassThru = $true }
    Output = @{ Verbosity = 'Detailed'; RenderMode = 'Plaintext' }
}
# The tests see the preference that a user's prompt has, not this script's.
$run = & {
    $ErrorActionPreference = 'Continue'
    Invoke-Pester -Configuration $configuration
}
$outcomes = @(
    foreach ($test in $run.Tests) { Get-TestOutcome $test }
    foreach ($container in $run.Containers) {
        if ($container.ErrorRecord.Count -gt 0) { Get-Outcome '(the file)' Failed $container.Duration $container.ErrorRecord }
        foreach ($block in $container.Blocks) { Get-BlockOutcome $block }
    })
[IO.File]::WriteAllText($ResultPath, (ConvertTo-Json @($outcomes) -Depth 3))
