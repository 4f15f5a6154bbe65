# The main job as the module does it.
param([string] $Module, [int] $Count, [string] $Destination, [double] $PollIntervalSec, [string] $JournalPath)
Import-Module $Module
$clock = [Diagnostics.Stopwatch]::StartNew()
$wait = if ($PollIntervalSec) { @{ PollIntervalSec = $PollIntervalSec } } else { @{} }
$submit = if ($JournalPath) { @{ JournalPath = "$JournalPath/jobs.journal" } } else { @{} }
1..$Count | ForEach-Object { "https://images.example/$_.jpg" } |
    New-KlingEffect 3d_cartoon_2 @submit | Wait-KlingTask @wait | Save-KlingVideo $Destination | Out-Null
"$($clock.Elapsed.TotalSeconds)"
