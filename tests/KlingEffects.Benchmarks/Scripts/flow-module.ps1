# The main job as the module does it.
param([string] $Module, [int] $Count, [string] $Destination, [double] $PollIntervalSec)
Import-Module $Module
$clock = [Diagnostics.Stopwatch]::StartNew()
$wait = if ($PollIntervalSec) { @{ PollIntervalSec = $PollIntervalSec } } else { @{} }
1..$Count | ForEach-Object { "https://images.example/$_.jpg" } |
    New-KlingEffect 3d_cartoon_2 | Wait-KlingTask @wait | Save-KlingVideo $Destination | Out-Null
"$($clock.Elapsed.TotalSeconds)"
