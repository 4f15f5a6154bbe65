#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/Support/journal.ps1
    $script:emulator = Start-Emulator @{ 'record-bodies' = $true }
}

AfterAll { Stop-Emulator $emulator }

Describe 'The journal' {
    BeforeEach {
        $script:journal = Join-Path $TestDrive "$([guid]::NewGuid())/jobs.journal"
    }

    AfterEach {
        if (Test-Path -LiteralPath $journal) { Get-Content -Raw -LiteralPath $journal | Should -Not -Match ([regex]::Escape($emulator.Key)) }
        Assert-EmulatorTraffic $emulator
    }

    Context 'of a batch that is run again' {
        It 'lets the second run submit nothing, and gives the same tasks' {
            $first = Submit-Job a, b, c
            $second = Submit-Job a, b, c

            $second.TaskId | Sort-Object | Should -Be ($first.TaskId | Sort-Object)
            Get-EmulatorRequest submit | Should -HaveCount 3
        }

        It 'submits only what is new' {
            $first = Submit-Job a
            $second = Submit-Job a, b

            $second | Should -HaveCount 2
            $second.TaskId | Should -Contain $first.TaskId
            Get-EmulatorRequest submit | Should -HaveCount 2
        }

        It 'gives tasks that can be waited for and saved' {
            $null = Submit-Job a, b
            $files = Submit-Job a, b | Wait-KlingTask | Save-KlingVideo (Split-Path $journal)

            $files | Should -HaveCount 2
            ($files | Measure-Object Length -Sum).Sum | Should -Be 40000
            Get-EmulatorRequest submit | Should -HaveCount 2
        }

        It 'runs the pipeline of the contract again without paying or downloading twice' {
            $folder = Split-Path $journal
            $null = New-Item -ItemType Directory $folder
            "Scene,Image,SecondImage`n3d_cartoon_2,https://images.example/a.jpg,`ndaily_ootd,https://images.example/a.jpg,https://images.example/b.jpg" |
                Set-Content $folder/jobs.csv
            $first = Import-Csv $folder/jobs.csv | New-KlingEffect -JournalPath $journal | Wait-KlingTask | Save-KlingVideo $folder/out
            $second = Import-Csv $folder/jobs.csv | New-KlingEffect -JournalPath $journal | Wait-KlingTask | Save-KlingVideo $folder/out

            $second.FullName | Sort-Object | Should -Be ($first.FullName | Sort-Object)
            Get-EmulatorRequest submit | Should -HaveCount 2
            Get-EmulatorRequest video | Should -HaveCount 2
        }

        It 'knows a job by its ExternalTaskId, whatever else changed' {
            $first = Submit-Job a @{ ExternalTaskId = 'order-1' }
            $second = Submit-Job other @{ ExternalTaskId = 'order-1' }

            $second.TaskId | Should -BeExactly $first.TaskId
            $second.ExternalTaskId | Should -BeExactly order-1
            Get-EmulatorRequest submit | Should -HaveCount 1
        }

        It 'knows another job by another <Name>' -ForEach @(
            @{ Name = 'duration'; Image = 'a'; Option = @{ Duration = 10 } }
            @{ Name = 'mode'; Image = 'a'; Option = @{ Mode = 'pro' } }
            @{ Name = 'model'; Image = 'a'; Option = @{ ModelName = 'kling-v1-6' } }
            @{ Name = 'image'; Image = 'b'; Option = @{} }
        ) {
            $null = Submit-Job a
            $null = Submit-Job $Image $Option

            Get-EmulatorRequest submit | Should -HaveCount 2
        }

        It 'knows a local image by its content, and not by its name' {
            $folder = Split-Path $journal
            $picture = New-TestImage $folder/first.png -Shade 30
            $null = New-KlingEffect 3d_cartoon_2 $picture -JournalPath $journal
            Move-Item $picture $folder/renamed.png
            $null = New-KlingEffect 3d_cartoon_2 $folder/renamed.png -JournalPath $journal
            Get-EmulatorRequest submit | Should -HaveCount 1

            $null = New-TestImage $folder/renamed.png -Shade 31
            $null = New-KlingEffect 3d_cartoon_2 $folder/renamed.png -JournalPath $journal
            Get-EmulatorRequest submit | Should -HaveCount 2
        }

        It 'submits again what was refused' {
            Add-EmulatorFault @{ operation = 'submit'; effect = @{ kind = 'status'; code = 429; body = '{"code":1102,"message":"Account balance not enough"}' } }
            Submit-Job a | Should -BeNullOrEmpty
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingQuotaExceeded,*'

            Submit-Job a | Should -HaveCount 1
            (Get-EmulatorState).counters.acceptedSubmits | Should -Be 1
        }

        It 'writes nothing with -WhatIf' {
            $null = Submit-Job a @{ WhatIf = $true } 6>&1
            Test-Path $journal | Should -BeFalse
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }

        It 'tells with -WhatIf what would be sent, and that nothing would be' {
            $run = Invoke-Shell -WorkingDirectory $TestDrive @"
`$PSDefaultParameterValues = @{ 'New-KlingEffect:JournalPath' = '$journal'; 'New-KlingEffect:Scene' = '3d_cartoon_2' }
New-KlingEffect -Image https://images.example/new.jpg -WhatIf
'made ' + (New-KlingEffect -Image https://images.example/known.jpg).ExternalTaskId
New-KlingEffect -Image https://images.example/known.jpg -WhatIf
New-KlingEffect -Image https://images.example/new.jpg -WhatIf
'then ' + (New-KlingEffect -Image https://images.example/new.jpg).ExternalTaskId
"@
            $run.Error | Should -BeNullOrEmpty
            $before, $after = $run.Output -split 'made ke-[0-9a-f]{32}'
            $before | Should -BeLike 'What if: POST *"external_task_id": "<made for the new journal>"*'
            $after | Should -BeLike "*known.jpg): nothing is sent, for the journal has its task $((Get-EmulatorState).tasks[0].id).*"
            $derived = [regex]::Match($after, '"external_task_id": "(ke-[0-9a-f]{32})"').Groups[1].Value
            $after | Should -BeLike "*then $derived*" -Because 'that is what was then sent'
        }

        It 'tells with -WhatIf of a doubt' {
            Add-EmulatorFault @{ operation = 'submit'; effect = @{ kind = 'resetAfter' } }
            New-KlingEffect 3d_cartoon_2 https://images.example/doubt.jpg -JournalPath $journal -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $run = Invoke-Shell -WorkingDirectory $TestDrive @"
New-KlingEffect 3d_cartoon_2 https://images.example/doubt.jpg -JournalPath '$journal' -WhatIf
'with the switch'
New-KlingEffect 3d_cartoon_2 https://images.example/doubt.jpg -JournalPath '$journal' -WhatIf -RetryUncertain
"@
            $without, $with = $run.Output -split 'with the switch'
            $without | Should -BeLike '*it may have been accepted before*not submitted again without -RetryUncertain.*'
            $without | Should -Not -BeLike '*POST*'
            $with | Should -BeLike '*submitted again.*POST*'
        }

        It 'refuses with -WhatIf what is no journal' {
            $bad = Join-Path $TestDrive bad.journal
            Set-Content $bad garbage
            { New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -JournalPath $bad -WhatIf } | Should -Throw -ErrorId 'KlingJournalInvalid,*'
        }
    }

    Context 'where it lies' {
        It 'is $env:KLING_JOURNAL without what a file of Windows or a pasted line leaves around it' {
            $env:KLING_JOURNAL = " `"$journal`"`r"
            try {
                $null = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg
                (Get-KlingJob).State | Should -Be Running
            } finally { $env:KLING_JOURNAL = $null }

            Test-Path -LiteralPath $journal | Should -BeTrue
        }

        It 'is not here for tasks of another machine, which are saved all the same, with one warning' {
            Set-EmulatorOption @{ generationSeconds = 0 }
            $rows = 1..2 | ForEach-Object { Invoke-Emulator Post tasks @{ scene = '3d_cartoon_2' } } |
                ForEach-Object { [pscustomobject]@{ TaskId = $_.id; JournalPath = if ($IsWindows) { 'Q:\state\jobs.journal' } else { 'C:\state\jobs.journal' } } }
            $files = $rows | Wait-KlingTask -WarningVariable waiting -WarningAction SilentlyContinue |
                Save-KlingVideo (Join-Path $TestDrive "away-$([guid]::NewGuid())") -WarningVariable saving -WarningAction SilentlyContinue
            $files | Should -HaveCount 2
            @($waiting) + @($saving) | Should -HaveCount 1
            "$waiting$saving" | Should -BeLike '*jobs.journal*'
        }

        It 'is noticed when it is taken away: nothing more is sent, and the next run knows all' -Skip:$IsWindows {
            $seen = 'a', 'b', 'c' | ForEach-Object { if ($_ -eq 'b') { & mv $journal "$journal.away" }; "https://images.example/$_.jpg" } |
                New-KlingEffect 3d_cartoon_2 -JournalPath $journal -ThrottleLimit 1 -ErrorAction SilentlyContinue -ErrorVariable lost -WarningAction SilentlyContinue -WarningVariable told
            $sent = (Get-EmulatorState).counters.acceptedSubmits
            $lost[0].FullyQualifiedErrorId | Should -BeLike 'KlingJournalInvalid,*'
            $rescue = (Get-Item "$journal.rescue-*").FullName
            $lost[0].Exception.Message, $told[0].Message | Should -BeLike "*$rescue*"
            @($seen).Count | Should -Be $sent
            @(Get-KlingJob $journal -State Running).Count | Should -Be $sent
            $again = 'a', 'b', 'c' | ForEach-Object { "https://images.example/$_.jpg" } | New-KlingEffect 3d_cartoon_2 -JournalPath $journal
            $again | Should -HaveCount 3
            (Get-EmulatorState).counters.acceptedSubmits | Should -Be 3
            Test-Path "$journal.rescue-*" | Should -BeFalse
        }

        It 'is $env:KLING_JOURNAL unless -JournalPath says otherwise' {
            $env:KLING_JOURNAL = $journal
            try {
                $first = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg
                $second = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg
                $other = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -JournalPath "$journal.other"
            } finally { $env:KLING_JOURNAL = $null }

            $second.TaskId | Should -BeExactly $first.TaskId
            $other.TaskId | Should -Not -Be $first.TaskId
            Test-Path $journal, "$journal.other" | Should -Be $true, $true
            Get-EmulatorRequest submit | Should -HaveCount 2
        }

        It 'is relative to $PWD, and taken literally' {
            $folder = New-Item -ItemType Directory (Split-Path $journal)
            Push-Location -LiteralPath $folder.FullName
            try { $null = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -JournalPath './jobs [1].journal' } finally { Pop-Location }

            Test-Path -LiteralPath (Join-Path $folder 'jobs [1].journal') | Should -BeTrue
        }
    }

    Context 'what it holds' {
        It 'is one JSON object a line: before each submit and after' {
            $task = Submit-Job a
            $lines = Get-JournalLine

            $lines.event | Should -Be submitting, accepted
            $lines[1].taskId | Should -BeExactly $task.TaskId
            Get-Content -Raw $journal | Should -Match '\n$'
        }

        It 'has the line of a submit before the request arrives' {
            $null = New-Item -ItemType Directory (Split-Path $journal)
            Add-EmulatorFault @{ operation = 'submit'; delay = 1 }
            $job = Start-Thread
            try {
                Wait-Emulator { $_.submits -eq 1 }
                [IO.File]::Exists($journal) | Should -BeTrue
                Get-KlingTask -JournalPath $journal -ErrorAction SilentlyContinue -ErrorVariable doubts | Should -BeNullOrEmpty
                Assert-Doubt $doubts
            } finally { $task = Wait-Thread $job }

            $task | Should -HaveCount 1
        }

        It 'has no bytes of an image, and no query of a URL' {
            $picture = New-TestImage "$(Split-Path $journal)/ana.png" -Shade 99
            $null = New-KlingEffect daily_ootd $picture, 'https://images.example/b.jpg?signature=s3cret' -JournalPath $journal
            $text = Get-Content -Raw $journal

            $text | Should -Match ana\.png
            $text | Should -Not -Match s3cret
            $encoded = [Convert]::ToBase64String([IO.File]::ReadAllBytes($picture))
            $text.Contains($encoded.Substring(0, 60)) | Should -BeFalse
        }
    }

    Context 'of a submit that was never answered' {
        BeforeEach {
            Add-EmulatorFault @{ operation = 'submit'; effect = @{ kind = 'resetAfter' } }
            Submit-Job a | Should -BeNullOrEmpty
            Assert-Doubt $failures
        }

        It 'finds its task by the external id, and submits nothing' {
            $task = Submit-Job a

            $failures | Should -BeNullOrEmpty
            $task.TaskId | Should -BeExactly (Get-EmulatorState).tasks.id
            Get-EmulatorRequest submit | Should -HaveCount 1
            (Submit-Job a).TaskId | Should -BeExactly $task.TaskId -Because 'what was found is written down'
            (Get-EmulatorState).counters.queries | Should -Be 1
        }

        It 'is an error that says so where the API can''t tell, and submits nothing' {
            Set-EmulatorOption @{ answersExternalId = $false }
            Submit-Job a | Should -BeNullOrEmpty

            Assert-Doubt $failures
            $failures[0].ErrorDetails.RecommendedAction | Should -BeLike '*-RetryUncertain*'
            Get-EmulatorRequest submit | Should -HaveCount 1
        }

        It 'does not keep the others of the batch' {
            Set-EmulatorOption @{ answersExternalId = $false }
            Submit-Job b, a, c | Should -HaveCount 2

            Assert-Doubt $failures
        }

        It 'submits it again with -RetryUncertain only' {
            Set-EmulatorOption @{ answersExternalId = $false; rejectDuplicateExternalId = $false }
            # For a minute after a submit, that a task is not known says nothing.
            $old = [DateTimeOffset]::UtcNow.AddMinutes(-2).ToString('o')
            Set-Content -LiteralPath $journal ((Get-Content -LiteralPath $journal) -replace '"at":"[^"]+"', "`"at`":`"$old`"")
            $task = Submit-Job a @{ RetryUncertain = $true }

            $failures | Should -BeNullOrEmpty
            $task.TaskId | Should -BeIn (Get-EmulatorState).tasks.id
            Get-EmulatorRequest submit | Should -HaveCount 2
            (Submit-Job a).TaskId | Should -BeExactly $task.TaskId
            Get-EmulatorRequest submit | Should -HaveCount 2
            Assert-EmulatorTraffic $emulator -Expected '*external_task_id * was used before'
        }

        It 'is shown by Get-KlingTask -JournalPath as an error' {
            Get-KlingTask -JournalPath $journal -ErrorAction SilentlyContinue -ErrorVariable doubts | Should -BeNullOrEmpty

            Assert-Doubt $doubts
        }
    }

    Context 'read by Get-KlingTask -JournalPath' {
        It 'gives every task as the API knows it now' {
            $tasks = Submit-Job a, b
            foreach ($task in $tasks) { $null = Invoke-Emulator Post "tasks/$($task.TaskId)/succeed" }
            $seen = Get-KlingTask -JournalPath $journal

            $seen.TaskId | Sort-Object | Should -Be ($tasks.TaskId | Sort-Object)
            $seen.Status | Select-Object -Unique | Should -Be Succeed
            $seen.Scene | Select-Object -Unique | Should -BeExactly 3d_cartoon_2
        }

        It 'pipes into Wait- and Save-KlingVideo' {
            $null = Submit-Job a, b
            Get-KlingTask -JournalPath $journal | Wait-KlingTask | Save-KlingVideo (Split-Path $journal) | Should -HaveCount 2
        }

        It 'gives nothing of jobs that were refused' {
            Add-EmulatorFault @{ operation = 'submit'; effect = @{ kind = 'status'; code = 400; body = '{"code":1301,"message":"policy"}' } }
            $null = Submit-Job a
            Get-KlingTask -JournalPath $journal | Should -BeNullOrEmpty
        }

        It 'tells of jobs that were refused with -Verbose, and asks nothing about them with -Debug' {
            Add-EmulatorFault @{ operation = 'submit'; effect = @{ kind = 'status'; code = 400; body = '{"code":1301,"message":"policy"}' } }
            $null = Submit-Job a
            @(Get-KlingTask -JournalPath $journal -Verbose 4>&1).Message -match 'was not accepted: InvalidRequest' | Should -HaveCount 1
            Get-KlingTask -JournalPath $journal -Debug 4>&1 5>$null | Should -BeNullOrEmpty
        }

        It 'is an error when there is no such file' {
            { Get-KlingTask -JournalPath $journal } | Should -Throw -ErrorId 'KlingJournalInvalid,*'
        }
    }
}
