<#
.SYNOPSIS
Makes the videos of a CSV file. Run it again after whatever has happened: it goes on where it stopped.
.DESCRIPTION
Writes one plain line for each thing that happens, and ends with 0 if every job of the file has its videos, else with 1.
The key is in $env:COMETAPI_KEY. Keep the folder -StatePath from one run to the next: it holds the journal, by which
nothing is paid for twice, and the videos, by which nothing is downloaded twice.
.PARAMETER JobsPath
The jobs: Scene, Image, SecondImage and so on, and ExternalTaskId, which names each job and its video.
.PARAMETER StatePath
The folder of the journal and the videos.
.PARAMETER Shard
Which part of the jobs to make, from 1 to ShardCount.
.PARAMETER ShardCount
Among how many machines the jobs are split. Another count deals them out anew, so keep it until all are done.
#>
[CmdletBinding()]
param(
    [string] $JobsPath = './jobs.csv',
    [string] $StatePath = './state',
    [ValidateRange(1, 10000)] [int] $Shard = 1,
    [ValidateRange(1, 10000)] [int] $ShardCount = 1)

if ($Shard -gt $ShardCount) { throw "There is no shard $Shard of ${ShardCount}: shards count from 1." }

if (-not (Test-Path -LiteralPath $JobsPath)) { throw "There is no file of jobs at $JobsPath." }

# One job's failure does not stop the others, whatever the build system has set.
$ErrorActionPreference = 'Continue'
$ProgressPreference = 'SilentlyContinue'
$env:PSModulePath = (Join-Path $PSScriptRoot modules) + [IO.Path]::PathSeparator + $env:PSModulePath
Import-Module KlingEffects -ErrorAction Stop

$withoutName = @(Import-Csv -Path $JobsPath -ErrorAction Stop | Where-Object { -not $_.ExternalTaskId })
if ($withoutName) { throw "Each row of $JobsPath needs an ExternalTaskId, which names its video; $($withoutName.Count) have none." }

$sha = [Security.Cryptography.SHA256]::Create()
$isOurs = {
    $digest = $sha.ComputeHash([Text.Encoding]::UTF8.GetBytes($_.ExternalTaskId))
    [BitConverter]::ToUInt32($digest, 0) % $ShardCount -eq $Shard - 1
}
# A log's dates are Gregorian and of the same form on every machine, whatever calendar its user has.
$now = { [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [cultureinfo]::InvariantCulture) }
$journal = Join-Path $StatePath "jobs-$Shard-of-$ShardCount.journal"
$problems = 0

. {
    Import-Csv -Path $JobsPath -ErrorAction Stop |
        Where-Object $isOurs |
        New-KlingEffect -JournalPath $journal -Verbose |
        Wait-KlingTask -Verbose |
        Save-KlingVideo -Destination (Join-Path $StatePath videos) -Name '{ExternalTaskId}' -Verbose
} *>&1 | ForEach-Object {
    $text = switch ($_) {
        { $_ -is [Management.Automation.ErrorRecord] } { $problems++; "ERROR $($_.FullyQualifiedErrorId -replace ',.*'): $_" }
        { $_ -is [Management.Automation.WarningRecord] } { "WARNING $_" }
        { $_ -is [IO.FileInfo] } { continue }
        default { "$_" }
    }
    if ($text) { "$(& $now) $text" }
}

"$(& $now) done, problems: $problems"
exit [int] ($problems -gt 0)
