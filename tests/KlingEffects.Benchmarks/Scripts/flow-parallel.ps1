# The main job with a runspace for each task that is under way.
param([int] $Count, [string] $Destination, [double] $PollIntervalSec, [int] $ThrottleLimit)
$clock = [Diagnostics.Stopwatch]::StartNew()
1..$Count | ForEach-Object -ThrottleLimit $ThrottleLimit -Parallel {
    $api = "$env:COMETAPI_BASE_URL/kling/v1/videos/effects"
    $headers = @{ Authorization = "Bearer $env:COMETAPI_KEY" }
    $body = @{ effect_scene = '3d_cartoon_2'; input = @{ image = "https://images.example/$_.jpg"; duration = '5' } } | ConvertTo-Json
    $id = (Invoke-RestMethod $api -Method Post -Headers $headers -ContentType application/json -Body $body).data.task_id
    do {
        Start-Sleep $using:PollIntervalSec
        $task = (Invoke-RestMethod "$api/$id" -Headers $headers).data
    } until ($task.task_status -in 'succeed', 'failed')
    Invoke-WebRequest $task.task_result.videos[0].url -OutFile (Join-Path $using:Destination "$id.mp4")
}
"$($clock.Elapsed.TotalSeconds)"
