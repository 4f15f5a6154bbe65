#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# What a batch may cost and did cost: in units, in money, or not at all; and how much of it is paid for.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:emulator = Start-Emulator @{ gateway = 'Kling' }
    $at = @{ BaseUri = $emulator.BaseUri }

    function Submit-Batch([int] $Count, [hashtable] $Option = @{}) {
        1..$Count | ForEach-Object { [pscustomobject]@{ Image = "https://images.example/$_.jpg"; ExternalTaskId = "order-$_" } } |
            New-KlingEffect 3d_cartoon_2 -Gateway Kling -JournalPath ./jobs.journal @Option
    }
}

AfterAll { Stop-Emulator $emulator }

Describe 'A batch on an account that pays <Payment>' -ForEach @(
    @{ Payment = 'units'; Units = 40; Cost = $null; Totals = '*· 40 units ·*' }
    @{ Payment = 'cash'; Units = $null; Cost = 5.6; Totals = '*· cost 5.6 ·*' }
    @{ Payment = 'cashNumber'; Units = $null; Cost = 5.6; Totals = '*· cost 5.6 ·*' }
    @{ Payment = 'both'; Units = 40; Cost = 5.6; Totals = '*· 40 units · cost 5.6 ·*' }
) {
    BeforeAll {
        Push-Location (New-Item "TestDrive:/$Payment" -ItemType Directory)
        Set-EmulatorOption @{ payment = $Payment } @at
    }
    AfterEach { Assert-EmulatorTraffic $emulator }
    AfterAll { Pop-Location }

    It 'says what each task and the whole cost' {
        $tasks = Submit-Batch 20 | Wait-KlingTask
        $tasks | Should -HaveCount 20
        $tasks.Units | Select-Object -Unique | Should -Be $(if ($Units) { 2 })
        $tasks.Cost | Select-Object -Unique | Should -Be $(if ($Cost) { 0.28 })
        $jobs = Get-KlingJob ./jobs.journal
        $sums = $jobs | Measure-Object Units, Cost -Sum
        $sums.Sum | Should -Be ([decimal] $Units), ([decimal] $Cost)

        $null = $jobs | Export-KlingReport ./summary.md
        (Get-Content ./summary.md)[2] | Should -BeLike $Totals
        $null = $jobs | Export-KlingReport ./results.xml
        $told = ([xml] (Get-Content ./results.xml -Raw)).testsuites.testsuite.properties.property
        $told.ForEach{ "$($_.name) $($_.value)" } | Should -Be @(if ($Units) { "units $Units" }; if ($Cost) { "cost $Cost" })
        $jobs | ConvertTo-Csv | ConvertFrom-Csv | Export-KlingReport ./again.md | Get-Content | Select-Object -Index 2 | Should -BeLike $Totals
    }
}

Describe 'What a failed task cost' {
    BeforeEach { Push-Location (New-Item "TestDrive:/$([guid]::NewGuid())" -ItemType Directory) }
    AfterEach { Pop-Location; Assert-EmulatorTraffic $emulator }

    It 'is unknown where the API does not say, and no 0' {
        Add-EmulatorFault @{ operation = 'submit'; times = 0; effect = @{ kind = 'failTask'; reason = 'no face' } } @at
        $null = Submit-Batch 1 | Wait-KlingTask -ErrorAction SilentlyContinue
        $job = Get-KlingJob ./jobs.journal
        $job.State | Should -Be Failed
        $job.Units, $job.Cost | Should -Be $null, $null
        $list = $job | Format-List Units, Cost | Out-String
        $list | Should -Match '(?m)^Units : *$' -Because 'unknown is empty'
        $list | Should -Match '(?m)^Cost  : *$'
    }

    It 'is what the API says, and counts beside the next attempt' {
        Set-EmulatorOption @{ tellsCostOfFailed = $true } @at
        Add-EmulatorFault @{ operation = 'submit'; times = 1; effect = @{ kind = 'failTask'; reason = 'no face' } } @at
        $null = Submit-Batch 1 | Wait-KlingTask -ErrorAction SilentlyContinue
        $job = Get-KlingJob ./jobs.journal
        $job.Units, $job.Cost | Should -Be 0, 0
        $null = Submit-Batch 1 @{ RetryFailed = $true } | Wait-KlingTask
        $job = Get-KlingJob ./jobs.journal
        $job.Attempt, $job.Units, $job.Cost | Should -Be 2, 2, 0.28
    }
}

