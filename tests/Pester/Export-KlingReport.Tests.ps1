#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# The cmdlet; what the forms hold is tested in KlingEffects.Report.Tests.

BeforeAll {
    . $PSScriptRoot/common.ps1
    Push-Location $TestDrive

    $start = [DateTimeOffset]::new(2026, 11, 25, 8, 12, 0, [timespan]::Zero)
    $jobs = foreach ($state in [Enum]::GetValues([KlingEffects.KlingJobState])) {
        [KlingEffects.KlingJob] @{
            ExternalTaskId = "order-$([int] $state)"
            Scene          = 'hug_pro'
            Images         = [string[]] @((Join-Path $TestDrive 'photos/ana & ben.jpg'), 'https://images.example/b.jpg')
            State          = $state
            TaskId         = '2032273960331935744'
            Attempt        = 2
            Message        = $state -eq 'Failed' ? 'Image pixel is invalid' : $null
            ErrorId        = $state -eq 'Failed' ? 'KlingTaskFailed' : $null
            Units          = [decimal] 2.5
            SubmittedAt    = $start
            EndedAt        = $start.AddSeconds(134)
            Files          = [string[]] @((Join-Path $TestDrive out/1.mp4))
            JournalPath    = Join-Path $TestDrive jobs.journal
        }
    }

    function Get-Report([object[]] $Job) {
        foreach ($name in 'same.html', 'same.xml', 'same.md') {
            [IO.File]::ReadAllText(($Job | Export-KlingReport ./$name).FullName)
        }
    }
}

AfterAll {
    Pop-Location
}

Describe 'The form' {
    It 'is that of the extension: <Name>' -ForEach @(
        @{ Name = 'r.html'; Start = '<!DOCTYPE html>' }
        @{ Name = 'r.HTM'; Start = '<!DOCTYPE html>' }
        @{ Name = 'r.xml'; Start = '<?xml version="1.0" encoding="utf-8"?>' }
        @{ Name = 'r.md'; Start = '## Kling effects: jobs' }
    ) {
        $file = $jobs | Export-KlingReport ./$Name
        $file | Should -BeOfType IO.FileInfo
        $file.FullName | Should -BeExactly (Join-Path $TestDrive $Name)
        $file.PSPath | Should -Not -BeNullOrEmpty
        Get-Content $file -TotalCount 1 | Should -BeExactly $Start
    }

    It 'is that of -As, whatever the extension' {
        $null = $jobs | Export-KlingReport ./summary -As Markdown
        Get-Content ./summary -TotalCount 1 | Should -BeExactly '## Kling effects: jobs'
        $null = $jobs | Export-KlingReport ./odd.html -As JUnit
        ([xml] (Get-Content ./odd.html)).testsuites.tests | Should -Be 7
    }

    It 'is told to be missing before anything is written' {
        $thrown = { $jobs | Export-KlingReport ./report.txt } | Should -Throw -ErrorId 'KlingInvalidRequest,*' -PassThru
        $thrown.ErrorDetails.RecommendedAction | Should -Match '\.html, \.xml or \.md, or give -As'
        './report.txt' | Should -Not -Exist
    }
}

