#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Every example of the help, run against the emulator.

BeforeDiscovery {
    $examples = foreach ($page in Get-ChildItem $PSScriptRoot/../../docs/en-US/*-*.md) {
        $section = [regex]::Match((Get-Content $page -Raw), '(?s)\n## EXAMPLES\n(.*?)\n## PARAMETERS\n').Groups[1].Value
        foreach ($example in [regex]::Matches($section, '(?s)### Example (?<number>\d+): (?<title>[^\n]+)\n\n```powershell\n(?<code>.*?)\n```')) {
            @{ Cmdlet = $page.BaseName; Number = $example.Groups['number'].Value; Title = $example.Groups['title'].Value; Code = $example.Groups['code'].Value }
        }
    }
}

BeforeAll {
    . $PSScriptRoot/common.ps1
    # A key that either gateway takes.
    $emulator = Start-Emulator @{ key = 'test-7f3a91c2d4' }

    function Enter-Workplace([string] $Folder) {
        Push-Location (New-Item $Folder -ItemType Directory)
        $shade = 0
        foreach ($name in 'ana', 'ben', 'dog', 'photos/1', 'photos/2', 'photos/3') { $null = New-TestImage "./$name.jpg" -Shade (++$shade) }
        [pscustomobject]@{ Scene = 'hug_pro'; Image = './ana.jpg'; SecondImage = './ben.jpg'; Duration = ''; ExternalTaskId = 'order-1' },
        [pscustomobject]@{ Scene = '3d_cartoon_2'; Image = './dog.jpg'; SecondImage = ''; Duration = 5; ExternalTaskId = '' } | Export-Csv ./jobs.csv
    }

    function Submit-Job {
        Import-Csv ./jobs.csv | New-KlingEffect -JournalPath ./jobs.journal -Verbose:$false
    }

    function Get-Secret([string] $Name) {
        ConvertTo-SecureString $emulator.Key -AsPlainText -Force | Add-Member SecretName $Name -PassThru
    }

    $packs = @{ name = 'Video-100Units-5Con-1Months'; purchaseTime = [DateTimeOffset]::UtcNow.AddDays(-9); remaining = 90 },
    @{ name = 'Video-10Units-1Con-1Months'; purchaseTime = [DateTimeOffset]::UtcNow.AddDays(-99); remaining = 0; status = 'expired' }
    $atKling = @{
        Option = @{ gateway = 'kling'; resourcePacks = $packs }
        Given  = { $env:KLING_BASE_URL = $emulator.BaseUri; $env:KLING_API_KEY = $emulator.Key }
    }

    # What each example needs beyond the pictures and jobs.csv, and what it leads to. $id is the task that its text names.
    $cases = @{
        'New-KlingEffect 1'  = @{ Then = { Get-ChildItem ./out/*.mp4 | Should -HaveCount 1 } }
        'New-KlingEffect 2'  = @{ Then = { (Get-EmulatorState).requests | Should -BeNullOrEmpty } }
        'New-KlingEffect 3'  = @{ Then = { Get-ChildItem ./out/*.mp4 | Should -HaveCount 3 } }
        'New-KlingEffect 4'  = @{ Then = { Get-ChildItem ./out/*.mp4 | Should -HaveCount 2; './jobs.journal' | Should -Exist } }
        'New-KlingEffect 5'  = @{ Given = { $env:COMETAPI_KEY = '' }; Then = { Get-ChildItem ./out/*.mp4 | Should -HaveCount 1 } }
        'New-KlingEffect 6'  = @{ Then = { $output.ExternalTaskId | Should -BeExactly order-1042; (Get-EmulatorState).tasks[0].imageCount | Should -Be 2 } }
        'New-KlingEffect 7'  = @{
            Given = { Add-Content ./jobs.csv '"hug_pro","./nobody.jpg","./ben.jpg","",""' }
            Then  = { @(Import-Csv ./tasks.csv) | Should -HaveCount 2; $output | Should -BeLike 'KlingImageNotFound*nobody.jpg*' }
        }
        'Invoke-KlingBatch 1' = @{ Then = { $output.State | Should -Be Saved, Saved; Get-ChildItem ./state/videos/*.mp4 | Should -HaveCount 2 } }
        'Invoke-KlingBatch 2' = @{ Then = { (Get-EmulatorState).requests | Should -BeNullOrEmpty; './state' | Should -Not -Exist } }
        'Invoke-KlingBatch 3' = @{ Then = { $output.State | Should -Be Running, Running, Saved, Saved } }
        'Invoke-KlingBatch 4' = @{
            Given = { (Get-Content ./jobs.csv) -replace '"5",""', '"5","order-2"' | Set-Content ./jobs.csv }
            Then  = { './state/jobs-1-of-2.journal' | Should -Exist }
        }
        'Invoke-KlingBatch 5' = @{ Then = { (Get-ChildItem ./out/*.mp4).Name | Sort-Object | Should -Be 1.mp4, 2.mp4, 3.mp4 } }
        'Invoke-KlingBatch 6' = @{ Then = { $output | Should -BeNullOrEmpty } }
        'New-KlingEffect 8'  = @{ Then = { Get-ChildItem ./out/*.mp4 | Should -HaveCount 2; (Get-EmulatorState).counters.submits | Should -Be 2 } }
        'Get-KlingJob 1'     = @{ Given = { Submit-Job }; Then = { $output.State | Should -Be Running, Running } }
        'Get-KlingJob 2'     = @{ Given = { Submit-Job }; Then = { ($output | Measure-Object Count -Sum).Sum | Should -Be 2 } }
        'Get-KlingJob 3'     = @{ Given = { Submit-Job }; Then = { Get-ChildItem ./out/*.mp4 | Should -HaveCount 2 } }
        'Get-KlingJob 4'     = @{ Given = { Submit-Job }; Then = { $output.Property | Should -Be Units, Cost } }
        'Get-KlingJob 5'     = @{
            Given = { Submit-Job | Wait-KlingTask | Save-KlingVideo ./out; Remove-Item ./out/*.mp4 }
            Then  = { $output | Should -HaveCount 2 }
        }
        'Get-KlingTask 1'    = @{ Then = { $output.TaskId | Should -BeExactly $id } }
        'Get-KlingTask 2'    = @{ Then = { $output | Get-PlainText | Should -Match "TaskId +: $id" } }
        'Get-KlingTask 3'    = @{ Given = { Submit-Job }; Then = { ($output | Measure-Object Count -Sum).Sum | Should -Be 2 } }
        'Get-KlingTask 4'    = @{ Given = { Submit-Job | Wait-KlingTask }; Then = { $output | Should -HaveCount 2 } }
        'Get-KlingTask 5'    = @{
            Option = @{ generationSeconds = 3600 }
            Given  = { $task = @(Submit-Job)[0]; $null = Invoke-Emulator Post "tasks/$($task.TaskId)/fail" @{ reason = 'no face' } }
            Then   = { (Import-Csv ./failed.csv).StatusMessage | Should -Be 'no face' }
        }
        'Get-KlingTask 6'    = @{ Given = { New-KlingEffect hug_pro ./ana.jpg, ./ben.jpg -ExternalTaskId order-1042 }; Then = { $output.ExternalTaskId | Should -BeExactly order-1042 } }
        'Get-KlingTask 7'    = @{ Kind = 'image2video'; Given = { Wait-KlingTask $id -Kind image2video }; Then = { $output.TaskId | Should -BeExactly $id } }
        'Wait-KlingTask 1'   = @{ Then = { $output.Status | Should -Be Succeed } }
        'Wait-KlingTask 2'   = @{ Given = { Submit-Job }; Then = { $output | Should -HaveCount 2 } }
        'Get-KlingTask 8'    = @{
            Option = @{ gateway = 'kling' }
            Given  = { $env:KLING_BASE_URL = $emulator.BaseUri; $env:KLING_API_KEY = $emulator.Key; Invoke-Emulator Post tasks @{ count = 5 } }
            Then   = { $env:KLING_BASE_URL = $env:KLING_API_KEY = $null; $output | Should -HaveCount 3 }
        }
        'Wait-KlingTask 3'   = @{ Then = { @($verbose) -match 'ended: Succeed' | Should -HaveCount 2 } }
        'Wait-KlingTask 4'   = @{ Option = @{ generationSeconds = 3600 }; Then = { (Import-Clixml ./unfinished.xml).TaskId | Should -BeExactly $id } }
        'Wait-KlingTask 5'   = @{ Then = { $output | Should -HaveCount 2 } }
        'Wait-KlingTask 6'   = @{ Given = { Submit-Job | Export-Csv ./tasks.csv }; Then = { $output | Should -HaveCount 2 } }
        'Export-KlingReport 1' = @{ Given = { Submit-Job }; Then = { $output.FullName | Should -Exist; Get-Content ./report.html -Raw | Should -Match '<bdi>order-1</bdi>' } }
        'Export-KlingReport 2' = @{ Given = { Submit-Job }; Then = { ([xml] (Get-Content ./results.xml)).testsuites.tests | Should -Be 2 } }
        'Export-KlingReport 3' = @{
            Given = { Submit-Job; $env:GITHUB_STEP_SUMMARY = Join-Path $PWD summary }
            Then  = { Get-Content ./summary -Raw | Should -Match '\*\*2 jobs\*\*'; $env:GITHUB_STEP_SUMMARY = '' }
        }
        'Export-KlingReport 4' = @{ Given = { Submit-Job }; Then = { Get-Content ./wrong.html -Raw | Should -Match 'There are no jobs' } }
        'Export-KlingReport 5' = @{ Given = { Submit-Job }; Then = { Get-Content ./report.md -Raw | Should -Match 'order-1' } }
        'Get-KlingAccount 1' = $atKling + @{ Then = { $output.Remaining | Should -Be 90, 0 } }
        'Get-KlingAccount 2' = $atKling + @{ Then = { $output.Remaining | Should -Be 90 } }
        'Get-KlingAccount 3' = $atKling + @{ Then = { $output.Sum | Should -Be 90 } }
        'Get-KlingAccount 4' = $atKling + @{ Then = { $output | Should -BeNullOrEmpty; $left.Sum | Should -Be 90 } }
        'Get-KlingScene 1'   = @{ Then = { $output.Count | Should -BeGreaterThan 200; $output.IsCurrent | Should -Not -Contain $false } }
        'Get-KlingScene 2'   = @{ Then = { $output.Name | Should -Contain 3d_cartoon_2 } }
        'Get-KlingScene 3'   = @{ Then = { $output.Name | Should -Contain hug_pro; $output.ImageCount | Should -Not -Contain 1 } }
        'Get-KlingScene 4'   = @{ Then = { $output[0].Name | Should -BeExactly magic_match_tree; $output.Name | Should -Contain hug } }
        'Get-KlingScene 5'   = @{ Then = { (Get-EmulatorState).requests | Should -BeNullOrEmpty } }
        'Save-KlingVideo 1'  = @{ Then = { $output | Should -HaveCount 1; $output | Should -BeOfType IO.FileInfo } }
        'Save-KlingVideo 2'  = @{ Given = { Wait-KlingTask $id }; Then = { "./out/$id.mp4" | Should -Exist } }
        'Save-KlingVideo 3'  = @{ Then = { $output.Name | Sort-Object | Should -Be '001-hug_pro.mp4', '002-3d_cartoon_2.mp4' } }
        'Save-KlingVideo 4'  = @{ Given = { Submit-Job }; Then = { $output.Name | Should -Contain order-1.mp4 } }
        'Save-KlingVideo 5'  = @{ Given = { Submit-Job }; Then = { (Import-Csv ./saved.csv).VideoId | Should -HaveCount 2 } }
        'Save-KlingVideo 6'  = @{
            Given = { Wait-KlingTask $id; $null = New-Item ./out/$id.mp4 -Value 'old' -Force }
            Then  = { (Get-Item ./out/$id.mp4).Length | Should -BeGreaterThan 10000 }
        }
    }
}

AfterAll {
    Stop-Emulator $emulator
}

Describe 'Example <Number> of <Cmdlet>, <Title>,' -ForEach $examples {
    It 'does what it says' {
        $case = $cases["$Cmdlet $Number"]
        $case | Should -Not -BeNullOrEmpty -Because 'every example has a test'
        $place = Join-Path $TestDrive ([guid]::NewGuid())
        $PSDefaultParameterValues = @{}
        Enter-Workplace $place
        try {
            if ($case.Option) { Set-EmulatorOption $case.Option }
            $id = if ($Code -match '\b2032273960331935744\b') { (Invoke-Emulator Post tasks @{ kind = $case.Kind ?? 'effects'; scene = 'hug_pro' }).id }
            if ($case.Given) { $null = . $case.Given }

            $verbose = [Collections.Generic.List[string]]::new()
            $mistakes = [Collections.Generic.List[object]]::new()
            $output = . ([scriptblock]::Create(($Code -replace '\b2032273960331935744\b', $id))) 2>&1 4>&1 | ForEach-Object {
                if ($_ -is [Management.Automation.VerboseRecord]) { $verbose.Add($_.Message) }
                elseif ($_ -is [Management.Automation.ErrorRecord]) { $mistakes.Add($_) }
                else { $_ }
            }
            $mistakes | Should -BeNullOrEmpty
            $env:COMETAPI_KEY = $emulator.Key
            if ($case.Option.gateway) { $env:KLING_BASE_URL = $env:KLING_API_KEY = $null }
            . $case.Then
        } finally {
            $env:COMETAPI_KEY = $emulator.Key
            Pop-Location
        }

        Assert-EmulatorTraffic $emulator
    }
}
