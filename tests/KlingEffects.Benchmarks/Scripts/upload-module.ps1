# Submits pairs of local images, the same few pairs again and again.
param([string] $Module, [int] $Count, [string] $Images, [int] $Pairs)
Import-Module $Module
$clock = [Diagnostics.Stopwatch]::StartNew()
1..$Count | ForEach-Object {
    $pair = $_ % $Pairs
    [pscustomobject]@{ Scene = 'hug'; Image = "$Images/$pair-left.png"; SecondImage = "$Images/$pair-right.png"; ExternalTaskId = "job-$_" }
} | New-KlingEffect | Out-Null
"$($clock.Elapsed.TotalSeconds)"
