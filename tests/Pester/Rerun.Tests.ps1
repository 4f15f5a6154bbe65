#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# The same command, run again: what a journal saves from being asked, fetched and paid for anew.

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/Support/journal.ps1
    $script:emulator = Start-Emulator

    function New-Row([int] $Count) {
        1..$Count | ForEach-Object { [pscustomobject]@{ ExternalTaskId = "order-$_"; Scene = '3d_cartoon_2'; Image = "https://images.example/$_.jpg" } }
    }

    # The whole pipeline on $rows; $failures are its errors, $warnings what it warned of.
    function Invoke-Batch([hashtable] $Option = @{}, [string] $Destination = $folder, [string] $Name = '{ExternalTaskId}') {
        $rows |
            New-KlingEffect -JournalPath $journal @Option -ErrorAction SilentlyContinue -ErrorVariable submit -WarningAction SilentlyContinue -WarningVariable warned |
            Wait-KlingTask -ErrorAction SilentlyContinue -ErrorVariable wait |
            Save-KlingVideo $Destination -Name $Name -ErrorAction SilentlyContinue -ErrorVariable save
        $script:failures = @($submit) + @($wait) + @($save) | Where-Object { $_ -is [Management.Automation.ErrorRecord] }
        $script:warnings = @($warned -notlike '*was last published*')
    }
}

AfterAll { Stop-Emulator $emulator }

