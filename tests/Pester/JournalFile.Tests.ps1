#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/Support/journal.ps1
    $script:emulator = Start-Emulator @{ 'record-bodies' = $true }
}

AfterAll { Stop-Emulator $emulator }

Describe 'A journal' {
    BeforeEach {
        $script:journal = Join-Path $TestDrive "$([guid]::NewGuid())/jobs.journal"
    }

    AfterEach {
        if (Test-Path -LiteralPath $journal) { Get-Content -Raw -LiteralPath $journal | Should -Not -Match ([regex]::Escape($emulator.Key)) }
        Assert-EmulatorTraffic $emulator
    }

    Context 'that is damaged' {
        It 'goes on after a torn last line: <Name>' -ForEach @(
            @{ Name = 'half an object'; Torn = '{"event":"submitting","job":"sha256:00' }
            @{ Name = 'a brace'; Torn = '{' }
            @{ Name = 'zeroes'; Torn = "`0`0`0`0" }
        ) {
            $first = Submit-Job a
            [IO.File]::AppendAllText($journal, $Torn)
            $second = Submit-Job a, b

            $failures | Should -BeNullOrEmpty
            $second | Should -HaveCount 2
            $second.TaskId | Should -Contain $first.TaskId
            (Get-JournalLine).event | Should -Be submitting, accepted, submitting, accepted
            Get-EmulatorRequest submit | Should -HaveCount 2
        }

        It 'is in doubt of a job whose accepted line was torn, and finds it' {
            $first = Submit-Job a
            $lines = [IO.File]::ReadAllLines($journal)
            [IO.File]::WriteAllText($journal, "$($lines[0])`n$($lines[1])`n$($lines[2].Substring(0, 20))")
            $second = Submit-Job a

            $second.TaskId | Should -BeExactly $first.TaskId
            Get-EmulatorRequest submit | Should -HaveCount 1
        }

        It 'is KlingJournalInvalid when a line before the last can''t be read, and is left as it is' {
            $null = Submit-Job a
            $lines = [IO.File]::ReadAllLines($journal)
            $lines[1] = $lines[1].Substring(0, 30)
            [IO.File]::WriteAllLines($journal, $lines)
            $before = Get-FileHash $journal

            { Submit-Job a, b } | Should -Throw -ErrorId 'KlingJournalInvalid,*' -PassThru |
                ForEach-Object { $_.CategoryInfo.Category | Should -Be InvalidData; $_.Exception.Message | Should -BeLike '*line 2*' }
            (Get-FileHash $journal).Hash | Should -Be $before.Hash
            Get-EmulatorRequest submit | Should -HaveCount 1
        }

        It 'is KlingJournalInvalid when it is no journal, and is left as it is' {
            $null = New-Item -ItemType Directory (Split-Path $journal)
            [IO.File]::WriteAllText($journal, "Scene,Image`nhug,a.jpg`n")

            $thrown = { Submit-Job a } | Should -Throw -ErrorId 'KlingJournalInvalid,*' -PassThru
            $thrown.CategoryInfo.Category | Should -Be InvalidData
            $thrown.TargetObject | Should -BeExactly $journal
            { Get-KlingTask -JournalPath $journal } | Should -Throw -ErrorId 'KlingJournalInvalid,*'
            [IO.File]::ReadAllText($journal) | Should -BeExactly "Scene,Image`nhug,a.jpg`n"
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }
    }

    Context 'that is in use' {
        It 'is KlingJournalLocked for another pipeline, which sends nothing' {
            Add-EmulatorFault @{ operation = 'submit'; delay = 2 }
            $null = New-Item -ItemType Directory (Split-Path $journal)
            $job = Start-Thread
            try {
                Wait-Emulator { $_.submits -eq 1 }
                $thrown = { Submit-Job b } | Should -Throw -ErrorId 'KlingJournalLocked,*' -PassThru
                $thrown.CategoryInfo.Category | Should -Be ResourceBusy
                $thrown.TargetObject | Should -BeExactly $journal
                $thrown.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            } finally { $null = Wait-Thread $job }

            Get-EmulatorRequest submit | Should -HaveCount 1
            Submit-Job b | Should -HaveCount 1 -Because 'the journal is given back'
        }

        It 'is KlingJournalLocked for another process, which sends nothing' {
            Add-EmulatorFault @{ operation = 'submit'; times = 1; delay = 30 }
            $null = New-Item -ItemType Directory (Split-Path $journal)
            $shell = Start-Submit
            try {
                Wait-Emulator { $_.submits -eq 1 }
                { Submit-Job b } | Should -Throw -ErrorId 'KlingJournalLocked,*'
                (Get-KlingJob $journal).State | Should -Be Submitting
            } finally { Remove-Shell $shell }

            (Get-KlingJob $journal).State | Should -Be Uncertain

            Get-EmulatorRequest submit | Should -HaveCount 1
            Submit-Job b | Should -HaveCount 1 -Because 'a process that is gone holds nothing'
        }

        It 'loses nothing with a process that is killed: the job is found, and not paid for twice' {
            Add-EmulatorFault @{ operation = 'submit'; times = 1; delay = 30 }
            $null = New-Item -ItemType Directory (Split-Path $journal)
            $shell = Start-Submit
            try { Wait-Emulator { $_.acceptedSubmits -eq 1 } } finally { Remove-Shell $shell }

            (Submit-Job a).TaskId | Should -BeExactly (Get-EmulatorState).tasks.id
            Get-EmulatorRequest submit | Should -HaveCount 1
        }
    }

    Context 'where the file system does not lock' {
        BeforeEach {
            $env:DOTNET_SYSTEM_IO_DISABLEFILELOCKING = '1'
            $null = New-Item -ItemType Directory (Split-Path $journal)
            $script:next = "(New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -JournalPath '$journal').TaskId"
        }

        AfterEach { $env:DOTNET_SYSTEM_IO_DISABLEFILELOCKING = $null }

        It 'is KlingJournalLocked for another process, and a process that was killed keeps nobody out' {
            Add-EmulatorFault @{ operation = 'submit'; times = 1; delay = 30 }
            $shell = Start-Submit
            try {
                Wait-Emulator { $_.submits -eq 1 }
                $before = (Get-FileHash $journal).Hash
                $refused = Invoke-Shell $next
                $refused.Error + $refused.Output | Should -BeLike '*is in use by another process or pipeline (process *'
                (Get-FileHash $journal).Hash | Should -Be $before
                Get-EmulatorRequest submit | Should -HaveCount 1
            } finally { Remove-Shell $shell }

            $taken = Invoke-Shell $next
            $taken.Output.Trim() | Should -BeExactly (Get-EmulatorState).tasks.id
            Get-EmulatorRequest submit | Should -HaveCount 1
            Get-ChildItem (Split-Path $journal) | Should -HaveCount 1 -Because 'no guard is left'
        }
    }
}
