# Saves the videos of tasks that have ended, one after another; with -Sync brings them to the disk as well.
param([string] $Ids, [string] $Destination, [switch] $Sync)
$api = "$env:COMETAPI_BASE_URL/kling/v1/videos/effects"
$headers = @{ Authorization = "Bearer $env:COMETAPI_KEY" }
$clock = [Diagnostics.Stopwatch]::StartNew()
foreach ($id in Get-Content $Ids) {
    $task = (Invoke-RestMethod "$api/$id" -Headers $headers).data
    Invoke-WebRequest $task.task_result.videos[0].url -OutFile (Join-Path $Destination "$id.mp4")
}
if ($Sync) { sync (Get-ChildItem $Destination).FullName }
"$($clock.Elapsed.TotalSeconds)"