Describe 'A batch that is run again' {
    BeforeEach {
        $script:folder = Join-Path $TestDrive "$([guid]::NewGuid())"
        $script:journal = Join-Path $folder jobs.journal
    }

    AfterEach { Assert-EmulatorTraffic $emulator }

    Context 'when all is saved' {
        BeforeEach {
            $script:rows = New-Row 5
            $script:first = Invoke-Batch
            Reset-Emulator
        }

        It 'sends nothing, though the provider has forgotten every task, and passes on each file with its note properties' {
            $second = Invoke-Batch

            Get-EmulatorRequest | Should -BeNullOrEmpty
            $failures | Should -BeNullOrEmpty
            $second | Should -HaveCount 5
            foreach ($property in 'FullName', 'TaskId', 'ExternalTaskId', 'VideoId') {
                $second.$property | Sort-Object | Should -Be ($first.$property | Sort-Object)
            }
        }

        It 'gives Wait-KlingTask tasks that have ended, and asks for none' {
            $tasks = $rows | New-KlingEffect -JournalPath $journal | Wait-KlingTask

            $tasks.Status | Sort-Object -Unique | Should -Be Succeed
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }

        It 'asks for the task of a missing file only' {
            Remove-Item "$folder/order-3.mp4"
            $second = Invoke-Batch

            $second | Should -HaveCount 4
            Get-EmulatorRequest | Should -HaveCount 1
            Get-EmulatorRequest query | Should -HaveCount 1
            $failures | Should -HaveCount 1
            $failures.FullyQualifiedErrorId | Should -BeLike 'KlingVideoExpired,*'
            $failures.Exception.Message | Should -BeLike '*(3.jpg)*is gone*'
        }

        It 'tells where the video is that goes elsewhere now and is not to be had any more' {
            $script:rows = $rows[0]
            $null = Invoke-Batch @{} "$folder/other"

            $failures.FullyQualifiedErrorId | Should -BeLike 'KlingVideoExpired,*'
            $failures.Exception.Message | Should -BeLike "*$(Join-Path $folder order-1.mp4)*"
            $failures.ErrorDetails.RecommendedAction | Should -BeLike 'Copy *'
            $failures.ErrorDetails.RecommendedAction | Should -Not -Match submit
        }
    }

    It 'downloads a missing file and what goes elsewhere, and knows the new place the next time' {
        $script:rows = New-Row 3
        $null = Invoke-Batch
        Remove-Item "$folder/order-2.mp4"
        Invoke-Batch | Should -HaveCount 3
        Test-Path "$folder/order-2.mp4" | Should -BeTrue
        Get-EmulatorRequest video | Should -HaveCount 4
        Invoke-Batch @{} "$folder/other" | Should -HaveCount 3
        Get-EmulatorRequest video | Should -HaveCount 7

        Reset-Emulator
        Invoke-Batch @{} "$folder/other" | Should -HaveCount 3
        Get-EmulatorRequest | Should -BeNullOrEmpty
        (Get-KlingJob $journal).Files | Should -BeLike '*other*order-?.mp4'
    }

    It 'asks once for what ended well and was not saved' {
        $script:rows = New-Row 3
        $null = $rows | New-KlingEffect -JournalPath $journal | Wait-KlingTask
        (Get-KlingJob $journal).State | Sort-Object -Unique | Should -Be Succeeded
        $before = @(Get-EmulatorRequest query).Count
        Invoke-Batch | Should -HaveCount 3
        Get-EmulatorRequest query | Should -HaveCount ($before + 3)
    }

    It 'takes up a journal of the first version, and goes on with it' {
        $null = New-Item -ItemType Directory $folder
        Set-EmulatorOption @{ generationSeconds = 0 }
        $task = Invoke-Emulator Post tasks @{ externalId = 'order-1'; scene = '3d_cartoon_2' }
        Set-Content $journal @(
            '{"klingJournal":1,"id":"5f3a9c0d7b1e4826a1c4d9e0f2b37586","createdAt":"2026-11-22T21:00:00+00:00"}'
            '{"event":"submitting","job":"x:order-1","at":"2026-11-22T21:00:01+00:00","externalTaskId":"order-1","scene":"3d_cartoon_2","images":["https://images.example/1.jpg"],"duration":5}'
            "{`"event`":`"accepted`",`"job`":`"x:order-1`",`"at`":`"2026-11-22T21:00:02+00:00`",`"taskId`":`"$($task.id)`",`"kind`":`"effects`"}"
        )
        $script:rows = New-Row 1
        (Get-KlingJob $journal).State | Should -Be Running
        (Invoke-Batch).TaskId | Should -BeExactly $task.id
        $warnings | Should -BeNullOrEmpty
        Get-EmulatorRequest submit | Should -BeNullOrEmpty

        $before = @(Get-EmulatorRequest).Count
        (Invoke-Batch).TaskId | Should -BeExactly $task.id
        Get-EmulatorRequest | Should -HaveCount $before
    }

    It 'keeps names apart that tell no task, whichever comes first' {
        $script:rows = New-Row 3
        $first = Invoke-Batch -Name '{Scene}'
        Reset-Emulator
        [array]::Reverse($rows)
        $second = Invoke-Batch -Name '{Scene}'

        Get-EmulatorRequest | Should -BeNullOrEmpty
        $pairs = foreach ($files in $first, $second) { , ($files | Sort-Object TaskId | ForEach-Object { "$($_.TaskId) $($_.Name)" }) }
        $pairs[1] | Should -Be $pairs[0]
    }

    Context 'when tasks have failed' {
        BeforeEach {
            $script:rows = New-Row 6
            Add-EmulatorFault @{ operation = 'submit'; times = 4; effect = @{ kind = 'failTask'; reason = 'no face' } }
            Invoke-Batch @{ ThrottleLimit = 1 } | Should -HaveCount 2
            $failures.FullyQualifiedErrorId | Should -BeLike 'KlingTaskFailed,*'
            $script:before = Get-EmulatorRequest
        }

        It 'tells the failures again without a request, and -RetryFailed makes each anew, once, under its name' {
            Invoke-Batch | Should -HaveCount 2
            $failures | Should -HaveCount 4
            $failures.FullyQualifiedErrorId | Should -BeLike 'KlingTaskFailed,*'
            $failures.Exception.Message | Should -BeLike '*no face*'
            Get-EmulatorRequest | Should -HaveCount $before.Count

            $files = Invoke-Batch @{ RetryFailed = $true }
            $failures | Should -BeNullOrEmpty
            $files.Name | Sort-Object | Should -Be (1..6 | ForEach-Object { "order-$_.mp4" })
            $files.ExternalTaskId | Sort-Object | Should -Be (1..6 | ForEach-Object { "order-$_" })
            Get-EmulatorRequest submit | Should -HaveCount 10
            $state = Get-EmulatorState
            @($state.tasks.externalId) -like '*.2' | Sort-Object | Should -Be (1..4 | ForEach-Object { "order-$_.2" })

            $again = @(Get-EmulatorRequest).Count
            Invoke-Batch @{ RetryFailed = $true } | Should -HaveCount 6
            Get-EmulatorRequest | Should -HaveCount $again
            (Get-KlingJob $journal | Where-Object Attempt -EQ 2).ExternalTaskId | Sort-Object | Should -Be (1..4 | ForEach-Object { "order-$_" })
        }

        It 'tells with -WhatIf what would happen to each row' {
            $told = Invoke-Shell -WorkingDirectory $TestDrive @"
`$rows = 1, 6 | ForEach-Object { [pscustomobject]@{ ExternalTaskId = "order-`$_"; Scene = '3d_cartoon_2'; Image = "https://images.example/`$_.jpg" } }
`$rows | New-KlingEffect -JournalPath '$journal' -WhatIf
'--'
`$rows | New-KlingEffect -JournalPath '$journal' -WhatIf -RetryFailed
Remove-Item '$folder/order-6.mp4'
`$rows[1] | New-KlingEffect -JournalPath '$journal' -WhatIf
"@
            $text = $told.Output -join "`n"
            $text | Should -Match '(?s)nothing is sent.*which failed \(no face\)\. -RetryFailed submits the job again.*nothing is sent.*saved as .*order-6\.mp4.*--'
            $text | Should -Match '(?s)--.*failed \(no face\), so it is submitted again, as attempt 2\..*POST .*order-1\.2'
            $text | Should -Match 'order-6\.mp4.*is gone: Save-KlingVideo asks for the task'
            Get-EmulatorRequest | Should -HaveCount $before.Count
        }

        It 'never takes an attempt for a job that a user calls the same' {
            $script:rows = @($rows[0]) + [pscustomobject]@{ ExternalTaskId = 'order-1.2'; Scene = '3d_cartoon_2'; Image = 'https://images.example/other.jpg' }
            $files = Invoke-Batch @{ RetryFailed = $true }

            $files.Name | Sort-Object | Should -Be 'order-1.2.mp4', 'order-1.mp4'
            $state = Get-EmulatorState
            @($state.tasks.externalId | Group-Object | Where-Object Count -GT 1) | Should -BeNullOrEmpty
            $before = @(Get-EmulatorRequest).Count
            Invoke-Batch | Should -HaveCount 2
            Get-EmulatorRequest | Should -HaveCount $before
        }
    }

    Context 'whose rows have changed' {
        BeforeEach {
            $null = New-Item -ItemType Directory $folder
            $script:picture = New-TestImage $folder/ana.png -Shade 30
            $script:rows = [pscustomobject]@{ ExternalTaskId = 'order-1'; Scene = '3d_cartoon_2'; Image = $picture }
            $script:file = Invoke-Batch
        }

        It 'needs no picture for a job with an id' {
            Remove-Item $picture
            (Invoke-Batch).FullName | Should -Be $file.FullName
            $failures | Should -BeNullOrEmpty
            $warnings | Should -BeNullOrEmpty
            Get-EmulatorRequest submit | Should -HaveCount 1
        }

        It 'passes on the task that is there and says what differs: <Difference>' -ForEach @(
            @{ Difference = 'the scene differs'; Change = { $rows[0].Scene = 'puff_cheeks' } }
            @{ Difference = 'the images differ'; Change = { $null = New-TestImage $picture -Shade 31 } }
            @{ Difference = 'the images differ'; Change = { Remove-Item $picture; $rows[0].Image = "$folder/ben.png" } }
            @{ Difference = 'the scene and the images differ'; Change = { $rows[0].Scene = 'puff_cheeks'; $rows[0].Image = 'https://images.example/a.jpg' } }
        ) {
            & $Change
            (Invoke-Batch).FullName | Should -Be $file.FullName
            $warnings | Should -HaveCount 1
            "$warnings" | Should -BeLike "*order-1*$Difference.*$($file.TaskId)*"
            Get-EmulatorRequest submit | Should -HaveCount 1
        }

        It 'says nothing of a picture that has only moved' {
            Move-Item $picture $folder/renamed.png
            $rows[0].Image = "$folder/renamed.png"
            (Invoke-Batch).FullName | Should -Be $file.FullName
            $warnings | Should -BeNullOrEmpty
        }
    }
}

