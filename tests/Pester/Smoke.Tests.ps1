#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# The main job in any PowerShell that the module is for, Windows PowerShell 5.1 included: so in its syntax, and without the
# fixtures of the other suites.

BeforeAll {
    $root = Split-Path (Split-Path $PSScriptRoot)
    $manifest = if ($env:KLING_TEST_MODULE) { $env:KLING_TEST_MODULE } else { Join-Path $root 'KlingEffects.psd1' }
    $assembly = if ($env:KLING_TEST_EMULATOR) { $env:KLING_TEST_EMULATOR } else { Join-Path $root 'src/KlingEffects.Emulator/bin/Debug/net10.0/KlingEffects.Emulator.dll' }
    Import-Module $manifest -Global -ErrorAction Stop

    Push-Location $TestDrive
    # 320 x 320 black pixels
    $png = 'iVBORw0KGgoAAAANSUhEUgAAAUAAAAFAAQAAAADl65gHAAAAI0lEQVR42u3BAQ0AAADCoPdPbQ8HFAAAAAAAAAAAAAAAAPwaM0AAAWQoMfMAAAAASUVORK5CYII='
    foreach ($name in 'ana', 'ben') { [IO.File]::WriteAllBytes((Join-Path $TestDrive "$name.png"), [Convert]::FromBase64String($png)) }

    $ready = Join-Path $TestDrive 'ready'
    $start = New-Object Diagnostics.ProcessStartInfo 'dotnet'
    $start.Arguments = "`"$assembly`" --port 0 --key sk-smoke-1 --generation-seconds 0.3 --video-bytes 20000 --ready-file `"$ready`" --exit-with-parent $PID"
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $emulator = [Diagnostics.Process]::Start($start)
    $output = $emulator.StandardOutput.ReadToEndAsync()
    $patience = [Diagnostics.Stopwatch]::StartNew()
    while (-not [IO.File]::Exists($ready)) {
        if ($emulator.WaitForExit(20) -or $patience.Elapsed.TotalSeconds -gt 60) { throw "The emulator did not listen. $($output.Result)" }
    }

    $before = @{ Key = $env:COMETAPI_KEY; BaseUri = $env:COMETAPI_BASE_URL }
    $env:COMETAPI_BASE_URL = [IO.File]::ReadAllText($ready).Trim()
    $env:COMETAPI_KEY = 'sk-smoke-1'

    function Get-Counter { Invoke-RestMethod -Uri "$env:COMETAPI_BASE_URL/_emulator/counters" -UseBasicParsing }
}

AfterAll {
    Pop-Location
    $env:COMETAPI_KEY = $before.Key
    $env:COMETAPI_BASE_URL = $before.BaseUri
    if ($emulator) { $emulator.Kill() }
}

Describe 'The module in this PowerShell' {
    It 'exports its cmdlets' {
        (Get-Command -Module KlingEffects).Name | Sort-Object | Should -Be 'Export-KlingReport', 'Get-KlingAccount', 'Get-KlingJob', 'Get-KlingScene', 'Get-KlingTask', 'Invoke-KlingBatch', 'New-KlingEffect', 'Save-KlingVideo', 'Wait-KlingTask'
    }

    It 'has its help' {
        (Get-Help Save-KlingVideo).Synopsis | Should -Match '^Saves the videos'
        @((Get-Help New-KlingEffect).examples.example).Count | Should -BeGreaterThan 3
    }

    It 'makes a video and saves it' {
        $file = New-KlingEffect hug_pro -Image ./ana.png, ./ben.png | Wait-KlingTask | Save-KlingVideo ./out
        $file | Should -BeOfType ([IO.FileInfo])
        $uri = "$env:COMETAPI_BASE_URL/_emulator/video/$($file.TaskId)/0"
        Invoke-WebRequest -Uri $uri -UseBasicParsing -OutFile ./expected.mp4
        (Get-FileHash $file.FullName).Hash | Should -Be (Get-FileHash ./expected.mp4).Hash
    }

    It 'pays for a batch once, however often it is run' {
        $rows = @('Scene,Image,SecondImage,Duration', 'hug_pro,./ana.png,./ben.png,', 'pet_fitness,./ana.png,,5')
        Set-Content ./jobs.csv $rows
        $submits = (Get-Counter).acceptedSubmits
        foreach ($turn in 1..2) {
            $files = @(Import-Csv ./jobs.csv | New-KlingEffect -JournalPath ./jobs.journal | Wait-KlingTask | Save-KlingVideo ./batch)
            $files.Count | Should -Be 2 -Because "turn $turn gives both files"
        }

        (Get-Counter).acceptedSubmits - $submits | Should -Be 2
    }

    It 'shows tasks in a table' {
        $task = New-KlingEffect pet_fitness ./ana.png | Wait-KlingTask
        $shown = ($task | Out-String -Width 100) -replace '\x1b\[[0-9;]*m'
        $shown | Should -Match "$($task.TaskId) +pet_fitness +Succeed +\d+ s +ana\.png: 1 \(5"
    }

    It 'says what is wrong, and goes on' {
        $failed = @()
        $tasks = @('./nobody.png', './ana.png' | New-KlingEffect pet_fitness -ErrorVariable failed -ErrorAction SilentlyContinue)
        $tasks.Count | Should -Be 1
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'KlingImageNotFound,*'
        $failed[0].Exception | Should -BeOfType ([KlingEffects.KlingException])
    }

    It 'suggests scenes' {
        (TabExpansion2 'New-KlingEffect hug_p' 21).CompletionMatches[0].CompletionText | Should -Be 'hug_pro'
    }

    It 'kept to the specification' {
        $violations = Invoke-RestMethod -Uri "$env:COMETAPI_BASE_URL/_emulator/violations" -UseBasicParsing
        $violations | Should -BeNullOrEmpty
    }
}
