#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# The whole job in one command: rows in, videos and reports out, whatever the caller has set.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:emulator = Start-Emulator

    function New-Row([int] $Count, [string] $Id = 'order-') {
        1..$Count | ForEach-Object { [pscustomobject]@{ ExternalTaskId = "$Id$_"; Scene = '3d_cartoon_2'; Image = "https://images.example/$Id$_.jpg" } }
    }

    # Runs it; $failures are its non-terminating errors, $ending the terminating one.
    function Invoke-Batch([hashtable] $Argument) {
        $script:ending = $null
        $script:failures = @()
        try {
            Invoke-KlingBatch @Argument -ErrorVariable met -ErrorAction SilentlyContinue -WarningVariable warned -WarningAction SilentlyContinue
        } catch {
            $script:ending = $_
        }

        $script:failures = @($met | Where-Object { $_ -is [Management.Automation.ErrorRecord] -and $_.FullyQualifiedErrorId -notlike 'KlingBatchIncomplete,*' })
        $script:warnings = @($warned)
    }
}

AfterAll { Stop-Emulator $emulator }

Describe 'Invoke-KlingBatch' {
    BeforeEach {
        $script:folder = (New-Item (Join-Path $TestDrive "$([guid]::NewGuid())") -ItemType Directory).FullName
        $script:csv = Join-Path $folder jobs.csv
        $script:state = Join-Path $folder state
        $script:batch = @{ Path = $csv; StatePath = $state }
        New-Row 3 | Export-Csv $csv -NoTypeInformation -Encoding utf8
    }

    AfterEach { Assert-EmulatorTraffic $emulator }

    It 'makes all videos, reports, and does nothing more when it is run again' {
        $jobs = Invoke-Batch $batch

        $ending | Should -BeNullOrEmpty
        $failures | Should -BeNullOrEmpty
        $jobs | Should -HaveCount 3
        $jobs | Should -BeOfType KlingEffects.KlingJob
        $jobs.State | Sort-Object -Unique | Should -Be Saved
        (Get-ChildItem $state/videos).Name | Sort-Object | Should -Be order-1.mp4, order-2.mp4, order-3.mp4
        foreach ($name in 'jobs.journal', 'results.xml', 'report.html', 'summary.md') { Join-Path $state $name | Should -Exist }
        ([xml] (Get-Content $state/results.xml)).testsuites.testsuite.testcase.name | Should -Be order-1, order-2, order-3

        Reset-Emulator
        $again = Invoke-Batch $batch
        Get-EmulatorRequest | Should -BeNullOrEmpty
        $again.State | Sort-Object -Unique | Should -Be Saved
        $again | Should -HaveCount 3
    }

    It 'waits by itself, and says so, where only the guard of an owner that may be dead is in the way' {
        $null = New-Item -ItemType Directory $state
        $guard = Join-Path $state jobs.journal.lock
        Set-Content $guard '{"host":"container","process":1,"started":"1","token":"a"}'
        $other = [powershell]::Create().AddScript({ Start-Sleep 2; Remove-Item -LiteralPath $args[0] }).AddArgument($guard)
        $running = $other.BeginInvoke()
        try { $jobs = Invoke-Batch $batch } finally { $null = $other.EndInvoke($running); $other.Dispose() }

        $ending | Should -BeNullOrEmpty
        $jobs.State | Sort-Object -Unique | Should -Be Saved
        "$warnings" | Should -BeLike '*is guarded by process 1 of container*gives no sign of life within 60 s*'
    }

    It 'takes rows from the pipeline, names videos of rows without an id after their pictures, and goes on' {
        $rows = 'ana', 'ben' | ForEach-Object { @{ Scene = '3d_cartoon_2'; Image = "https://images.example/$_.jpg" } }
        $jobs = $rows | Invoke-KlingBatch -StatePath $state
        $jobs.State | Should -Be Saved, Saved
        (Get-ChildItem $state/videos).Name | Sort-Object | Should -Be ana.mp4, ben.mp4

        Reset-Emulator
        $null = $rows | Invoke-KlingBatch -StatePath $state
        Get-EmulatorRequest | Should -BeNullOrEmpty
        (Get-ChildItem $state/videos).Name | Sort-Object | Should -Be ana.mp4, ben.mp4
    }

    It 'tells of each job that has no video, makes the others, and ends with one error that sums up' {
        Add-EmulatorFault @{ operation = 'submit'; externalTaskId = 'order-2'; effect = @{ kind = 'failTask'; reason = 'No face' } }
        Add-Content $csv '"order-4","3d_cartoon_2","./nobody.jpg"'
        $jobs = Invoke-Batch $batch

        $jobs | Should -HaveCount 4
        ($jobs | Where-Object ExternalTaskId -EQ order-2).ErrorId | Should -Be KlingTaskFailed
        $refused = $jobs | Where-Object ExternalTaskId -EQ order-4
        $refused.State, $refused.ErrorId | Should -Be Refused, KlingImageNotFound
        $failures.FullyQualifiedErrorId -replace ',.*' | Sort-Object | Should -Be KlingImageNotFound, KlingTaskFailed
        ($failures | Where-Object FullyQualifiedErrorId -Like 'KlingImage*').Exception.Message | Should -BeLike 'order-4: Line 5: There is no image file*'
        $ending.FullyQualifiedErrorId | Should -BeLike 'KlingBatchIncomplete,*'
        $ending.CategoryInfo.Category | Should -Be InvalidResult
        $ending.Exception.Message | Should -BeLike '*order-2 (KlingTaskFailed)*'
        ([xml] (Get-Content $state/results.xml)).testsuites.testsuite.testcase | Should -HaveCount 4
    }

    It 'gives a job up that the API does not take within -TimeoutSec, and makes the others' {
        Add-EmulatorFault @{ operation = 'submit'; externalTaskId = 'order-2'; times = 0; effect = @{ kind = 'status'; code = 429 } }
        $jobs = Invoke-Batch ($batch + @{ TimeoutSec = 3 })

        ($jobs | Where-Object ExternalTaskId -EQ order-2).ErrorId | Should -Be KlingRateLimited
        ($jobs | Where-Object State -EQ Saved) | Should -HaveCount 2
        $ending.FullyQualifiedErrorId | Should -BeLike 'KlingBatchIncomplete,*'
    }

    It 'gives no job up with -TimeoutSec 0' {
        Add-EmulatorFault @{ operation = 'submit'; externalTaskId = 'order-2'; times = 2; effect = @{ kind = 'status'; code = 429 } }
        $jobs = Invoke-Batch ($batch + @{ TimeoutSec = 0 })

        $failures | Should -BeNullOrEmpty
        $jobs.State | Should -Be Saved, Saved, Saved
    }

    It 'refuses <Name> before anything, and leaves the last reports' -ForEach @(
        @{ Name = 'two columns of one name'; Text = "Scene,Image,Image`nhug_pro,a.jpg,b.jpg" }
        @{ Name = 'no rows'; Text = "Scene,Image`n,`n" }
        @{ Name = 'two rows of one id that differ'; Text = "Scene,Image,ExternalTaskId`nhug_pro,a.jpg,x`nhug_pro,b.jpg,x " }
    ) {
        $null = New-Item $state/results.xml -Value 'as it was' -Force
        Set-Content $csv $Text
        Invoke-Batch $batch | Should -BeNullOrEmpty
        $ending.FullyQualifiedErrorId | Should -BeLike 'KlingRowsInvalid,*'
        $ending.CategoryInfo.Category | Should -Be InvalidData
        Get-Content $state/results.xml | Should -Be 'as it was'
        Join-Path $state jobs.journal | Should -Not -Exist
        (Get-EmulatorState).requests | Should -BeNullOrEmpty
    }

    It 'submits nothing where no video can be saved, and takes no other name for a shard''s journal' {
        $null = New-Item $state -ItemType Directory
        Set-Content $state/videos 'a file'
        foreach ($other in 'jobs-1-of-99999999999.journal', "jobs-1-of-$([char]0x663).journal") { Set-Content $state/$other 'no journal' }
        Invoke-Batch $batch | Should -BeNullOrEmpty
        $ending.FullyQualifiedErrorId | Should -BeLike 'KlingDownloadFailed,*'
        $ending.TargetObject | Should -Be (Join-Path $state videos)
        (Get-EmulatorState).requests | Should -BeNullOrEmpty
        Remove-Item $state/videos
        (Invoke-KlingBatch @batch).State | Should -Be Saved, Saved, Saved
    }

    It 'takes the path literally' {
        Set-Content -LiteralPath "$folder/jobs[1].csv" 'Scene,Image,ExternalTaskId', '3d_cartoon_2,https://images.example/right.jpg,right'
        Set-Content "$folder/jobs1.csv" 'Scene,Image,ExternalTaskId', '3d_cartoon_2,https://images.example/wrong.jpg,wrong'
        (Invoke-KlingBatch "$folder/jobs[1].csv" -StatePath $state).ExternalTaskId | Should -Be right
    }

    It 'is the same whatever the session has set' {
        Add-Content $csv '"order-4","3d_cartoon_2","./nobody.jpg"'
        $run = Invoke-Shell @"
            Set-StrictMode -Version Latest
            `$ErrorActionPreference = 'Stop'; `$WarningPreference = 'Stop'; `$VerbosePreference = 'Stop'; `$ProgressPreference = 'Stop'; `$InformationPreference = 'Stop'; `$DebugPreference = 'Stop'
            `$ConfirmPreference = 'Low'
            `$OFS = '|'
            `$PSDefaultParameterValues = @{ '*:ErrorAction' = 'Stop'; '*:WarningAction' = 'Stop'; 'New-KlingEffect:Mode' = 'pro'; '*-KlingEffect:Gateway' = 'Kling' }
            function New-KlingEffect { throw 'a proxy function' }
            function Import-Csv { throw 'a proxy function' }
            [cultureinfo]::CurrentCulture = 'ar-SA'
            Set-Location Env:
            try { Invoke-KlingBatch '$csv' -StatePath '$state' | ForEach-Object { "`$(`$_.ExternalTaskId) `$(`$_.State)" } } catch { "ended: `$(`$_.FullyQualifiedErrorId)" }
"@ -WorkingDirectory $folder
        $lines = $run.Output -split '\r?\n' | Where-Object { $_ -and $_ -notlike '*DEBUG: *' }
        $lines | Select-Object -SkipLast 1 | Sort-Object | Should -Be 'order-1 Saved', 'order-2 Saved', 'order-3 Saved', 'order-4 Refused' -Because "$($run.Output)$($run.Error)"
        $lines[-1] | Should -BeLike 'ended: KlingBatchIncomplete,*'
        $run.Error | Should -BeLike '*nobody.jpg*'
        Get-EmulatorRequest submit | ForEach-Object { $_.body } | Should -Not -Match '"mode"'
    }

    It 'submits and leaves, and collects without rows' {
        Set-EmulatorOption @{ generationSeconds = 3600 }
        $jobs = Invoke-Batch ($batch + @{ Step = 'Submit' })
        $failures | Should -BeNullOrEmpty
        $ending | Should -BeNullOrEmpty
        $jobs.State | Sort-Object -Unique | Should -Be Running

        $waiting = Invoke-Batch @{ StatePath = $state; Step = 'Collect'; TimeoutSec = 1 }
        $failures | Should -BeNullOrEmpty
        $ending | Should -BeNullOrEmpty
        $waiting.State | Sort-Object -Unique | Should -Be Running

        foreach ($task in (Get-EmulatorState).tasks) { $null = Invoke-Emulator Post "tasks/$($task.id)/succeed" }
        $saved = Invoke-Batch @{ StatePath = $state; Step = 'Collect' }
        $failures | Should -BeNullOrEmpty
        $ending | Should -BeNullOrEmpty
        $saved.State | Sort-Object -Unique | Should -Be Saved
        (Get-EmulatorState).counters.acceptedSubmits | Should -Be 3
        (Get-ChildItem $state/videos).Name | Should -HaveCount 3
    }

    It 'submits no more than -MaxJobs, and the rest the next time' {
        $jobs = Invoke-Batch ($batch + @{ MaxJobs = 2 })
        $jobs.ExternalTaskId | Sort-Object | Should -Be order-1, order-2
        $failures.FullyQualifiedErrorId | Should -BeLike 'KlingJobLimit,*'
        $ending.FullyQualifiedErrorId | Should -BeLike 'KlingBatchIncomplete,*'
        (Get-EmulatorState).counters.acceptedSubmits | Should -Be 2

        $jobs = Invoke-Batch ($batch + @{ MaxJobs = 2 })
        $jobs | Should -HaveCount 3
        $ending | Should -BeNullOrEmpty
        (Get-EmulatorState).counters.acceptedSubmits | Should -Be 3
    }

    It 'refuses a PNG that is cut off, and warns of a JPEG without its end' {
        $picture = New-TestImage $folder/whole.png
        $bytes = [IO.File]::ReadAllBytes($picture.FullName)
        [IO.File]::WriteAllBytes("$folder/half.png", $bytes[0..($bytes.Length - 20)])
        [IO.File]::WriteAllBytes("$folder/head.png", $bytes[0..32])
        $photo = [IO.File]::ReadAllBytes((New-TestPhoto $folder/whole.jpg).FullName)
        [IO.File]::WriteAllBytes("$folder/half.jpg", $photo[0..($photo.Length - 40)])
        Set-Content $csv (@('Scene,Image,ExternalTaskId') + ('whole.png', 'half.png', 'head.png', 'whole.jpg', 'half.jpg' | ForEach-Object { "3d_cartoon_2,$folder/$_,$_" }) +
            "3d_cartoon_2,`"data:image/png;base64,$([Convert]::ToBase64String($bytes[0..($bytes.Length - 20)]))`",data")
        $jobs = Invoke-Batch $batch
        ($jobs | Where-Object State -EQ Saved).ExternalTaskId | Sort-Object | Should -Be half.jpg, whole.jpg, whole.png
        ($jobs | Where-Object ErrorId -EQ KlingImageInvalid).ExternalTaskId | Sort-Object | Should -Be data, half.png, head.png
        @($warnings -like '*half.jpg*without its end*') | Should -HaveCount 1
        $warnings | Should -Not -BeLike '*whole.jpg*'
    }

    It 'gives each shard its own jobs, by ids without blanks, and refuses a state of another count' {
        New-Row 12 | Export-Csv $csv -NoTypeInformation
        $one = Invoke-Batch ($batch + @{ Shard = 1; ShardCount = 2 })
        (Get-Content $csv -Raw) -replace '"order-(\d+)"', '"order-$1 "' | Set-Content $csv
        $two = Invoke-Batch ($batch + @{ Shard = 2; ShardCount = 2 })
        @($one) + @($two) | ForEach-Object ExternalTaskId | Sort-Object -Unique | Should -HaveCount 12
        (Get-EmulatorState).counters.acceptedSubmits | Should -Be 12
        foreach ($name in 'jobs-1-of-2.journal', 'results-2-of-2.xml') { Join-Path $state $name | Should -Exist }

        Invoke-Batch $batch
        $ending.FullyQualifiedErrorId | Should -BeLike 'KlingInvalidRequest,*'
        $ending.Exception.Message | Should -BeLike '*2 shards*'
        (Get-EmulatorState).counters.acceptedSubmits | Should -Be 12
    }

    It 'goes on with the journal of the script of the first release' {
        $null = Invoke-Batch $batch
        Rename-Item $state/jobs.journal jobs-1-of-1.journal
        Reset-Emulator
        $null = Invoke-Batch $batch
        Get-EmulatorRequest | Should -BeNullOrEmpty
    }

    It 'shows with -WhatIf what would be sent, and sends and writes nothing' {
        $run = Invoke-Shell "Invoke-KlingBatch '$csv' -StatePath '$state' -WhatIf"
        $run.Output | Should -BeLike '*What if: *POST */effects*order-3*'
        $run.ExitCode | Should -Be 0
        $state | Should -Not -Exist
        (Get-EmulatorState).requests | Should -BeNullOrEmpty
    }

    It 'ends a shell with <ExitCode> where <Name>' -ForEach @(
        @{ Name = 'all videos are there'; ExitCode = 0; Row = @() }
        @{ Name = 'one is not'; ExitCode = 1; Row = @('"order-4","3d_cartoon_2","./nobody.jpg"') }
        @{ Name = 'there are no rows'; ExitCode = 1; Row = $null }
    ) {
        if ($null -eq $Row) { Remove-Item $csv } else { $Row | Add-Content $csv }
        $shell = Start-Shell -Argument '-NonInteractive', '-Command', "Import-Module '$ModuleUnderTest'; Invoke-KlingBatch '$csv' -StatePath '$state'"
        $shell.StandardInput.Close()
        $null = $shell.StandardOutput.ReadToEndAsync(), $shell.StandardError.ReadToEndAsync()
        $shell.WaitForExit(90000) | Should -BeTrue
        $shell.ExitCode | Should -Be $ExitCode
        Stop-Shell $shell
    }
}
