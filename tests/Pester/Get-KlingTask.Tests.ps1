#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:emulator = Start-Emulator @{ 'generation-seconds' = 600; 'submitted-seconds' = 300 }

    function Add-Task([string] $Scene = '3d_cartoon_2', [string] $ExternalId, [string] $Kind = 'effects') {
        $task = @{ kind = $Kind; scene = $Scene }
        if ($ExternalId) { $task.externalId = $ExternalId }
        (Invoke-Emulator Post tasks $task).id
    }

    function Complete-Task([string] $Id) { $null = Invoke-Emulator Post "tasks/$([uri]::EscapeDataString($Id))/succeed" }
    function Invoke-Failure([string] $Id, [string] $Reason) { $null = Invoke-Emulator Post "tasks/$([uri]::EscapeDataString($Id))/fail" @{ reason = $Reason } }
}

AfterAll { Stop-Emulator $emulator }

Describe 'Get-KlingTask' {
    AfterEach { Assert-EmulatorTraffic $emulator }

    Context 'what it tells' {
        It 'is where the task stands: Submitted, then Processing' {
            $id = Add-Task
            Set-EmulatorOption @{ submittedSeconds = 0 }
            $later = Add-Task
            (Get-KlingTask $id).Status | Should -Be Submitted
            (Get-KlingTask $later).Status | Should -Be Processing
        }

        It 'is the videos of a task that succeeded' {
            Set-EmulatorOption @{ videosPerTask = 2 }
            Complete-Task ($id = Add-Task)
            $task = Get-KlingTask $id

            $task | Should -BeOfType KlingEffects.KlingTask
            $task.TaskId | Should -BeExactly $id
            $task.Status | Should -Be Succeed
            $task.StatusMessage | Should -BeNullOrEmpty
            $task.Kind | Should -BeExactly effects
            $task.Videos | Should -HaveCount 2
            $task.Videos[0] | Should -BeOfType KlingEffects.KlingVideo
            $task.Videos.Url | ForEach-Object { $_ | Should -BeLike 'http://127.0.0.1:*.mp4?*' }
            $task.Videos.Id | Select-Object -Unique | Should -HaveCount 2
            $task.Videos[0].Duration | Should -BeOfType double
            $task.Videos[0].Duration | Should -BeGreaterThan 0
            $task.CreatedAt | Should -BeOfType DateTimeOffset
            $task.UpdatedAt | Should -BeGreaterOrEqual $task.CreatedAt
            $task.RequestId | Should -Not -BeNullOrEmpty
        }

        It 'is the reason of a task that failed, which is no failure of the question' {
            Invoke-Failure ($id = Add-Task) 'No face was found'
            $task = Get-KlingTask $id -ErrorVariable failures

            $failures | Should -BeNullOrEmpty
            $task.Status | Should -Be Failed
            $task.StatusMessage | Should -BeExactly 'No face was found'
            $task.Videos | Should -BeNullOrEmpty
        }

        It 'is the same in every dialect of the API: <_>' -ForEach 'flat', 'wrapper', 'wrapperNested', 'wrapperResultUrl', 'simple' {
            Complete-Task ($good = Add-Task)
            Invoke-Failure ($bad = Add-Task) 'No face was found'
            $new = Add-Task
            Set-EmulatorOption @{ answerShape = $_ }

            (Get-KlingTask $good).Status | Should -Be Succeed
            (Get-KlingTask $good).Videos.Url | Should -BeLike 'http://127.0.0.1:*.mp4?*'
            (Get-KlingTask $bad).Status | Should -Be Failed
            (Get-KlingTask $bad).StatusMessage | Should -BeExactly 'No face was found'
            (Get-KlingTask $new).Status | Should -Be Submitted
        }

        It 'is asked once for each task' {
            $id = Add-Task
            $null = Get-KlingTask $id

            $requests = Get-EmulatorRequest
            $requests | Should -HaveCount 1
            $requests.method | Should -BeExactly GET
            $requests.path | Should -BeExactly "/kling/v1/videos/effects/$id"
        }
    }

    Context 'which tasks' {
        It 'are named by position, by parameter and through the pipeline' {
            $a, $b, $c = 1..3 | ForEach-Object { Add-Task }

            (Get-KlingTask $a, $b).TaskId | Sort-Object | Should -Be ($a, $b | Sort-Object)
            (Get-KlingTask -TaskId $c).TaskId | Should -BeExactly $c
            ($a, $b, $c | Get-KlingTask).TaskId | Sort-Object | Should -Be ($a, $b, $c | Sort-Object)
        }

        It 'are named by -Id and -task_id as well' {
            $a, $b = 1..2 | ForEach-Object { Add-Task }

            (Get-KlingTask -Id $a).TaskId | Should -BeExactly $a
            (Get-KlingTask -task_id $b).TaskId | Should -BeExactly $b
        }

        It 'may have ids of any base64, escaped in the path' {
            Set-EmulatorOption @{ taskIdStyle = 'base64Like' }
            $ids = 1..20 | ForEach-Object { Add-Task }
            ($ids | Get-KlingTask).TaskId | Sort-Object | Should -Be ($ids | Sort-Object)

            $ids -join '' | Should -Match '[/+=]' -Because 'otherwise this shows nothing'
            (Get-EmulatorRequest query).path | ForEach-Object { ($_ -split '/').Count | Should -Be 6 }
        }

        It 'are named by the user''s own ids with -ExternalTaskId' {
            $id = Add-Task -ExternalId 'order 42/a'
            $task = Get-KlingTask -ExternalTaskId 'order 42/a'

            $task.TaskId | Should -BeExactly $id
            $task.ExternalTaskId | Should -BeExactly 'order 42/a'
        }

        It 'are not found by the user''s own ids where the API does not answer to them' {
            $null = Add-Task -ExternalId order-43
            Set-EmulatorOption @{ answersExternalId = $false }
            Get-KlingTask -ExternalTaskId order-43 -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty

            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingTaskNotFound,*'
            $failures[0].TargetObject | Should -BeExactly order-43
        }

        It 'are looked for on the route that -Kind names' {
            $id = Add-Task -Kind image2video
            $task = Get-KlingTask $id -Kind image2video

            $task.TaskId | Should -BeExactly $id
            $task.Kind | Should -BeExactly image2video
            (Get-EmulatorRequest query).path | Should -BeExactly "/kling/v1/videos/image2video/$id"
        }

        It 'are looked for on the route that the object names' {
            $id = Add-Task -Kind lip-sync
            $task = [pscustomobject]@{ TaskId = $id; Kind = 'lip-sync' } | Get-KlingTask
            $task.Kind | Should -BeExactly lip-sync
            ($task | Get-KlingTask).TaskId | Should -BeExactly $id
        }

        It 'are looked for on the route of effects where the row names none: <_>' -ForEach '{"TaskId":"ID","Kind":""}', '{"TaskId":"ID","Kind":null}', '{"TaskId":"ID"}' {
            $id = Add-Task
            ($_ -creplace 'ID', $id | ConvertFrom-Json | Get-KlingTask).TaskId | Should -BeExactly $id
        }

        It 'are looked for where -Kind says, whatever the object says' {
            $id = Add-Task -Kind lip-sync
            ([pscustomobject]@{ TaskId = $id; Kind = 'effects' } | Get-KlingTask -Kind lip-sync).TaskId | Should -BeExactly $id
        }

        It 'keep what the object knew and the answer does not tell' {
            $task = [pscustomobject]@{ TaskId = (Add-Task); Scene = 'daily_ootd'; ExternalTaskId = 'order-9' } | Get-KlingTask
            $task.Scene | Should -BeExactly daily_ootd
            $task.ExternalTaskId | Should -BeExactly order-9
        }
    }

    Context 'a batch' {
        It 'goes on after an id that is unknown' {
            $a, $b = 1..2 | ForEach-Object { Add-Task }
            $tasks = $a, '999', $b | Get-KlingTask -ErrorAction SilentlyContinue -ErrorVariable failures

            $tasks.TaskId | Sort-Object | Should -Be ($a, $b | Sort-Object)
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingTaskNotFound,*'
            $failures[0].TargetObject | Should -BeExactly '999'
        }

        It 'has as many queries in flight as -ThrottleLimit says' {
            $ids = 1..8 | ForEach-Object { Add-Task }
            Set-EmulatorOption @{ latencyMs = 300 }
            $null = $ids | Get-KlingTask -ThrottleLimit 4

            (Get-EmulatorState).counters.queriesInFlightMaximum | Should -Be 4
        }

        It 'gives each task as soon as it is there' {
            $slow, $fast = 1..2 | ForEach-Object { Add-Task }
            Add-EmulatorFault @{ operation = 'query'; taskId = $slow; delay = 1.5 }

            ($slow, $fast | Get-KlingTask).TaskId | Should -Be $fast, $slow
        }

        It 'asks again after <Name>' -ForEach @(
            @{ Name = 'a server error'; Effect = @{ kind = 'status'; code = 503 } }
            @{ Name = 'the page of a proxy'; Effect = @{ kind = 'status'; code = 504 } }
            @{ Name = 'a page in place of an answer'; Effect = @{ kind = 'status'; code = 200; body = '<html>'; contentType = 'text/html' } }
            @{ Name = 'a reset connection'; Effect = @{ kind = 'resetBefore' } }
            @{ Name = 'half an answer'; Effect = @{ kind = 'truncate'; bytes = 20 } }
            @{ Name = 'a rate limit'; Effect = @{ kind = 'status'; code = 429 } }
        ) {
            $id = Add-Task
            Add-EmulatorFault @{ operation = 'query'; effect = $Effect }
            (Get-KlingTask $id -ErrorVariable failures).TaskId | Should -BeExactly $id

            $failures | Should -BeNullOrEmpty
            Get-EmulatorRequest query | Should -HaveCount 2
        }
    }
}
