# The same request without the module, after the import of an empty binary one.
param([string] $Module)
$clock = [Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
$body = @{ effect_scene = '3d_cartoon_2'; input = @{ image = 'https://images.example/1.jpg'; duration = '5' } } | ConvertTo-Json
Invoke-RestMethod "$($env:COMETAPI_BASE_URL.TrimEnd('/'))/kling/v1/videos/effects" -Method Post -ContentType application/json -Body $body -Headers @{ Authorization = "Bearer $env:COMETAPI_KEY" } | Out-Null
"$($clock.Elapsed.TotalSeconds)"
