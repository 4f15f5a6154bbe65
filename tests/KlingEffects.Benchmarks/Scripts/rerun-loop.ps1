# A loop over the same rows that looks at each file.
param([string] $Batch)
$clock = [Diagnostics.Stopwatch]::StartNew()
Import-Csv "$Batch/jobs.csv" | ForEach-Object { Test-Path -LiteralPath "$Batch/out/$($_.ExternalTaskId).mp4" } | Out-Null
"$($clock.Elapsed.TotalSeconds)"
