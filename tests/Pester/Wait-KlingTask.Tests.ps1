#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    $script:stumbles = @(
        @{ Name = 'a server error'; Effect = @{ kind = 'status'; code = 500 } }
        @{ Name = 'the page of a proxy'; Effect = @{ kind = 'status'; code = 524 } }
        @{ Name = 'a page in place of an answer'; Effect = @{ kind = 'status'; code = 200; body = '<html>'; contentType = 'text/html' } }
        @{ Name = 'a reset connection'; Effect = @{ kind = 'resetBefore' } }
        @{ Name = 'half an answer'; Effect = @{ kind = 'truncate'; bytes = 20 } }
        @{ Name = 'a task that is not known yet'; Effect = @{ kind = 'status'; code = 400; body = '{"code":"task_not_exist","message":"task_not_exist","data":null}' } }
        @{ Name = 'a status that nobody knows'; Effect = @{ kind = 'status'; code = 200; body = '{"code":0,"message":"SUCCEED","data":{"task_id":"{task_id}","task_status":"throttled"}}' } }
    )
}

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:emulator = Start-Emulator
    $script:quick = @{ PollIntervalSec = 0.1 }
    $script:quiet = @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = 'failures' }

    function ConvertTo-Job([string] $Name) { [pscustomobject]@{ Image = "https://images.example/$([uri]::EscapeDataString($Name)).jpg"; ExternalTaskId = $Name } }

    function Add-Failure([string] $Name, [string] $Reason = 'No face was found') {
        Add-EmulatorFault @{ operation = 'submit'; externalTaskId = $Name; effect = @{ kind = 'failTask'; reason = $Reason } }
    }

    function Add-Endless([string] $Name) {
        Add-EmulatorFault @{ operation = 'submit'; externalTaskId = $Name; effect = @{ kind = 'neverEnds' } }
    }
}

AfterAll { Stop-Emulator $emulator }

