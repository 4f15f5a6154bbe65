# Saves the videos of tasks that have ended; before that, where asked to, as often without counting.
param([string] $Module, [string] $Ids, [string] $Destination, [int] $Uncounted)
Import-Module $Module
for ($run = 0; $run -lt $Uncounted; $run++) {
    Get-Content $Ids | Save-KlingVideo $Destination | Remove-Item
}
$clock = [Diagnostics.Stopwatch]::StartNew()
Get-Content $Ids | Save-KlingVideo $Destination | Out-Null
"$($clock.Elapsed.TotalSeconds)"