Describe 'A later command' {
    BeforeEach {
        $script:folder = Join-Path $TestDrive "$([guid]::NewGuid())"
        $script:journal = Join-Path $folder jobs.journal
        $script:rows = New-Row 2
        $script:tasks = $rows | New-KlingEffect -JournalPath $journal
    }

    AfterEach { Assert-EmulatorTraffic $emulator }

    It 'writes ends and files into the journal that <From> came from' -ForEach @(
        @{ From = 'live tasks'; Source = { $tasks } }
        @{ From = 'Get-KlingTask -JournalPath'; Source = { Get-KlingTask -JournalPath $journal } }
        @{ From = 'Get-KlingJob'; Source = { Get-KlingJob $journal } }
        @{ From = 'tasks of Import-Clixml'; Source = { $tasks | Export-Clixml $folder/t.xml; Import-Clixml $folder/t.xml } }
        @{ From = 'jobs of Import-Clixml'; Source = { Get-KlingJob $journal | Export-Clixml $folder/t.xml; Import-Clixml $folder/t.xml } }
        @{ From = 'tasks of Import-Csv'; Source = { $tasks | Export-Csv $folder/t.csv; Import-Csv $folder/t.csv } }
        @{ From = 'tasks of ConvertFrom-Json'; Source = { $tasks | ConvertTo-Json -Depth 5 | ConvertFrom-Json } }
    ) {
        $files = & $Source | Wait-KlingTask | Save-KlingVideo $folder -Name '{Image}-{ExternalTaskId}'

        $files.Name | Sort-Object | Should -Be '1-order-1.mp4', '2-order-2.mp4'
        $jobs = Get-KlingJob $journal
        $jobs.State | Should -Be Saved, Saved
        $jobs.Files | Sort-Object | Should -Be ($files.FullName | Sort-Object)
    }

    It 'warns once where another process holds the journal, and goes on' {
        $holder = Start-Shell -Argument '-NonInteractive', '-Command', "Import-Module '$ModuleUnderTest'; 'https://images.example/x.jpg' | New-KlingEffect 3d_cartoon_2 -JournalPath '$journal' | ForEach-Object { Set-Content '$folder/held' 1; [Console]::In.ReadLine() }"
        try {
            while (-not (Test-Path "$folder/held")) { if ($holder.WaitForExit(50)) { throw 'The holder ended.' } }
            $files = $tasks | Wait-KlingTask -WarningVariable ofWait -WarningAction SilentlyContinue | Save-KlingVideo $folder -WarningVariable ofSave -WarningAction SilentlyContinue
            $files | Should -HaveCount 2
            @($ofWait) + @($ofSave) | Should -HaveCount 1
            "$ofWait$ofSave" | Should -BeLike "*$journal*is in use*"
        } finally { Remove-Shell $holder }

        ($rows | New-KlingEffect -JournalPath $journal | Wait-KlingTask | Save-KlingVideo $folder).Count | Should -Be 2
    }

    It 'leaves a file alone that is no journal' {
        Set-Content $folder/other.txt 'Dear diary'
        $row = [pscustomobject]@{ TaskId = $tasks[0].TaskId; JournalPath = "$folder/other.txt" }
        $row | Wait-KlingTask -WarningVariable warned -WarningAction SilentlyContinue | Should -HaveCount 1
        "$warned" | Should -BeLike '*not a journal*'
        Get-Content $folder/other.txt | Should -Be 'Dear diary'
    }
}