Describe '-MaxJobs' {
    BeforeEach { Push-Location (New-Item "TestDrive:/$([guid]::NewGuid())" -ItemType Directory) }
    AfterEach { Pop-Location; Assert-EmulatorTraffic $emulator }

    It 'submits so many of the first rows, leaves the others, and takes them up in the next run' {
        $first = Submit-Batch 8 @{ MaxJobs = 3; ErrorAction = 'SilentlyContinue'; ErrorVariable = 'script:failures' }
        $first.ExternalTaskId | Sort-Object | Should -Be order-1, order-2, order-3
        $failures.FullyQualifiedErrorId | Should -BeExactly 'KlingJobLimit,KlingEffects.Commands.NewKlingEffectCommand'
        $failures[0].CategoryInfo.Category | Should -Be LimitsExceeded
        $failures[0].Exception.Message | Should -BeExactly 'The limit of 3 jobs is reached: 5 jobs were left, neither sent nor written down.'
        $failures[0].ErrorDetails.RecommendedAction | Should -BeLike '*With a journal*it would pay for the first ones again*'
        (Get-KlingJob ./jobs.journal).ExternalTaskId | Sort-Object | Should -Be order-1, order-2, order-3
        (Get-EmulatorState @at).counters.submits | Should -Be 3

        Submit-Batch 8 @{ MaxJobs = 3; ErrorAction = 'SilentlyContinue'; ErrorVariable = 'script:failures' } | Should -HaveCount 6
        $failures[0].Exception.Message | Should -BeLike '*2 jobs were left*'
        Submit-Batch 8 @{ MaxJobs = 3; ErrorAction = 'Stop' } | Should -HaveCount 8
        (Get-EmulatorState @at).counters.submits | Should -Be 8
    }

    It 'counts no row that is another again, that is refused before it is sent, or that another picture keeps waiting' {
        $null = New-TestImage ./large.png -Width 2000 -Height 2000
        Set-Content ./bad.png none
        $rows = './bad.png', './large.png', './large.png', 'https://images.example/a.jpg', 'https://images.example/b.jpg' |
            ForEach-Object { [pscustomobject]@{ Image = $_ } }
        $made = $rows | New-KlingEffect 3d_cartoon_2 -Gateway Kling -MaxJobs 2 -ErrorAction SilentlyContinue -ErrorVariable failures -WarningAction SilentlyContinue
        $made.Images | Split-Path -Leaf | Sort-Object | Should -Be a.jpg, large.png
        $failures.FullyQualifiedErrorId -replace ',.*' | Sort-Object | Should -Be KlingImageInvalid, KlingJobLimit
        $failures.Exception.Message | Should -Contain 'The limit of 2 jobs is reached: 1 job was left, neither sent nor written down.'
    }

    It 'passes on what is there with 0, and pays for nothing' {
        $null = Submit-Batch 2
        Submit-Batch 3 @{ MaxJobs = 0; ErrorAction = 'SilentlyContinue'; ErrorVariable = 'script:failures' } | Should -HaveCount 2
        $failures[0].Exception.Message | Should -BeLike '*1 job was left*'
        (Get-EmulatorState @at).counters.submits | Should -Be 2
    }

    It 'counts attempts, which are paid for again' {
        Add-EmulatorFault @{ operation = 'submit'; times = 2; effect = @{ kind = 'failTask'; reason = 'no face' } } @at
        $null = Submit-Batch 2 | Wait-KlingTask -ErrorAction SilentlyContinue
        $null = Submit-Batch 2 @{ RetryFailed = $true; MaxJobs = 1; ErrorAction = 'SilentlyContinue'; ErrorVariable = 'script:failures' }
        (Get-EmulatorState @at).counters.submits | Should -Be 3
        $failures.FullyQualifiedErrorId | Should -BeLike 'KlingJobLimit,*'
    }
}

