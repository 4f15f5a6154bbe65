# Imports a module and does nothing with it.
param([string] $Module)
$clock = [Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
"$($clock.Elapsed.TotalSeconds)"
