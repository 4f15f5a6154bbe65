# The module's first submit in a session, with its import.
param([string] $Module)
$clock = [Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
New-KlingEffect 3d_cartoon_2 -Image https://images.example/1.jpg | Out-Null
"$($clock.Elapsed.TotalSeconds)"
