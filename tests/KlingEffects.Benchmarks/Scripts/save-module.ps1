# Saves the videos of tasks that have ended.
param([string] $Module, [string] $Ids, [string] $Destination)
Import-Module $Module
$clock = [Diagnostics.Stopwatch]::StartNew()
Get-Content $Ids | Save-KlingVideo $Destination | Out-Null
"$($clock.Elapsed.TotalSeconds)"
