# Submits only, with or without a journal.
param([string] $Module, [int] $Count, [int] $ThrottleLimit, [string] $JournalPath)
Import-Module $Module
$journal = if ($JournalPath) { @{ JournalPath = Join-Path $JournalPath jobs.journal } } else { @{} }
$clock = [Diagnostics.Stopwatch]::StartNew()
1..$Count | ForEach-Object { "https://images.example/$_.jpg" } |
    New-KlingEffect 3d_cartoon_2 -ThrottleLimit $ThrottleLimit @journal | Out-Null
"$($clock.Elapsed.TotalSeconds)"
