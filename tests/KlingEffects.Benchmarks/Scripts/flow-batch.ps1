# The main job as one command, or as the pipeline that does the same for the same rows; -Again 1: a second time, over what is finished.
param([string] $Module, [int] $Count, [string] $Destination, [int] $AsPipeline, [int] $Again)
Import-Module $Module
$rows = Join-Path $Destination jobs.csv
$state = Join-Path $Destination state
@('Scene,Image,ExternalTaskId') + @(1..$Count | ForEach-Object { "3d_cartoon_2,https://images.example/$_.jpg,order-$_" }) | Set-Content $rows
$work = if ($AsPipeline) {
    {
        Import-Csv $rows | New-KlingEffect -JournalPath $state/jobs.journal | Wait-KlingTask |
            Save-KlingVideo $state/videos -Name '{ExternalTaskId}' | Out-Null
    }
}
else { { Invoke-KlingBatch $rows -StatePath $state | Out-Null } }
if ($Again) { & $work }
$clock = [Diagnostics.Stopwatch]::StartNew()
& $work
"$($clock.Elapsed.TotalSeconds)"
