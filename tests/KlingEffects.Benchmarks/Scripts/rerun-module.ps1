# The command that made all videos of a folder, run once more.
param([string] $Module, [string] $Batch)
Import-Module $Module
$clock = [Diagnostics.Stopwatch]::StartNew()
Import-Csv "$Batch/jobs.csv" |
    New-KlingEffect -JournalPath "$Batch/jobs.journal" | Wait-KlingTask | Save-KlingVideo "$Batch/out" -Name '{ExternalTaskId}' | Out-Null
"$($clock.Elapsed.TotalSeconds)"
