#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:sent = $env:COMETAPI_KEY
    $env:COMETAPI_KEY = $null
    $head = '{"klingJournal":1,"id":"5f3a9c0d7b1e4826a1c4d9e0f2b37586","createdAt":"2026-11-22T21:00:00+00:00"}'
    $lines = @(
        $head
        '{"event":"submitting","job":"x:a","at":"2026-11-22T21:00:01+00:00","externalTaskId":"a","scene":"hug","images":["/p/a.jpg","/p/b.jpg"],"duration":5}'
        '{"event":"submitting","job":"x:b","at":"2026-11-22T21:00:01+00:00","externalTaskId":"b","scene":"hug","images":["/p/b.jpg"],"duration":5}'
        '{"event":"uncertain","job":"x:b","at":"2026-11-22T21:00:02+00:00","error":"KlingSubmitUncertain","message":"no answer came in time"}'
        '{"event":"submitting","job":"x:c","at":"2026-11-22T21:00:01+00:00","externalTaskId":"c","scene":"hug","images":["/p/c.jpg"],"duration":5}'
        '{"event":"refused","job":"x:c","at":"2026-11-22T21:00:02+00:00","error":"KlingQuotaExceeded","code":"1102","message":"The balance is not enough."}'
        '{"event":"submitting","job":"sha256:3d","at":"2026-11-22T21:00:01+00:00","externalTaskId":"ke-17","scene":"hug","images":["/p/d.jpg"],"duration":5}'
        '{"event":"accepted","job":"sha256:3d","at":"2026-11-22T21:00:02+00:00","taskId":"4","kind":"effects"}'
        '{"event":"submitting","job":"x:e","at":"2026-11-22T21:00:01+00:00","externalTaskId":"e","scene":"hug","images":["/p/e.jpg"],"duration":5}'
        '{"event":"accepted","job":"x:e","at":"2026-11-22T21:00:02+00:00","taskId":"5","kind":"effects"}'
        '{"event":"ended","at":"2026-11-22T21:05:00+00:00","taskId":"5","outcome":{"status":"failed","message":"no face"}}'
        '{"event":"submitting","job":"x:e","at":"2026-11-22T22:00:01+00:00","attempt":2,"externalTaskId":"e.2","scene":"hug","images":["/p/e.jpg"],"duration":5}'
        '{"event":"accepted","job":"x:e","at":"2026-11-22T22:00:02+00:00","attempt":2,"taskId":"6","kind":"effects"}'
        '{"event":"ended","at":"2026-11-22T22:05:00+00:00","taskId":"6","outcome":{"status":"failed","message":"no face at all"}}'
        '{"event":"submitting","job":"x:f","at":"2026-11-22T21:00:01+00:00","externalTaskId":"f","scene":"hug","images":["/p/f.jpg"],"duration":5}'
        '{"event":"accepted","job":"x:f","at":"2026-11-22T21:00:02+00:00","taskId":"7","kind":"effects"}'
        '{"event":"ended","at":"2026-11-22T21:05:01+00:00","taskId":"7","outcome":{"status":"succeed","units":2.5,"endedAt":"2026-11-22T21:05:00+00:00"}}'
        '{"event":"submitting","job":"x:g","at":"2026-11-22T21:00:01+00:00","externalTaskId":"g","scene":"hug","images":["/p/g.jpg"],"duration":5}'
        '{"event":"accepted","job":"x:g","at":"2026-11-22T21:00:02+00:00","taskId":"8","kind":"effects"}'
        '{"event":"saved","at":"2026-11-22T21:06:00+00:00","taskId":"8","outcome":{"status":"succeed","units":2,"savedAt":"2026-11-22T21:06:00+00:00","files":[{"path":"/out/8.mp4","videoId":"v8"}]}}'
        '{"event":"an event of a later module","job":"x:g"}'
    )
    $script:journal = Join-Path $TestDrive one.journal
    Set-Content $journal $lines
}

AfterAll { $env:COMETAPI_KEY = $sent }