Describe 'Invoke-KlingBatch' {
    BeforeEach {
        Push-Location (New-Item "TestDrive:/$([guid]::NewGuid())" -ItemType Directory)
        1..5 | ForEach-Object { [pscustomobject]@{ Scene = '3d_cartoon_2'; Image = "https://images.example/$_.jpg"; ExternalTaskId = "order-$_"; Gateway = 'Kling' } } | Export-Csv ./jobs.csv
    }
    AfterEach { Pop-Location; Assert-EmulatorTraffic $emulator }

    It 'takes -MaxJobs, and takes up what is left in the next run' {
        $jobs = { Invoke-KlingBatch ./jobs.csv -MaxJobs 2 -ErrorVariable script:failures -ErrorAction SilentlyContinue -OutVariable script:made } | Should -Throw -ErrorId 'KlingBatchIncomplete,*' -PassThru
        $jobs | Should -Not -BeNullOrEmpty
        $made.ExternalTaskId | Sort-Object | Should -Be order-1, order-2
        ($failures | Where-Object FullyQualifiedErrorId -Like 'KlingJobLimit,*').Exception.Message | Should -BeExactly 'The limit of 2 jobs is reached: 3 jobs were left, neither sent nor written down.'
        (Invoke-KlingBatch ./jobs.csv).State | Should -Be (@('Saved') * 5)
        (Get-EmulatorState @at).counters.submits | Should -Be 5
    }

    It 'keeps no row waiting for one whose gateway has no key' {
        $key = $env:COMETAPI_KEY
        $env:COMETAPI_KEY = $null
        try {
            (Get-Content ./jobs.csv) -replace '(order-1.*)Kling', '$1CometApi' | Set-Content ./jobs.csv
            { Invoke-KlingBatch ./jobs.csv -Gateway Kling -MaxJobs 2 -ErrorAction SilentlyContinue -OutVariable script:made } | Should -Throw -ErrorId 'KlingBatchIncomplete,*'
            ($made | Where-Object State -EQ Saved).ExternalTaskId | Sort-Object | Should -Be order-2, order-3
        } finally { $env:COMETAPI_KEY = $key }
    }

    It 'ends -WhatIf with the sum' {
        $run = Invoke-Shell -WorkingDirectory $PWD 'Invoke-KlingBatch ./jobs.csv -WhatIf -MaxJobs 4'
        ($run.Output.TrimEnd() -split '\r?\n')[-1] | Should -BeLike 'What if: 4 jobs would be submitted; 0 of the journal''s are not sent, 1 are beyond the limit. 4 × 3d_cartoon_2: *'
    }
}