Describe 'Jobs' {
    BeforeAll {
        $live = Get-Report $jobs
    }

    It 'are taken as they come back from Export-Clixml' {
        $jobs | Export-Clixml ./jobs.clixml
        Get-Report (Import-Clixml ./jobs.clixml) | Should -BeExactly $live
    }

    It 'are taken as they come back from JSON' -ForEach @{ Enum = @{} }, @{ Enum = @{ EnumsAsStrings = $true } } {
        Get-Report ($jobs | ConvertTo-Json @Enum | ConvertFrom-Json) | Should -BeExactly $live
        Get-Report ($jobs | ConvertTo-Json @Enum | ConvertFrom-Json -AsHashtable) | Should -BeExactly $live
    }

    It 'are taken as they come back from CSV, written in <_>' -ForEach 'en-US', 'de-DE' {
        $before = [cultureinfo]::CurrentCulture
        [cultureinfo]::CurrentCulture = $_
        try {
            Get-Report ($jobs | ConvertTo-Csv | ConvertFrom-Csv) | Should -BeExactly $live
        } finally {
            [cultureinfo]::CurrentCulture = $before
        }
    }

    It 'are taken as they come back from a background job' {
        $job = Start-ThreadJob { $using:jobs }
        Get-Report ($job | Receive-Job -Wait -AutoRemoveJob) | Should -BeExactly $live
        Get-Report ($jobs | ForEach-Object { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($_, 1)) }) | Should -BeExactly $live
    }

    It 'are taken by -InputObject' {
        $null = Export-KlingReport ./given.md -InputObject $jobs
        Get-Content ./given.md -Raw | Should -BeExactly $live[2]
    }

    It 'that are none are errors of their own, and the rest is written' {
        $file = @($jobs[0], [pscustomobject] @{ Name = 'x' }, (Get-Item .), [pscustomobject] @{ State = 'Odd' }, $jobs[1]) |
            Export-KlingReport ./some.xml -ErrorVariable failed -ErrorAction SilentlyContinue
        ([xml] (Get-Content $file)).testsuites.tests | Should -Be 3
        $failed | Should -HaveCount 2
        "$($failed[0])" | Should -Match 'The object has no State property: give what Get-KlingJob returns'
        Get-Content $file -Raw | Should -BeLike "*Its state is 'Odd', which this version does not know.*"
    }

    It 'may be none at all' {
        @() | Export-KlingReport ./none.xml | Should -Exist
        ([xml] (Get-Content ./none.xml)).testsuites.tests | Should -Be 0
        @() | Export-KlingReport ./none.html | Should -Exist
        @() | Export-KlingReport ./none.md | Should -Exist
    }

    It 'with pictures by a relative path are looked for from the current location' {
        $null = [KlingEffects.KlingJob] @{ State = 'Saved'; Images = [string[]] 'photos/ana.jpg' } | Export-KlingReport ./relative.html
        Get-Content ./relative.html -Raw | Should -Match 'src="photos/ana\.jpg"'
    }
}

Describe 'The file' {
    It 'refers to pictures and videos from its folder' {
        $null = New-Item ./reports -ItemType Directory -Force
        $null = $jobs | Export-KlingReport ./reports/r.html
        $page = Get-Content ./reports/r.html -Raw
        $page | Should -Match 'src="\.\./photos/ana%20%26%20ben\.jpg"'
        $page | Should -Match 'src="\.\./out/1\.mp4"'
        $page | Should -Not -Match ([regex]::Escape($TestDrive)) -Because 'a page that is published tells no folders of the machine'
    }

    It 'is taken literally, brackets too, and replaced' {
        Set-Content -LiteralPath './r[1].md' old
        ($jobs | Export-KlingReport './r[1].md').Name | Should -BeExactly 'r[1].md'
        Get-Content -LiteralPath './r[1].md' -TotalCount 1 | Should -Match '^##'
    }

    It 'in a folder that is not there is told at once' {
        $script:asked = 0
        $thrown = { 1..3 | ForEach-Object { $script:asked++; $jobs[0] } | Export-KlingReport ./nowhere/r.html } | Should -Throw -ErrorId 'KlingReportFailed,*' -PassThru
        $thrown.Exception.Message | Should -BeExactly "The report '$(Join-Path $TestDrive nowhere r.html)' could not be written: its folder is not there."
        $thrown.CategoryInfo.Category | Should -Be WriteError
        $thrown.ErrorDetails.RecommendedAction | Should -Match 'Make the folder first'
        $script:asked | Should -Be 0
    }

    It 'is not there after a pipeline that ended early, nor is anything else' {
        $null = New-Item ./early -ItemType Directory
        { $jobs | ForEach-Object { $_; throw 'stop' } | Export-KlingReport ./early/r.html } | Should -Throw stop
        Get-ChildItem ./early -Force | Should -BeNullOrEmpty
    }

    It 'is not written by -WhatIf' {
        $jobs | Export-KlingReport ./whatif.html -WhatIf | Should -BeNullOrEmpty
        './whatif.html' | Should -Not -Exist
    }

    It 'on a provider without files is an error that says so' {
        { $jobs | Export-KlingReport Env:/report.html } | Should -Throw '*which has no files*' -ErrorId 'KlingInvalidRequest,*'
    }
}
