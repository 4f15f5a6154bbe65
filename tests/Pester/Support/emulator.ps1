#Requires -Version 5.1

# An emulator in a process of its own, and what it saw.

$WebRequest = if ($PSEdition -eq 'Desktop') { @{ UseBasicParsing = $true } } else { @{ NoProxy = $true } }

function Start-Emulator {
    <#
    .SYNOPSIS
    Starts an emulator in a process of its own, and points $env:COMETAPI_BASE_URL and $env:COMETAPI_KEY to it; with @{ gateway = 'Kling' }
    it is $env:KLING_BASE_URL and $env:KLING_API_KEY.
    .PARAMETER Option
    What the emulator takes on its command line, without the dashes: @{ 'parallel-limit' = 2; 'any-scene' = $true }.
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'A test fixture')]
    param([hashtable] $Option = @{})

    $assembly = if ($env:KLING_TEST_EMULATOR) { $env:KLING_TEST_EMULATOR } else {
        Join-Path $RepositoryRoot src/KlingEffects.Emulator/bin/Debug/net10.0/KlingEffects.Emulator.dll
    }
    $folder = [IO.Directory]::CreateDirectory((Join-Path ([IO.Path]::GetTempPath()) "kling-emulator-$([guid]::NewGuid())")).FullName
    $readyFile = Join-Path $folder ready
    $settings = @{
        'port' = 0; 'key' = 'sk-test-7f3a91c2d4'; 'generation-seconds' = 0.3; 'submitted-seconds' = 0.1
        'video-bytes' = 20000; 'ready-file' = $readyFile; 'exit-with-parent' = $PID
    }
    # By its form, a key that begins with sk- is CometAPI's.
    if ($Option['gateway'] -eq 'Kling') { $settings['key'] = 'kling-test-7f3a91c2d4' }
    foreach ($name in $Option.Keys) { $settings[$name] = $Option[$name] }

    $command = @('dotnet', $assembly) + @(foreach ($name in $settings.Keys) { "--$name", [Convert]::ToString($settings[$name], [cultureinfo]::InvariantCulture) })
    $start = New-ProcessStart $command
    $start.RedirectStandardInput = $true
    $process = [Diagnostics.Process]::Start($start)
    $output = $process.StandardOutput.ReadToEndAsync()
    $complaints = $process.StandardError.ReadToEndAsync()
    $patience = [Diagnostics.Stopwatch]::StartNew()
    while (-not [IO.File]::Exists($readyFile)) {
        if ($process.WaitForExit(20)) {
            throw "The emulator ended with $($process.ExitCode) before it listened. $($output.Result) $($complaints.Result)"
        }

        if ($patience.Elapsed.TotalSeconds -gt 60) {
            $process.Kill()
            throw "The emulator did not listen within a minute. $($output.Result) $($complaints.Result)"
        }
    }

    $emulator = [pscustomobject]@{
        BaseUri = [IO.File]::ReadAllText($readyFile).Trim()
        Key     = $settings['key']
        Process = $process
        Folder  = $folder
        Options = $null
        Before  = @{}
    }
    $variables = if ($settings['gateway'] -eq 'Kling') { 'KLING_API_KEY', 'KLING_BASE_URL' } else { 'COMETAPI_KEY', 'COMETAPI_BASE_URL' }
    foreach ($variable in $variables) { $emulator.Before[$variable] = [Environment]::GetEnvironmentVariable($variable) }
    [Environment]::SetEnvironmentVariable($variables[0], $emulator.Key)
    [Environment]::SetEnvironmentVariable($variables[1], $emulator.BaseUri)
    $emulator.Options = Invoke-Emulator Get options -BaseUri $emulator.BaseUri
    $emulator
}

function Stop-Emulator {
    <#
    .SYNOPSIS
    Ends an emulator and gives back the two environment variables that its start took.
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'A test fixture')]
    param([Parameter(Mandatory)] [AllowNull()] [psobject] $Emulator)

    if ($Emulator) {
        $Emulator.Process.Kill()
        $Emulator.Process.WaitForExit()
        $Emulator.Process.Dispose()
        foreach ($variable in $Emulator.Before.Keys) { [Environment]::SetEnvironmentVariable($variable, $Emulator.Before[$variable]) }
        Remove-Item -LiteralPath $Emulator.Folder -Recurse -Force
    }
}

function Invoke-Emulator {
    <#
    .SYNOPSIS
    Makes a control call, such as Invoke-Emulator Post tasks/123/fail @{ reason = 'no face' }.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Method,
        [Parameter(Mandatory, Position = 1)] [string] $Call,
        [Parameter(Position = 2)] [object] $Body,
        [string] $BaseUri = $env:COMETAPI_BASE_URL)

    $request = @{ Method = $Method; Uri = "$($BaseUri.TrimEnd('/'))/_emulator/$Call" } + $WebRequest
    if ($null -ne $Body) {
        # As bytes, for 5.1 sends text in Latin 1.
        $request.Body = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json $Body -Depth 10))
        $request.ContentType = 'application/json'
    }

    Invoke-RestMethod @request
}

function Get-EmulatorState {
    <#
    .SYNOPSIS
    What the emulator has seen: counters, violations, tasks, requests, faults.
    #>
    [CmdletBinding()]
    param([string] $BaseUri = $env:COMETAPI_BASE_URL)

    Invoke-Emulator Get state -BaseUri $BaseUri
}

