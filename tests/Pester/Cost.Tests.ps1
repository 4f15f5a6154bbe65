#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# What a batch costs, told after it: in units, in money, or not at all.

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
