#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:emulator = Start-Emulator @{ 'generation-seconds' = 600; 'video-bytes' = 60000 }
    $script:quiet = @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = 'failures' }
}

AfterAll { Stop-Emulator $emulator }

Describe 'Save-KlingVideo, when downloads go wrong' {
    BeforeEach {
        $script:folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
        Push-Location -LiteralPath $folder
    }

    AfterEach {
        Pop-Location
        Assert-EmulatorTraffic $emulator
    }

    # Windows PowerShell's System.Uri would decode them; see docs/windows-powershell.md.
    It 'asks for an id as one segment, whatever it holds: <_>' -ForEach 'x/../../y', 'CiQ0Zmf/AAB=', 'a\..\b' {
        $null = Get-KlingTask -ExternalTaskId $_ @quiet
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingTaskNotFound,*'
        (Get-EmulatorRequest query)[-1].path | Should -BeExactly "/kling/v1/videos/effects/$([uri]::EscapeDataString($_))"
    }

    It 'goes through the proxy that is named, and takes no login without one' {
        $login = [pscredential]::new('ana', (ConvertTo-SecureString pass -AsPlainText -Force))
        { Get-KlingTask t -ProxyCredential $login } | Should -Throw -ErrorId 'KlingInvalidRequest,*'
        $null = Get-KlingTask (Add-EmulatorVideo) -Proxy $env:COMETAPI_BASE_URL -ProxyCredential $login -ErrorVariable failures
        $failures | Should -BeNullOrEmpty
    }

    Context 'a download that breaks off' {
        It 'goes on where it was' {
            $id = Add-EmulatorVideo
            Add-EmulatorFault @{ operation = 'video'; effect = @{ kind = 'truncate'; bytes = 50000 } }
            Assert-SavedVideo ($id | Save-KlingVideo ./out) $id

            $whole, $rest = Get-EmulatorRequest video
            $whole.headers.Range | Should -BeNullOrEmpty
            $rest.headers.Range | Should -Match '^bytes=[1-9]\d*-$'
            $rest.status | Should -Be 206
        }

        It 'is whole in the end after <Name>' -ForEach @(
            @{ Name = 'a server error'; Effect = @{ kind = 'status'; code = 503 } }
            @{ Name = 'a reset connection'; Effect = @{ kind = 'resetBefore' } }
            @{ Name = 'a page in place of the video'; Effect = @{ kind = 'status'; code = 200; body = '<html>busy</html>'; contentType = 'text/html' } }
        ) {
            $id = Add-EmulatorVideo
            Add-EmulatorFault @{ operation = 'video'; effect = $Effect }
            Assert-SavedVideo ($id | Save-KlingVideo ./out -ErrorVariable failures) $id
            $failures | Should -BeNullOrEmpty
        }

        It 'is whole in the end although the server, asked for the rest, <Name>' -ForEach @(
            @{ Name = 'sends all of it'; Effect = @{ kind = 'rangeIgnored' } }
            @{ Name = 'sends another part'; Effect = @{ kind = 'wrongContentRange' } }
            @{ Name = 'has another version'; Effect = @{ kind = 'changedETag' } }
        ) {
            $id = Add-EmulatorVideo
            Add-EmulatorFault @{ operation = 'video'; effect = @{ kind = 'truncate'; bytes = 50000 } }, @{ operation = 'video'; effect = $Effect }
            Assert-SavedVideo ($id | Save-KlingVideo ./out -ErrorVariable failures) $id
            $failures | Should -BeNullOrEmpty
        }

        It 'has no file under its final name, and the next run goes on with it' {
            $id = Add-EmulatorVideo
            Add-EmulatorFault @{ operation = 'video'; effect = @{ kind = 'stall'; bytes = 40000 } }
            $shell = [powershell]::Create()
            try {
                $null = $shell.AddScript({
                        param($Module, $Id, $Folder)
                        Import-Module $Module
                        $Id | Save-KlingVideo $Folder
                    }).AddArgument($ModuleUnderTest).AddArgument($id).AddArgument("$folder/out")
                $running = $shell.BeginInvoke()
                Wait-Emulator { $_.videoBytes -ge 40000 }
                "./out/$id.mp4" | Should -Not -Exist
                $patience = [Diagnostics.Stopwatch]::StartNew()
                while (-not (Get-ChildItem ./out -File | Where-Object Length -GE 40000)) {
                    $patience.Elapsed.TotalSeconds | Should -BeLessThan 30 -Because 'what was received is written'
                }

                $shell.Stop()
                $running.IsCompleted | Should -BeTrue
            } finally { $shell.Dispose() }

            "./out/$id.mp4" | Should -Not -Exist
            Get-ChildItem ./out | Should -HaveCount 1
            Assert-SavedVideo ($id | Save-KlingVideo ./out) $id
            (Get-EmulatorRequest video | Select-Object -Last 1).headers.Range | Should -BeExactly 'bytes=35904-' -Because 'what is there is compared with 4 kB that come again'
            Get-ChildItem ./out | Should -HaveCount 1 -Because 'the partial file became the video'
        }
    }

    Context 'a URL that has expired' {
        It 'is asked for anew once: <_>' -ForEach 403, 404, 410 {
            $task = Get-KlingTask (Add-EmulatorVideo)
            Add-EmulatorFault @{ operation = 'video'; effect = @{ kind = 'expiredUrl'; code = $_ } }
            Assert-SavedVideo ($task | Save-KlingVideo ./out -ErrorVariable failures) $task.TaskId

            $failures | Should -BeNullOrEmpty
            Get-EmulatorRequest query | Should -HaveCount 2 -Because 'it was queried by Get-KlingTask and once more'
        }

        It 'is an error when the fresh one is gone too' {
            $task = Get-KlingTask (Add-EmulatorVideo -Age 86400)
            Add-EmulatorFault @{ operation = 'video'; times = 0; effect = @{ kind = 'expiredUrl'; code = 410 } }
            $task | Save-KlingVideo ./out @quiet | Should -BeNullOrEmpty

            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingVideoExpired,*'
            $failures[0].CategoryInfo.Category | Should -Be ObjectNotFound
            Get-EmulatorRequest video | Should -HaveCount 2
        }
    }

    Context 'a task without a video' {
        It 'that failed is an error with the API''s reason' {
            $id = (Invoke-Emulator Post tasks @{ kind = 'effects' }).id
            $null = Invoke-Emulator Post "tasks/$id/fail" @{ reason = 'No face was found' }
            $id | Save-KlingVideo ./out @quiet | Should -BeNullOrEmpty

            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingTaskFailed,*'
            $failures[0].Exception.Message | Should -BeLike '*No face was found*'
        }

        It 'that has not ended is an error, and no wait' {
            $id = (Invoke-Emulator Post tasks @{ kind = 'effects' }).id
            $id | Save-KlingVideo ./out @quiet | Should -BeNullOrEmpty

            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingWaitTimeout,*'
            $failures[0].TargetObject.TaskId | Should -BeExactly $id
        }

        It 'does not keep the rest of the batch from being saved' {
            $good = 1..2 | ForEach-Object { Add-EmulatorVideo }
            $files = $good[0], '999', $good[1] | Save-KlingVideo ./out @quiet

            $files.TaskId | Sort-Object | Should -Be ($good | Sort-Object)
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingTaskNotFound,*'
        }
    }

    Context 'a batch' {
        It 'has as many downloads in flight as -ThrottleLimit says' {
            $tasks = 1..6 | ForEach-Object { Add-EmulatorVideo } | Get-KlingTask
            Add-EmulatorFault @{ operation = 'video'; times = 6; effect = @{ kind = 'throttle'; bytesPerSecond = 150000 } }
            $files = $tasks | Save-KlingVideo ./out -ThrottleLimit 2

            $files | Should -HaveCount 6
            (Get-EmulatorState).counters.downloadsInFlightMaximum | Should -Be 2
        }

        It 'gives each file as soon as it is complete' {
            $slow, $fast = 1..2 | ForEach-Object { Add-EmulatorVideo }
            Add-EmulatorFault @{ operation = 'video'; taskId = $slow; delay = 1.5 }

            ($slow, $fast | Save-KlingVideo ./out).TaskId | Should -Be $fast, $slow
        }
    }
}