Describe 'Get-KlingJob' {
    It 'tells how far each job has got, without a key' {
        $jobs = Get-KlingJob $journal

        $jobs.State | Should -Be Uncertain, Uncertain, Refused, Running, Failed, Succeeded, Saved
        $jobs.ExternalTaskId | Should -Be a, b, c, $null, e, f, g
        $jobs.TaskId | Should -Be $null, $null, $null, 4, 6, 7, 8
        $jobs.Attempt | Should -Be 1, 1, 1, 1, 2, 1, 1
        $jobs.ErrorId | Should -Be KlingSubmitUncertain, KlingSubmitUncertain, KlingQuotaExceeded, $null, KlingTaskFailed, $null, $null
        $jobs[2].Code | Should -Be 1102
        $jobs[1].Message | Should -BeLike 'no answer*'
        $jobs[4].Message | Should -Be 'no face at all.'
        ($jobs | Measure-Object Units -Sum).Sum | Should -Be 4.5
        $jobs[0].Images | Should -Be /p/a.jpg, /p/b.jpg
        $jobs[5].EndedAt | Should -Be ([DateTimeOffset] '2026-11-22T21:05:00Z')
        $jobs[6].SavedAt | Should -Be ([DateTimeOffset] '2026-11-22T21:06:00Z')
        $jobs[6].Files | Should -Be /out/8.mp4
        $jobs.JournalPath | Sort-Object -Unique | Should -Be $journal
        Get-Content $journal | Should -Be $lines -Because 'it changes nothing'
    }

    It 'picks by -State' {
        (Get-KlingJob $journal -State Saved, Running).State | Should -Be Running, Saved
    }

    It 'takes several journals, patterns and files from the pipeline' {
        Copy-Item $journal "$TestDrive/two[1].journal"
        Get-KlingJob $TestDrive/*.journal | Should -HaveCount 14
        Get-KlingJob $journal, "$TestDrive/two[1].journal" | Should -HaveCount 14
        Get-ChildItem $TestDrive -Filter *.journal | Get-KlingJob | Should -HaveCount 14
        Remove-Item -LiteralPath "$TestDrive/two[1].journal"
    }

    It 'tells what is wrong with one journal and reads the others' {
        Set-Content $TestDrive/diary.txt 'Dear diary'
        $jobs = Get-KlingJob $TestDrive/none.journal, $TestDrive/diary.txt, $TestDrive/no*such, $journal -ErrorAction SilentlyContinue -ErrorVariable failures
        $jobs | Should -HaveCount 7
        $failures.FullyQualifiedErrorId | Should -Be (@('KlingJournalInvalid,KlingEffects.Commands.GetKlingJobCommand') * 3)
    }

    It 'gives objects that keep their lists in a CSV cell and in CLIXML' {
        $row = Get-KlingJob $journal | ConvertTo-Csv | ConvertFrom-Csv
        $row[0].Images | Should -Be '/p/a.jpg | /p/b.jpg'
        Get-KlingJob $journal | Export-Clixml $TestDrive/jobs.xml
        (Import-Clixml $TestDrive/jobs.xml)[0].Images | Should -Be /p/a.jpg, /p/b.jpg
    }

    It 'reads 100,000 jobs in seconds' {
        $big = [IO.StreamWriter]::new("$TestDrive/big.journal")
        $big.WriteLine($head)
        foreach ($n in 1..100000) {
            $big.WriteLine("{`"event`":`"submitting`",`"job`":`"x:$n`",`"at`":`"2026-11-22T21:00:01+00:00`",`"externalTaskId`":`"$n`",`"scene`":`"hug`",`"images`":[`"/p/$n.jpg`"],`"duration`":5}")
            $big.WriteLine("{`"event`":`"accepted`",`"job`":`"x:$n`",`"at`":`"2026-11-22T21:00:02+00:00`",`"taskId`":`"t$n`",`"kind`":`"effects`"}")
            $big.WriteLine("{`"event`":`"saved`",`"at`":`"2026-11-22T21:06:00+00:00`",`"taskId`":`"t$n`",`"outcome`":{`"status`":`"succeed`",`"files`":[{`"path`":`"/out/$n.mp4`"}]}}")
        }
        $big.Dispose()
        (Get-KlingJob $TestDrive/big.journal | Measure-Object).Count | Should -Be 100000
        Remove-Item $TestDrive/big.journal
    }

    It 'says of a job without a task why it can be neither waited for nor saved' {
        $null = Get-KlingJob $journal -State Refused | Wait-KlingTask -ApiKey none -ErrorAction SilentlyContinue -ErrorVariable failures
        "$failures" | Should -BeLike '*The job c has no task, for it is Refused*'
    }
}
