# Submits and waits, and saves nothing.
param([string] $Module, [int] $Count, [int] $ThrottleLimit, [double] $PollIntervalSec)
Import-Module $Module
$clock = [Diagnostics.Stopwatch]::StartNew()
1..$Count | ForEach-Object { "https://images.example/$_.jpg" } |
    New-KlingEffect 3d_cartoon_2 -ThrottleLimit $ThrottleLimit |
    Wait-KlingTask -ThrottleLimit $ThrottleLimit -PollIntervalSec $PollIntervalSec | Out-Null
"$($clock.Elapsed.TotalSeconds)"
