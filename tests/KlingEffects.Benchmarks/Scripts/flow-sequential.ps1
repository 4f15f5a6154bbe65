# The main job as documentation shows it: one task after another.
param([int] $Count, [string] $Destination, [double] $PollIntervalSec)
$api = "$env:COMETAPI_BASE_URL/kling/v1/videos/effects"
$headers = @{ Authorization = "Bearer $env:COMETAPI_KEY" }
$clock = [Diagnostics.Stopwatch]::StartNew()
foreach ($number in 1..$Count) {
    $body = @{ effect_scene = '3d_cartoon_2'; input = @{ image = "https://images.example/$number.jpg"; duration = '5' } } | ConvertTo-Json
    $id = (Invoke-RestMethod $api -Method Post -Headers $headers -ContentType application/json -Body $body).data.task_id
    do {
        Start-Sleep $PollIntervalSec
        $task = (Invoke-RestMethod "$api/$id" -Headers $headers).data
    } until ($task.task_status -in 'succeed', 'failed')
    Invoke-WebRequest $task.task_result.videos[0].url -OutFile (Join-Path $Destination "$id.mp4")
}
"$($clock.Elapsed.TotalSeconds)"