Describe 'Wait-KlingTask' {
    AfterEach { Assert-EmulatorTraffic $emulator }

    Context 'tasks that succeed' {
        It 'come out with their videos' {
            $task = ConvertTo-Job a | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask @quick

            $task | Should -BeOfType KlingEffects.KlingTask
            $task.Status | Should -Be Succeed
            $task.Videos.Url | Should -BeLike 'http://127.0.0.1:*.mp4?*'
            $task.TaskId | Should -BeExactly (Get-EmulatorState).tasks.id
            $task.Scene | Should -BeExactly 3d_cartoon_2
            $task.ExternalTaskId | Should -BeExactly a
        }

        It 'come out as each ends, and not in the order of their submits' {
            Set-EmulatorOption @{ sceneSeconds = @{ daily_ootd = 3; birthday_board = 1.5 }; generationSeconds = 0 }
            $scenes = 'daily_ootd', 'birthday_board', 'summer_fireworks' |
                ForEach-Object { [pscustomobject]@{ Scene = $_; Image = 'https://images.example/a.jpg' } } |
                New-KlingEffect -ThrottleLimit 1 | Wait-KlingTask @quick | ForEach-Object Scene

            $scenes | Should -Be summer_fireworks, birthday_board, daily_ootd
        }

        It 'are all waited for at once' {
            Set-EmulatorOption @{ generationSeconds = 1.5 }
            $tasks = 1..10 | ForEach-Object { ConvertTo-Job $_ } | New-KlingEffect 3d_cartoon_2 -ThrottleLimit 10
            $null = $tasks | Wait-KlingTask -PollIntervalSec 1

            $polls = Get-EmulatorRequest query
            $first = $polls | Select-Object -First 10
            $first.taskId | Select-Object -Unique | Should -HaveCount 10 -Because 'all are asked for before any is asked for again'
        }

        It 'are waited for by their ids, given by position, by parameter or through the pipeline' {
            $a, $b, $c = 'a', 'b', 'c' | ForEach-Object { ConvertTo-Job $_ } | New-KlingEffect 3d_cartoon_2 | ForEach-Object TaskId

            (Wait-KlingTask $a @quick).Status | Should -Be Succeed
            (Wait-KlingTask -TaskId $a, $b @quick).TaskId | Sort-Object | Should -Be ($a, $b | Sort-Object)
            ($a, $b, $c | Wait-KlingTask @quick).TaskId | Sort-Object | Should -Be ($a, $b, $c | Sort-Object)
        }

        It 'are asked for on the route that -Kind names' {
            $id = (Invoke-Emulator Post tasks @{ kind = 'image2video' }).id
            $task = Wait-KlingTask $id -Kind image2video @quick

            $task.Status | Should -Be Succeed
            $task.Kind | Should -BeExactly image2video
            (Get-EmulatorRequest query).path | Select-Object -Unique | Should -BeExactly "/kling/v1/videos/image2video/$id"
        }

        It 'are not asked for again when they have ended already' {
            $done = ConvertTo-Job a | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask @quick
            Reset-Emulator
            ($done | Wait-KlingTask).TaskId | Should -BeExactly $done.TaskId

            Get-EmulatorRequest | Should -BeNullOrEmpty
        }

        It 'are waited for until their URL is there' {
            Add-EmulatorFault @{ operation = 'submit'; effect = @{ kind = 'succeedWithoutUrl'; for = 1 } }
            $task = ConvertTo-Job a | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask @quick -ErrorVariable failures

            $failures | Should -BeNullOrEmpty
            $task.Videos | Should -HaveCount 1
        }

        It 'are KlingNoVideo when the time is up and the URL is still not there' {
            Add-EmulatorFault @{ operation = 'submit'; effect = @{ kind = 'succeedWithoutUrl'; for = 600 } }
            $task = ConvertTo-Job a | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask @quick -TimeoutSec 2 @quiet

            $task.Status | Should -Be Succeed
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingNoVideo,*'
        }
    }

    Context 'a task that fails' {
        It 'is emitted and is an error as well, and the rest of the batch goes on' {
            Add-Failure bad
            $tasks = 'a', 'bad', 'c' | ForEach-Object { ConvertTo-Job $_ } | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask @quick @quiet

            $tasks | Should -HaveCount 3
            $failed = $tasks | Where-Object ExternalTaskId -EQ bad
            $failed.Status | Should -Be Failed
            $failed.StatusMessage | Should -BeExactly 'No face was found'
            ($tasks | Where-Object Status -EQ Succeed).ExternalTaskId | Sort-Object | Should -Be a, c
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingTaskFailed,*'
            $failures[0].CategoryInfo.Category | Should -Be InvalidResult
            $failures[0].TargetObject.TaskId | Should -BeExactly $failed.TaskId
            $failures[0].Exception.Message | Should -BeLike '*No face was found*'
        }

        It 'is reported once within a pipeline, however many cmdlets see it' {
            Add-Failure bad
            $null = ConvertTo-Job bad | New-KlingEffect 3d_cartoon_2 @quiet |
                Wait-KlingTask @quick -ErrorAction SilentlyContinue -ErrorVariable +failures |
                Wait-KlingTask @quick -ErrorAction SilentlyContinue -ErrorVariable +failures |
                Save-KlingVideo $TestDrive -ErrorAction SilentlyContinue -ErrorVariable +failures

            $failures | Should -HaveCount 1
        }

        It 'is reported again in another pipeline' {
            Add-Failure bad
            $task = ConvertTo-Job bad | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask @quick -ErrorAction SilentlyContinue
            $null = $task | Wait-KlingTask @quick @quiet

            $failures | Should -HaveCount 1
        }

        It 'stops a build with -ErrorAction Stop' {
            Add-Failure bad
            $reached = [Collections.Generic.List[string]]::new()
            {
                ConvertTo-Job bad | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask @quick -ErrorAction Stop
                $reached.Add('the next line')
            } | Should -Throw -ErrorId 'KlingTaskFailed,*'
            $reached | Should -BeNullOrEmpty
        }
    }

    Context 'a timeout' {
        It 'is an error about the task as last seen, which was not a failed one' {
            Add-Endless slow
            $tasks = 'slow', 'b' | ForEach-Object { ConvertTo-Job $_ } | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask @quick -TimeoutSec 3 @quiet

            $tasks.ExternalTaskId | Should -BeExactly b
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingWaitTimeout,*'
            $failures[0].CategoryInfo.Category | Should -Be OperationTimeout
            $failures[0].TargetObject | Should -BeOfType KlingEffects.KlingTask
            $failures[0].TargetObject.ExternalTaskId | Should -BeExactly slow
            $failures[0].TargetObject.Status | Should -Be Processing
            $failures[0].Exception.TaskId | Should -BeExactly $failures[0].TargetObject.TaskId
        }

        It 'can be waited on, for its target is a task' {
            Add-Endless slow
            $null = ConvertTo-Job slow | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask @quick -TimeoutSec 1 @quiet
            $null = Invoke-Emulator Post "tasks/$($failures[0].TargetObject.TaskId)/succeed"

            ($failures.TargetObject | Wait-KlingTask @quick).Status | Should -Be Succeed
        }

        It 'counts for each task from its own arrival' {
            Add-Endless early
            Add-Endless late
            $early, $late = 'early', 'late' | ForEach-Object { ConvertTo-Job $_ } | New-KlingEffect 3d_cartoon_2 -ThrottleLimit 1
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $ends = & {
                $early
                Wait-Emulator { $watch.Elapsed.TotalSeconds -gt 1.5 }
                $late
            } | Wait-KlingTask @quick -TimeoutSec 3 2>&1 | ForEach-Object { @{ Name = $_.TargetObject.ExternalTaskId; At = $watch.Elapsed.TotalSeconds } }

            $ends.Name | Should -Be early, late
            $ends[1].At | Should -BeGreaterThan 4.4
        }

        It 'is none with 0' {
            Set-EmulatorOption @{ generationSeconds = 1.5 }
            $task = ConvertTo-Job a | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask @quick -TimeoutSec 0 -ErrorVariable failures

            $failures | Should -BeNullOrEmpty
            $task.Status | Should -Be Succeed
        }
    }

    Context 'polling' {
        It 'keeps to -PollIntervalSec' {
            Set-EmulatorOption @{ generationSeconds = 2 }
            $null = ConvertTo-Job a | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask -PollIntervalSec 0.5

            $polls = Get-EmulatorRequest query
            $polls.Count | Should -BeIn 2, 3, 4, 5
            for ($i = 1; $i -lt $polls.Count; $i++) {
                ([datetime] $polls[$i].arrivedAt - [datetime] $polls[$i - 1].answeredAt).TotalSeconds | Should -BeGreaterOrEqual 0.45
            }
        }

        It 'asks for nothing at all as long as a 429 asks for quiet, for any task' {
            Set-EmulatorOption @{ generationSeconds = 1 }
            Add-EmulatorFault @{ operation = 'query'; effect = @{ kind = 'status'; code = 429; headers = @{ 'Retry-After' = '2' } } }
            $tasks = 1..5 | ForEach-Object { ConvertTo-Job $_ } | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask @quick -ThrottleLimit 1

            $tasks | Should -HaveCount 5
            $limited, $next = Get-EmulatorRequest query | Select-Object -First 2
            $limited.status | Should -Be 429
            ([datetime] $next.arrivedAt - [datetime] $limited.answeredAt).TotalSeconds | Should -BeGreaterOrEqual 1.9
        }

        It 'has as many polls in flight as -ThrottleLimit says' {
            $tasks = 1..8 | ForEach-Object { ConvertTo-Job $_ } | New-KlingEffect 3d_cartoon_2
            Set-EmulatorOption @{ latencyMs = 300 }
            $null = $tasks | Wait-KlingTask @quick -ThrottleLimit 3

            (Get-EmulatorState).counters.queriesInFlightMaximum | Should -Be 3
        }

        It 'begins while later tasks are still being submitted' {
            Add-EmulatorFault @{ operation = 'submit'; externalTaskId = 'second'; delay = 2 }
            $order = 'first', 'second' | ForEach-Object { ConvertTo-Job $_ } | New-KlingEffect 3d_cartoon_2 |
                Wait-KlingTask @quick | ForEach-Object ExternalTaskId

            $order | Should -Be first, second
            $second = Get-EmulatorRequest submit | Where-Object bodyText -Match '"second"'
            $firstPoll = Get-EmulatorRequest query | Select-Object -First 1
            [datetime] $firstPoll.arrivedAt | Should -BeLessThan ([datetime] $second.answeredAt)
        }

        It 'ends at once for an id that is unknown' {
            $null = Wait-KlingTask 999 @quick @quiet

            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingTaskNotFound,*'
            Get-EmulatorRequest query | Should -HaveCount 1
        }
    }

    Context 'polling goes on' -ForEach @{ Faults = $stumbles } {
        BeforeAll {
            foreach ($fault in $Faults) { Add-EmulatorFault @{ operation = 'query'; externalTaskId = $fault.Name; effect = $fault.Effect } }
            $script:ended = $Faults.Name | ForEach-Object { ConvertTo-Job $_ } | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask @quick @quiet
            $script:stumbled = $failures
            $script:asked = Get-EmulatorState
        }

        It 'after <Name>' -ForEach $stumbles {
            $stumbled | Should -BeNullOrEmpty
            $task = $ended | Where-Object ExternalTaskId -CEQ $Name
            $task.Status | Should -Be Succeed
            @($asked.requests | Where-Object { $_.operation -eq 'query' -and $_.taskId -ceq $task.TaskId }).Count | Should -BeGreaterThan 1
        }

        It 'and every fault was met' {
            $asked.faults | Should -BeNullOrEmpty
            $ended | Should -HaveCount $Faults.Count
        }
    }

    Context 'what it says' {
        It 'is one plain line for each change of a task with -Verbose' {
            Set-EmulatorOption @{ generationSeconds = 2; submittedSeconds = 0.1 }
            $task, $lines = ConvertTo-Job a | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask @quick -Verbose 4>&1 |
                Group-Object { $_ -is [Management.Automation.VerboseRecord] } | Sort-Object Name | ForEach-Object { , $_.Group }

            $lines.Message | Should -Be "a: $($task.TaskId) is Processing", "a: $($task.TaskId) ended: Succeed"
        }
    }
}