function Add-EmulatorFault {
    <#
    .SYNOPSIS
    Makes requests go wrong: Add-EmulatorFault @{ operation = 'query'; times = 2; effect = @{ kind = 'status'; code = 503 } }.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [hashtable[]] $Fault,
        [string] $BaseUri = $env:COMETAPI_BASE_URL)

    $null = Invoke-Emulator -Method Post -Call faults -Body $Fault -BaseUri $BaseUri
}

function Set-EmulatorOption {
    <#
    .SYNOPSIS
    Changes how the emulator behaves from now on: Set-EmulatorOption @{ generationSeconds = 1; videosPerTask = 2 }.
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'A test fixture')]
    param(
        [Parameter(Mandatory, Position = 0)] [hashtable] $Option,
        [string] $BaseUri = $env:COMETAPI_BASE_URL)

    $null = Invoke-Emulator -Method Patch -Call options -Body $Option -BaseUri $BaseUri
}

function Reset-Emulator {
    <#
    .SYNOPSIS
    Lets the emulator forget requests, violations, tasks, faults and counts.
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'A test fixture')]
    param([string] $BaseUri = $env:COMETAPI_BASE_URL)

    $null = Invoke-Emulator Post reset -BaseUri $BaseUri
}

function Assert-EmulatorTraffic {
    <#
    .SYNOPSIS
    Fails unless every request kept to the specification and the video host never saw the key; then makes the emulator as new.
    .PARAMETER Expected
    The breaches that the test has provoked, in their order, with wildcards.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [psobject] $Emulator,
        [string[]] $Expected = @())

    $at = @{ BaseUri = $Emulator.BaseUri }
    $state = Get-EmulatorState @at
    Reset-Emulator @at
    $null = Invoke-Emulator Delete faults @at
    $null = Invoke-Emulator -Method Patch -Call options -Body $Emulator.Options @at

    $state.violations | Should -HaveCount $Expected.Count -Because ($state.violations -join '; ')
    for ($i = 0; $i -lt $Expected.Count; $i++) { @($state.violations)[$i] | Should -BeLike $Expected[$i] }
    $atVideoHost = @($state.requests | Where-Object atVideoHost)
    @($atVideoHost.headers.Authorization).Where{ $_ } | Should -HaveCount 0 -Because 'the video host never sees the key'
    ConvertTo-Json $atVideoHost -Depth 5 | Should -Not -Match ([regex]::Escape($Emulator.Key))
    @($state.requests | Where-Object { -not $_.atVideoHost -and $_.headers.Authorization -cne "Bearer $($Emulator.Key)" -and $_.status -ne 401 }) |
        Should -BeNullOrEmpty -Because 'the API gets the key with every request'
}

function Get-EmulatorRequest {
    <#
    .SYNOPSIS
    The requests of one kind, or all, in the order of their arrival.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [ValidateSet('submit', 'query', 'list', 'video', '*')] [string] $Operation = '*',
        [string] $BaseUri = $env:COMETAPI_BASE_URL)

    Invoke-Emulator Get requests -BaseUri $BaseUri | Write-Output | Where-Object operation -Like $Operation
}

function Wait-Emulator {
    <#
    .SYNOPSIS
    Waits until the emulator's counters, as $_, are as asked: Wait-Emulator { $_.queries -ge 2 }.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [scriptblock] $Condition,
        [string] $BaseUri = $env:COMETAPI_BASE_URL)

    $patience = [Diagnostics.Stopwatch]::StartNew()
    while (-not (Invoke-Emulator Get counters -BaseUri $BaseUri | ForEach-Object $Condition)) {
        if ($patience.Elapsed.TotalSeconds -gt 30) { throw "The emulator did not come to this within 30 s: $Condition" }
    }
}

function Get-EmulatorVideo {
    <#
    .SYNOPSIS
    The bytes of a video as the server has them.
    #>
    [CmdletBinding()]
    [OutputType([byte[]])]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $TaskId,
        [Parameter(Position = 1)] [int] $Index = 0,
        [string] $BaseUri = $env:COMETAPI_BASE_URL)

    $uri = "$($BaseUri.TrimEnd('/'))/_emulator/video/$([uri]::EscapeDataString($TaskId))/$Index"
    , (Invoke-WebRequest -Uri $uri @WebRequest).Content
}

function Add-EmulatorVideo {
    <#
    .SYNOPSIS
    Makes a task that has succeeded, as if another client had submitted it, and gives its id.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([string] $ExternalId, [string] $Kind = 'effects', [string] $Scene = '3d_cartoon_2', [double] $Age, [string] $BaseUri = $env:COMETAPI_BASE_URL)

    $task = @{ kind = $Kind; scene = $Scene; age = $Age }
    if ($ExternalId) { $task.externalId = $ExternalId }
    $id = (Invoke-Emulator -Method Post -Call tasks -Body $task -BaseUri $BaseUri).id
    $null = Invoke-Emulator Post "tasks/$([uri]::EscapeDataString($id))/succeed" -BaseUri $BaseUri
    $id
}

function Assert-SavedVideo {
    <#
    .SYNOPSIS
    Fails unless the file is, byte for byte, what the server has.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [AllowNull()] [IO.FileInfo] $File,
        [Parameter(Mandatory, Position = 1)] [string] $TaskId,
        [Parameter(Position = 2)] [int] $Index = 0)

    $File | Should -Not -BeNullOrEmpty -Because "the video of task $TaskId is to be saved"
    $served = New-Object IO.MemoryStream (, (Get-EmulatorVideo $TaskId $Index))
    (Get-FileHash -LiteralPath $File.FullName).Hash | Should -BeExactly (Get-FileHash -InputStream $served).Hash -Because "$($File.Name) is what the server has"
}