Describe 'The sum of -WhatIf' {
    BeforeAll {
        $ledger = $env:KLING_LEDGER
        # Its last line, as a new process shows it.
        function Get-Sum([string] $Rows, [string] $Option = '-JournalPath ./jobs.journal') {
            $run = Invoke-Shell -WorkingDirectory $PWD "$Rows | New-KlingEffect -Gateway Kling -WhatIf $Option"
            $run.Error | Should -BeNullOrEmpty
            ($run.Output.TrimEnd() -split '\r?\n')[-1]
        }

        function Get-Row([int] $Count, [string] $Scene = '3d_cartoon_2') {
            "1..$Count | ForEach-Object { [pscustomobject]@{ Scene = '$Scene'; Image = ""https://images.example/`$_.jpg""; ExternalTaskId = ""order-`$_"" } }"
        }
        $today = [DateTime]::UtcNow.ToString('yyyy-MM-dd', [cultureinfo]::InvariantCulture)
    }
    AfterAll { $env:KLING_LEDGER = $ledger }
    BeforeEach {
        Push-Location (New-Item "TestDrive:/$([guid]::NewGuid())" -ItemType Directory)
        $env:KLING_LEDGER = "$PWD/ledger"
    }
    AfterEach { Pop-Location; Assert-EmulatorTraffic $emulator }

    It 'says that nothing is known where nothing is' {
        Get-Sum (Get-Row 20) | Should -BeExactly 'What if: 20 jobs would be submitted; 0 of the journal''s are not sent. 20 × 3d_cartoon_2: no earlier task tells what it cost.'
        Get-EmulatorRequest @at | Should -BeNullOrEmpty
        Get-ChildItem -Recurse | Should -BeNullOrEmpty
    }

    It 'tells median, range and days of what the account was charged: <Payment>' -ForEach @(
        @{ Payment = 'units'; Each = '3 units each (2 to 10, 3 tasks, {0})'; Total = '51 units (34 to 170)' }
        @{ Payment = 'cash'; Each = '0.42 in money each (0.28 to 1.4, 3 tasks, {0})'; Total = '7.14 in money (4.76 to 23.8)' }
        @{ Payment = 'both'; Each = '3 units each (2 to 10, 3 tasks, {0}); 0.42 in money each (0.28 to 1.4, 3 tasks, {0})'; Total = '51 units (34 to 170), and 7.14 in money (4.76 to 23.8)' }
    ) {
        foreach ($count in 1..3) {
            Set-EmulatorOption @{ payment = $Payment; unitsPerTask = (2, 10, 3)[$count - 1] } @at
            $null = Submit-Batch $count | Wait-KlingTask
        }
        Get-Sum (Get-Row 20) | Should -BeExactly ("What if: 17 jobs would be submitted; 3 of the journal's are not sent. 17 × 3d_cartoon_2: $Each. Together about $Total, if prices have not moved." -f $today)
    }

    It 'takes what the ledger knows, names scenes without evidence, and counts what -MaxJobs allows' {
        Set-EmulatorOption @{ payment = 'units' } @at
        $null = New-KlingEffect 3d_cartoon_2 https://images.example/1.jpg -Gateway Kling | Wait-KlingTask
        Get-KlingJob | Should -HaveCount 1
        $rows = "@($(Get-Row 2); [pscustomobject]@{ Scene = 'hug_pro'; Image = 'https://images.example/a.jpg', 'https://images.example/b.jpg' }; $(Get-Row 3))"
        Get-Sum $rows '' | Should -BeExactly ("What if: 4 jobs would be submitted; 0 of the journal's are not sent. 3 × 3d_cartoon_2: 2 units each (1 task, $today). " +
            '1 × hug_pro: no earlier task tells what it cost. Together about 6 units (known of 3 of them), if prices have not moved.')
        Get-Sum $rows '-MaxJobs 1' | Should -BeExactly "What if: 1 job would be submitted; 0 of the journal's are not sent, 3 are beyond the limit. 1 × 3d_cartoon_2: 2 units each (1 task, $today). Together about 2 units, if prices have not moved."
        Get-Sum (Get-Row 1) '-MaxJobs 0' | Should -BeLike '*0 jobs would be submitted*Nothing would be paid for.'
    }
}

Describe 'Where money runs out' {
    It 'the error says what the journal knows' {
        Push-Location (New-Item "TestDrive:/money" -ItemType Directory)
        try {
            Set-EmulatorOption @{ payment = 'cash'; affordableSubmits = 8 } @at
            $null = Submit-Batch 5 | Wait-KlingTask
            $made = Submit-Batch 20 @{ ThrottleLimit = 1; ErrorAction = 'SilentlyContinue'; ErrorVariable = 'script:failures' }
            $made | Should -HaveCount 8
            $failures | Should -HaveCount 12
            $failures.FullyQualifiedErrorId | Select-Object -Unique | Should -BeLike 'KlingQuotaExceeded,*'
            $failures[-1].Exception.Message | Should -BeLike '*So far 8 jobs of the journal got a task (cost 1.4 (known of 5)), and 12 jobs of this run did not.'
            $failures[-1].Exception.ExternalTaskId | Should -Not -BeNullOrEmpty

            Set-EmulatorOption @{ affordableSubmits = 100 } @at
            Submit-Batch 20 | Should -HaveCount 20
            (Get-EmulatorState @at).counters.acceptedSubmits | Should -Be 20
        } finally { Pop-Location }
        Assert-EmulatorTraffic $emulator
    }
}
