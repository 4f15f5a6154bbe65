#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# The commands of docs/ci as they stand in the recipes, run as each system runs them: cancelled, and run again.

BeforeDiscovery {
    $hasFlock = $null -ne (Get-Command flock -ErrorAction Ignore)
    $hasSh = $null -ne (Get-Command sh -CommandType Application -ErrorAction Ignore)
    $systems = @(
        @{ System = 'GitHub Actions'; Page = 'github-actions.md'; Kind = 'run'; Secret = 'COMETAPI_KEY: ${{ secrets.COMETAPI_KEY }}'; Missing = ''; Variable = @{ GITHUB_ACTIONS = 'true' } }
        @{ System = 'Azure Pipelines'; Page = 'azure-pipelines.md'; Kind = 'pwsh'; Secret = 'COMETAPI_KEY: $(CometApiKey)'; Missing = ''; Variable = @{ TF_BUILD = 'True' } }
        @{ System = 'GitLab'; Page = 'gitlab.md'; Kind = 'script'; Secret = $null; Missing = $hasSh ? '' : 'there is no sh'; Variable = @{ GITLAB_CI = 'true'; NEW_BATCH = '1' } }
        @{ System = 'Jenkins'; Page = 'jenkins.md'; Kind = 'jenkins'; Secret = $null; Missing = $hasSh ? '' : 'there is no sh'; Variable = @{} }
        @{ System = 'cron'; Page = 'cron.md'; Kind = 'cron'; Secret = $null; Missing = $hasFlock ? '' : 'there is no flock'; Variable = @{} }
    )
}

BeforeAll {
    . $PSScriptRoot/common.ps1
    $recipes = Join-Path $RepositoryRoot docs/ci
    $command = 'Import-Module ./modules/KlingEffects; $null = Invoke-KlingBatch ./jobs.csv -CI'
    $shells = New-ShellFolder $TestDrive/shells
    $emulator = Start-Emulator

    function Get-Fence([string] $Page, [string] $Language) {
        foreach ($found in [regex]::Matches((Get-Content $recipes/$Page -Raw), "(?s)``````$Language\n(.*?)\n``````")) { $found.Groups[1].Value }
    }

    # The lines of a literal block (name: |) or of a list below a name, without their indentation.
    function Get-Block([string] $Yaml, [string] $Name) {
        $lines = $Yaml -split '\n'
        for ($i = 0; $i -lt $lines.Count; $i++) {
            if ($lines[$i] -match "^(?<indent> *(- )?)$Name`:( \|)?$") {
                $indent = $Matches.indent.Length
                $body = for ($j = $i + 1; $j -lt $lines.Count -and ($lines[$j] -match "^ {$($indent + 1),}" -or -not $lines[$j]); $j++) { $lines[$j] }
                $least = ($body | Where-Object { $_ } | ForEach-Object { $_.Length - $_.TrimStart().Length } | Measure-Object -Minimum).Minimum
                ($body | ForEach-Object { $_.Length -gt $least ? ($_.Substring($least) -replace '^- ') : '' }) -join "`n"
            }
        }
    }

    function New-Place {
        $place = (New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory).FullName
        $module = New-Item $place/modules/KlingEffects -ItemType Directory
        $built = Split-Path $ModuleUnderTest
        Copy-Item $built/lib, $built/en-US, $ModuleUnderTest $module -Recurse
        foreach ($name in 'ana', 'ben', 'cat') { $null = New-TestImage $place/pictures/$name.jpg -Shade ([byte] $name[1]) }
        $jobs = @(
            'Scene,Image,SecondImage,ExternalTaskId'
            'hug_pro,./pictures/ana.jpg,./pictures/ben.jpg,hug-ana-ben'
            '3d_cartoon_2,./pictures/cat.jpg,,cartoon-cat'
            'pet_fitness,./pictures/cat.jpg,,fit-cat'
        )
        Set-Content $place/jobs.csv $jobs
        $place
    }

    # GitHub Actions and Azure Pipelines both run a PowerShell step so.
    function Get-PwshStep([string] $Place, [string] $Code) {
        $file = Join-Path $Place "step-$([guid]::NewGuid()).ps1"
        $lines = '$ErrorActionPreference = ''stop''', $Code, 'if ((Test-Path -LiteralPath variable:\LASTEXITCODE)) { exit $LASTEXITCODE }'
        Set-Content $file $lines
        Get-ShellCommand
        '-NoProfile', '-NonInteractive', '-Command', ". '$file'"
    }

    function Get-Step([string] $Kind, [string] $Page, [string] $Place) {
        switch ($Kind) {
            cron {
                Set-Content $Place/run-videos.sh (Get-Fence $Page sh)
                $null = New-Item $Place/.config/kling/key -Value "$($emulator.Key)`n" -Force
                'sh', './run-videos.sh'
            }
            jenkins { 'sh', '-xe', '-c', [regex]::Match(@(Get-Fence $Page groovy)[0], "\bsh '([^']+)'").Groups[1].Value }
            script { 'sh', '-e', '-c', (Get-Block @(Get-Fence $Page yaml)[0] script) }
            default { Get-PwshStep $Place @(Get-Block @(Get-Fence $Page yaml)[0] $Kind)[-1] }
        }
    }

    function Start-Step([string[]] $Command, [string] $Place, [hashtable] $Variable = @{}) {
        $start = Get-ProcessStart $Command $Place
        foreach ($name in $Variable.Keys) { $start.Environment[$name] = $Variable[$name] }
        $start.Environment['HOME'] = $Place
        $start.Environment['PATH'] = $shells + [IO.Path]::PathSeparator + $env:PATH
        if ($Command[1] -eq './run-videos.sh') { $null = $start.Environment.Remove('COMETAPI_KEY') }
        $process = [Diagnostics.Process]::Start($start)
        [pscustomobject]@{ Process = $process; Out = $process.StandardOutput.ReadToEndAsync(); Error = $process.StandardError.ReadToEndAsync() }
    }

    function Wait-Step([object] $Step) {
        if (-not $Step.Process.WaitForExit(120000)) {
            $Step.Process.Kill($true)
            throw "The step did not end within two minutes: $($Step.Out.Result)"
        }

        [pscustomobject]@{ ExitCode = $Step.Process.ExitCode; Log = $Step.Out.Result -split '\r?\n' | Where-Object { $_ }; Error = $Step.Error.Result }
    }

    # An interrupt, as build systems send it, to a step that is PowerShell; the end of all its processes otherwise.
    function Stop-Step([object] $Step, [bool] $Interrupt) {
        if ($Interrupt -and -not $IsWindows) { & kill -INT $Step.Process.Id } else { $Step.Process.Kill($true) }
        $null = Wait-Step $Step
    }

    # What a later run of the same system has.
    function Get-Later([hashtable] $Variable) {
        $later = $Variable.Clone()
        $later.Remove('NEW_BATCH')
        $later
    }

    function Assert-Done([string] $Place) {
        (Get-ChildItem $Place -Filter *.mp4 -Recurse).Name | Sort-Object | Should -Be cartoon-cat.mp4, fit-cat.mp4, hug-ana-ben.mp4
        (Get-EmulatorState).counters.acceptedSubmits | Should -Be 3 -Because 'each job is paid for once'
    }
}

AfterAll {
    Stop-Emulator $emulator
}

Describe 'The recipe for <System>' -ForEach $systems {
    AfterEach {
        Assert-EmulatorTraffic $emulator
    }

    It 'goes on after it was cancelled, and pays for nothing twice' {
        if ($Missing) { Set-ItResult -Skipped -Because $Missing; return }
        $place = New-Place
        $steps = Get-Step $Kind $Page $place
        Set-EmulatorOption @{ generationSeconds = 3600 }
        $step = Start-Step $steps $place $Variable
        try {
            Wait-Emulator { $_.acceptedSubmits -ge 3 -and $_.queries -ge 1 }
        } finally {
            Stop-Step $step ($Kind -in 'run', 'pwsh')
            # The lock is free once the last process of the killed tree is gone.
            if ($Kind -eq 'cron') { & flock --timeout 60 $place/run-videos.lock true }
        }

        foreach ($task in (Get-EmulatorState).tasks) { $null = Invoke-Emulator Post "tasks/$($task.id)/succeed" }
        $run = Wait-Step (Start-Step $steps $place (Get-Later $Variable))
        $run.ExitCode | Should -Be 0 -Because "$($run.Log)$($run.Error)"
        Assert-Done $place
        Get-ChildItem $place -Filter *.lock -Recurse | Where-Object FullName -NotLike '*run-videos*' | Should -BeNullOrEmpty
    }

    It 'writes plain lines, fails where a job does, and never shows the key' {
        if ($Missing) { Set-ItResult -Skipped -Because $Missing; return }
        if ($Secret) { @(Get-Fence $Page yaml)[0] | Should -Match ([regex]::Escape($Secret)) }
        $place = New-Place
        Add-Content $place/jobs.csv 'pet_fitness,./pictures/nobody.jpg,,fit-nobody'
        $run = Wait-Step (Start-Step (Get-Step $Kind $Page $place) $place $Variable)
        $run.ExitCode | Should -Be 1
        Assert-Done $place
        $log = $Kind -eq 'cron' ? (Get-Content $place/run-videos.log) : $run.Log
        # Beside the lines stand the commands of the build system, and in cron's log the errors.
        $log = @($log) -cnotmatch '^::|^##vso|\x1b\[0Ksection_' | Where-Object { $Kind -ne 'cron' -or $_ -match '^\d{4}-' }
        $log | Should -Match '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \S'
        $log -match ' ERROR KlingImageNotFound: ' | Should -HaveCount 1
        $log[-1] | Should -Match ' done, problems: 1$'
        "$log $($run.Log) $($run.Error)" | Should -Not -Match ([regex]::Escape($emulator.Key))
        "$log" | Should -Not -Match '\x1b'
    }
}

Describe 'The results' {
    It 'are shown in the own view of <System>' -ForEach @(
        @{ System = 'GitHub Actions'; Page = 'github-actions.md'; Count = 1; Published = '(?s)upload-artifact@.*?\n +state/report\*\.html\n +state/results\*\.xml\n' }
        @{ System = 'Azure Pipelines'; Page = 'azure-pipelines.md'; Count = 1; Published = 'PublishTestResults@2\n(.*\n){4} +testResultsFiles: state/results\.xml\n' }
        @{ System = 'GitLab'; Page = 'gitlab.md'; Count = 1; Published = ' +reports:\n +junit: state/results\.xml\n' }
        @{ System = 'Jenkins'; Page = 'jenkins.md'; Count = 1; Published = "\bjunit 'state/results\.xml'\n" }
        @{ System = 'all systems of the two steps'; Page = 'two-steps.md'; Count = 3; Published = '(?s)upload-artifact@.*?\n +state/results\*\.xml\n| junit: state/results\.xml\n| testResultsFiles: state/results\.xml\n' }
    ) {
        $text = (Get-Content $recipes/$Page -Raw) -replace '\r'
        [regex]::Matches($text, $Published) | Should -HaveCount $Count
    }
}

Describe 'The recipe for Azure Pipelines, <Azure.Page>' -ForEach @{ Azure = @{ Page = 'azure-pipelines.md'; Fence = 0 } }, @{ Azure = @{ Page = 'two-steps.md'; Fence = 2 } } {
    It 'finds the state of <Name>' -ForEach @(
        @{ Name = 'a cancelled run'; Left = @{ 7 = 'logs', 'state-1', 'state-2' }; Expected = 7, 'state-2' }
        @{ Name = 'the tenth attempt at this run'; Left = @{ 9 = 'state-9', 'state-10'; 7 = @('state-1') }; Expected = 9, 'state-10' }
        @{ Name = 'no run where none has left any'; Left = @{ 7 = 'logs', 'estate-1' }; Expected = @() }
    ) {
        $step = @(Get-Block @(Get-Fence $Azure.Page yaml)[$Azure.Fence] pwsh)[0]
        function Invoke-RestMethod([string] $Uri) {
            if ($Uri -match '/builds/(?<id>\d+)/artifacts') { @{ value = @($Left[[int] $Matches.id] | Where-Object { $_ } | ForEach-Object { @{ name = $_ } }) } }
            else { $Uri | Should -Match '/_apis/build/builds\?definitions=5&.*\$top=50'; @{ value = @{ id = 8; result = 'failed' }, @{ id = 7; result = 'canceled' }, @{ id = 6 } } }
        }

        $variables = @{ SYSTEM_COLLECTIONURI = 'https://dev.example.com/org/'; SYSTEM_TEAMPROJECT = 'p'; SYSTEM_DEFINITIONID = '5'; BUILD_BUILDID = '9' }
        foreach ($name in $variables.Keys) { [Environment]::SetEnvironmentVariable($name, $variables[$name]) }
        try {
            $run, $state = $Expected
            $lines = $run ? @("##vso[task.setvariable variable=lastRun]$run", "##vso[task.setvariable variable=lastState]$state") : @()
            . ([scriptblock]::Create($step)) | Should -BeExactly $lines
        } finally {
            foreach ($name in $variables.Keys) { [Environment]::SetEnvironmentVariable($name, $null) }
        }
    }
}

Describe 'A recipe' {
    It 'pays once: <System> makes videos of one branch, and sends nothing where its journal is gone' -ForEach @(
        @{ System = 'GitHub Actions'; Page = 'github-actions.md'; Fence = 0; Branch = "if: github\.ref == 'refs/heads/main'\n"; Guard = 'fail-on-cache-miss: \$\{\{ !inputs\.new \}\}\n'; Kept = 'path: state/\*\.journal\n' }
        @{ System = 'GitHub Actions in parts'; Page = 'many-machines.md'; Fence = 0; Branch = "if: github\.ref == 'refs/heads/main'\n"; Guard = 'fail-on-cache-miss: \$\{\{ !inputs\.new \}\}\n'; Kept = 'path: state/\*\.journal\n' }
        @{ System = 'GitHub Actions in two steps'; Page = 'two-steps.md'; Fence = 0; Branch = "if: github\.ref == 'refs/heads/main'\n"; Guard = 'fail-on-cache-miss: \$\{\{ !inputs\.new \}\}\n'; Kept = 'path: state/\*\.journal\n' }
        @{ System = 'GitLab'; Page = 'gitlab.md'; Fence = 0; Branch = 'if: \$CI_COMMIT_BRANCH != \$CI_DEFAULT_BRANCH\n +when: never\n'; Guard = 'test -f state/jobs\.journal'; Kept = 'key: journal\n +paths: \[state/\*\.journal\]\n' }
        @{ System = 'GitLab in two steps'; Page = 'two-steps.md'; Fence = 1; Branch = 'if: \$CI_COMMIT_BRANCH == \$CI_DEFAULT_BRANCH && '; Guard = 'test -f state/jobs\.journal'; Kept = 'key: journal\n +paths: \[state/\*\.journal\]\n' }
        @{ System = 'Azure Pipelines'; Page = 'azure-pipelines.md'; Fence = 0; Branch = "pr: none\n(?s:.*)condition: eq\(variables\['Build\.SourceBranch'\], 'refs/heads/main'\)\n"; Guard = "eq\(variables\.lastRun, ''\), eq\('\$\{\{ parameters\.newBatch \}\}', 'False'\)"; Kept = 'Remove-Item \./state/\*\.lock\n' }
        @{ System = 'Azure Pipelines in two steps'; Page = 'two-steps.md'; Fence = 2; Branch = "pr: none\n(?s:.*)condition: eq\(variables\['Build\.SourceBranch'\], 'refs/heads/main'\)\n"; Guard = "eq\(variables\.lastRun, ''\), eq\('\$\{\{ parameters\.newBatch \}\}', 'False'\)"; Kept = 'Remove-Item \./state/\*\.lock\n' }
        @{ System = 'Jenkins'; Page = 'jenkins.md'; Fence = 0; Branch = "when \{ anyOf \{ branch 'main'"; Guard = '.'; Kept = "excludes: '\*\*/\*\.lock'" }
    ) {
        $text = @(Get-Fence $Page '(?:yaml|groovy)')[$Fence]
        foreach ($pattern in $Branch, $Guard, $Kept) { $text | Should -Match $pattern }
    }

    It 'of GitLab sends nothing where its journal is gone' {
        if (-not (Get-Command sh -CommandType Application -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'there is no sh'; return }
        $place = New-Place
        (Wait-Step (Start-Step (Get-Step script gitlab.md $place) $place @{ GITLAB_CI = 'true' })).ExitCode | Should -Be 1
        (Get-EmulatorState).requests | Should -BeNullOrEmpty
    }

    It 'names every action by a commit' {
        $pages = @(Get-ChildItem $recipes -Filter *.md) + (Get-ChildItem (Join-Path $RepositoryRoot .github) -Recurse -Include *.md, *.yml)
        $uses = foreach ($page in $pages) { [regex]::Matches((Get-Content $page -Raw), '(?m)^ +(?:- )?uses: (\S+.*)$').ForEach{ $_.Groups[1].Value.Trim() } }
        $uses.Count | Should -BeGreaterThan 20
        $uses | Where-Object { $_ -notlike 'OWNER/KlingEffects/*@COMMIT' } | Should -Match '^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$'
    }
}

Describe 'The report' {
    BeforeEach {
        $place = New-Place
        Add-Content $place/jobs.csv 'pet_fitness,"./pictures/no##vso[task.complete]body,:50%.jpg",,fit-nobody'
        Add-EmulatorFault @{ operation = 'submit'; externalTaskId = 'cartoon-cat'; effect = @{ kind = 'failTask'; reason = "No face`n::error::found" } }
        Add-EmulatorFault @{ operation = 'submit'; externalTaskId = 'fit-cat'; effect = @{ kind = 'resetAfter' } }
        $summary = Join-Path $place step-summary
        $output = Join-Path $place step-output
        Set-Content $summary 'of the step before'
    }

    AfterEach {
        Assert-EmulatorTraffic $emulator
    }

    It 'tells GitHub Actions of each job, and fails the step' {
        $run = Wait-Step (Start-Step (Get-PwshStep $place $command) $place @{ GITHUB_ACTIONS = 'true'; GITHUB_STEP_SUMMARY = $summary; GITHUB_OUTPUT = $output })
        $run.ExitCode | Should -Be 1
        $run.Log -cmatch '^::' | Sort-Object | ForEach-Object { $_ -creplace '(title=\w+::).*?(no# #|No face|fit-cat: ).*', '$1$2' } | Should -BeExactly @(
            '::error title=KlingImageNotFound::no# #'
            '::error title=KlingSubmitUncertain::fit-cat: '
            '::error title=KlingTaskFailed::No face')
        $run.Log -cmatch '^::error.*fit-nobody' | Should -Match '# #vso\[task.complete\]body,:50%25\.jpg'
        $run.Log -cnotmatch '^::' | Should -Not -Match '##vso\[|^::'
        $run.Log | Should -Contain ($run.Log -match ' jobs: 4, submitted: 2, saved: 1, failed: 2, uncertain: 1, waiting: 0$')
        $run.Log[-1] | Should -Match ' done, problems: 3$'

        $told = Get-Content $output
        $told[0..5] | Should -BeExactly 'jobs=4', 'submitted=2', 'saved=1', 'failed=2', 'uncertain=1', 'waiting=0'
        foreach ($line in $told[6..8]) { $line -replace '^.*?=' | Should -Exist }
        $told[6..8] -replace '=.*[\\/]', '=' | Should -BeExactly 'results=results.xml', 'report=report.html', 'summary=summary.md'
        Get-Content $summary -TotalCount 1 | Should -BeExactly 'of the step before'
        Get-Content $summary -Raw | Should -BeLike '*No face*'
        Get-Content $place/state/report.html -Raw | Should -BeLike '*videos/hug-ana-ben.mp4*'
    }

    It 'is JUnit in which each job has its result' {
        $null = Wait-Step (Start-Step (Get-PwshStep $place $command) $place)
        $cases = ([xml] (Get-Content $place/state/results.xml)).testsuites.testsuite.testcase
        $cases.name | Should -BeExactly hug-ana-ben, cartoon-cat, fit-cat, fit-nobody
        $cases[1].failure.type | Should -BeExactly KlingTaskFailed
        $cases[2].error.type | Should -BeExactly KlingSubmitUncertain
        $cases[3].failure.type | Should -BeExactly KlingImageNotFound
        $cases[3].failure.message | Should -BeLike '*pictures/no*'
    }

    It 'tells Azure Pipelines of each job' {
        $run = Wait-Step (Start-Step (Get-PwshStep $place $command) $place @{ TF_BUILD = 'True' })
        $commands = @($run.Log -match '##(vso)?\[')
        @($commands) -like '##vso`[task.logissue type=error;code=KlingTaskFailed`]cartoon-cat: Line 3: *No face*' | Should -HaveCount 1
        @($commands) -like '##vso`[task.logissue type=error;code=KlingImageNotFound`]fit-nobody: Line 5: *body,:50%AZP25.jpg*' | Should -HaveCount 1
        $commands[3] | Should -BeExactly "##vso[task.uploadsummary]$([IO.Path]::GetFullPath((Join-Path $place state/summary.md)))"
        $commands | Should -HaveCount 4
    }

    It 'is a section of its own in the log of GitLab' {
        $run = Wait-Step (Start-Step (Get-PwshStep $place $command) $place @{ GITLAB_CI = 'true' })
        $lines = [string[]] $run.Log
        $lines[0] | Should -Match '^\x1b\[0Ksection_start:\d{10}:kling_videos\r\x1b\[0KKling effects: All$'
        $end = [array]::FindIndex($lines, [Predicate[string]] { $args[0] -match '^\x1b\[0Ksection_end:\d{10}:kling_videos\r\x1b\[0K$' })
        $lines[($end + 1)..($end + 3)] -match ' ERROR: Kling\w+: ' | Should -HaveCount 3
        $lines.Where{ $_ -match '\x1b' } | Should -HaveCount 2
    }

    It 'stays as it was where nothing could be sent, and the build says why' {
        $null = New-Item $place/state/results.xml -Value 'as it was' -Force
        $run = Wait-Step (Start-Step (Get-PwshStep $place "`$env:COMETAPI_KEY = `$null; $command") $place @{ GITHUB_ACTIONS = 'true' })
        $run.ExitCode | Should -Be 1
        $run.Log -match '^::error title=KlingApiKeyMissing::' | Should -HaveCount 1
        $run.Log[-1] | Should -Match ' done, problems: 1$'
        Get-Content $place/state/results.xml | Should -Be 'as it was'
        (Get-EmulatorState).requests | Should -BeNullOrEmpty
    }

    It 'is of all runs together' {
        Set-Content $place/jobs.csv (Get-Content $place/jobs.csv -TotalCount 2)
        (Wait-Step (Start-Step (Get-PwshStep $place $command) $place)).ExitCode | Should -Be 0
        Add-Content $place/jobs.csv 'pet_fitness,./pictures/cat.jpg,,fit-cat-2'
        (Wait-Step (Start-Step (Get-PwshStep $place $command) $place)).ExitCode | Should -Be 0
        ([xml] (Get-Content $place/state/results.xml)).testsuites.tests | Should -Be 2
    }

    It 'in the culture <_> reads as in any other' -ForEach 'th-TH', 'ar-SA', 'fa-IR' {
        $run = Wait-Step (Start-Step (Get-PwshStep $place "[cultureinfo]::CurrentCulture = '$_'; $command") $place @{ GITLAB_CI = 'true' })
        $year = [DateTime]::UtcNow.ToString('yyyy', [cultureinfo]::InvariantCulture)
        $run.Log.Where{ $_ -notmatch '\x1b' } | ForEach-Object { $_ | Should -Match "^$year-\d\d-\d\dT\d\d:\d\d:\d\dZ \S" }
        $run.Log.Where{ $_ -match '\x1b' } | Should -Match 'section_(start|end):1[78]\d{8}:'
        Get-Content $place/state/results.xml, $place/state/summary.md, $place/state/report.html -Raw | Should -Not -Match '\b(25[67]\d|14[45]\d|140\d)-\d\d-'
    }
}

Describe 'The two steps' {
    AfterEach {
        Assert-EmulatorTraffic $emulator
    }

    It 'submit and leave, and collect later, once for each job' {
        $place = New-Place
        Set-EmulatorOption @{ generationSeconds = 3600 }
        $run = Wait-Step (Start-Step (Get-PwshStep $place "$command -Step Submit") $place)
        $run.ExitCode | Should -Be 0 -Because "$($run.Log)$($run.Error)"
        $run.Log | Should -Contain ($run.Log -match ' jobs: 3, submitted: 3, saved: 0, failed: 0, uncertain: 0, waiting: 3$')
        Get-EmulatorRequest query | Should -BeNullOrEmpty

        $first, $second, $third = (Get-EmulatorState).tasks.id
        $null = Invoke-Emulator Post "tasks/$first/succeed"
        $run = Wait-Step (Start-Step (Get-PwshStep $place "$command -Step Collect -TimeoutSec 3 -Destination ./out") $place)
        $run.ExitCode | Should -Be 0 -Because "$($run.Log)$($run.Error)"
        $run.Log -match ' is not waited for any longer: ' | Should -HaveCount 2
        $run.Log | Should -Contain ($run.Log -match ' saved: 1, failed: 0, uncertain: 0, waiting: 2$')
        Get-ChildItem $place/out | Should -HaveCount 1
        @(([xml] (Get-Content $place/state/results.xml)).testsuites.testsuite.testcase.Where{ $_.ChildNodes.Name -contains 'skipped' }) | Should -HaveCount 2

        $null = Invoke-Emulator Post "tasks/$second/succeed"
        $null = Invoke-Emulator Post "tasks/$third/fail" @{ reason = 'Too dark' }
        Remove-Item $place/jobs.csv
        $run = Wait-Step (Start-Step (Get-PwshStep $place 'Import-Module ./modules/KlingEffects; Invoke-KlingBatch -CI -Step Collect -Destination ./out') $place)
        $run.ExitCode | Should -Be 1
        $run.Log | Should -Contain ($run.Log -match ' saved: 2, failed: 1, uncertain: 0, waiting: 0$')
        Get-ChildItem $place/out | Should -HaveCount 2
        (Get-EmulatorState).counters.acceptedSubmits | Should -Be 3
    }

    It 'are made so by <System>' -ForEach @(
        @{ System = 'GitHub Actions'; Fence = 0; Kind = 'run'; Skip = 0 }
        @{ System = 'GitLab'; Fence = 1; Kind = 'script'; Skip = 0 }
        @{ System = 'Azure Pipelines'; Fence = 2; Kind = 'pwsh'; Skip = 1 }
    ) {
        if ($Kind -eq 'script' -and -not (Get-Command sh -CommandType Application -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'there is no sh'; return }
        $place = New-Place
        Set-EmulatorOption @{ generationSeconds = 3600 }
        $submit, $collect = Get-Block @(Get-Fence two-steps.md yaml)[$Fence] $Kind | Select-Object -Skip $Skip | ForEach-Object {
            , @($Kind -eq 'script' ? @('sh', '-e', '-c', $_) : (Get-PwshStep $place $_))
        }
        $run = Wait-Step (Start-Step $submit $place @{ NEW_BATCH = '1' })
        $run.ExitCode | Should -Be 0 -Because "$($run.Log)$($run.Error)"
        foreach ($task in (Get-EmulatorState).tasks) { $null = Invoke-Emulator Post "tasks/$($task.id)/succeed" }
        # The runs of a timetable, one after the other.
        foreach ($time in 1..2) {
            $run = Wait-Step (Start-Step $collect $place)
            $run.ExitCode | Should -Be 0 -Because "$($run.Log)$($run.Error)"
        }

        Assert-Done $place
        Get-EmulatorRequest video | Should -HaveCount 3
    }

    It 'warn where there is nothing to collect' {
        $place = New-Place
        $run = Wait-Step (Start-Step (Get-PwshStep $place "$command -Step Collect") $place @{ GITHUB_ACTIONS = 'true' })
        $run.ExitCode | Should -Be 0
        $run.Log -match '^::warning title=Warning::There is no journal' | Should -HaveCount 1
        $run.Log -match ' not submitted yet: 3$' | Should -HaveCount 1
    }
}

Describe 'The action' {
    BeforeAll {
        $actionPath = Join-Path $RepositoryRoot .github/actions/make-videos
        $yaml = (Get-Content $actionPath/action.yml -Raw) -replace '\r'
        $head, $outputs, $runs = $yaml -split '(?m)^(?:outputs|runs):\n'
        $inputs = @{}
        foreach ($found in [regex]::Matches($head, '(?m)^  (?<name>[\w-]+):\n    description: .*\n    (?:required: true|default: (?<value>.*))$')) {
            $inputs[$found.Groups['name'].Value] = $found.Groups['value'].Value.Trim("'")
        }

        # As a runner does: inputs into the variables that the step names, then its script.
        function Start-Action([string] $Place, [hashtable] $With = @{}) {
            $variables = @{ GITHUB_ACTIONS = 'true'; GITHUB_ACTION_PATH = $actionPath; GITHUB_OUTPUT = "$Place/step-output"; GITHUB_STEP_SUMMARY = "$Place/step-summary" }
            Remove-Item "$Place/step-output" -ErrorAction Ignore
            $variables += @{ COMETAPI_KEY = ''; KLING_API_KEY = '' }
            foreach ($found in [regex]::Matches($runs, '(?m)^ +(?<variable>\w+): \$\{\{ inputs\.(?<name>[\w-]+) \}\}$')) {
                $name = $found.Groups['name'].Value
                $inputs.ContainsKey($name) | Should -BeTrue -Because "$name is an input"
                $variables[$found.Groups['variable'].Value] = $With.ContainsKey($name) ? $With[$name] : $inputs[$name]
            }

            Start-Step (Get-PwshStep $Place (Get-Block $runs run)) $Place $variables
        }

        function Get-Output([string] $Place) { (Get-Content "$Place/step-output" -Raw).Replace('\', '\\') | ConvertFrom-StringData }
    }

    AfterEach {
        Assert-EmulatorTraffic $emulator
    }

    It 'takes nothing but variables into its script, and uses no other action' {
        Get-Block $runs run | Should -Not -Match '\$\{\{'
        $runs | Should -Not -Match '\buses:'
        $inputs.Keys.Count | Should -Be 10
        [regex]::Matches($runs, 'inputs\.([\w-]+)').ForEach{ $_.Groups[1].Value } | Sort-Object | Should -Be ($inputs.Keys | Sort-Object)
    }

    It 'tells of its inputs and outputs in its README' {
        $readme = Get-Content $actionPath/README.md -Raw
        $names = @($inputs.Keys) + [regex]::Matches($outputs, '(?m)^  ([\w-]+):$').ForEach{ $_.Groups[1].Value }
        foreach ($name in $names) { $readme | Should -Match "(?m)^\|[^|]*``$name``" }
    }

    It 'makes the videos in one step, and tells how many' {
        $place = New-Place
        Add-Content $place/jobs.csv 'pet_fitness,./pictures/nobody.jpg,,fit-nobody'
        $run = Wait-Step (Start-Action $place @{ key = $emulator.Key })
        $run.ExitCode | Should -Be 1 -Because "$($run.Log)$($run.Error)"
        Assert-Done $place
        $told = Get-Output $place
        foreach ($name in [regex]::Matches($outputs, 'steps\.videos\.outputs\.([\w-]+)').ForEach{ $_.Groups[1].Value }) { $told.Keys | Should -Contain $name }
        $told.jobs, $told.submitted, $told.saved, $told.failed, $told.uncertain, $told.waiting | Should -Be 4, 3, 3, 1, 0, 0
        $told.results, $told.report, $told.summary | Should -Exist
        $run.Log -match '^::error title=KlingImageNotFound::fit-nobody: Line 5: ' | Should -HaveCount 1
        Get-Content $place/step-summary -Raw | Should -BeLike '*fit-nobody*'
        "$($run.Log) $($run.Error)" | Should -Not -Match ([regex]::Escape($emulator.Key))
    }

    It 'submits a part, leaves, and collects it later' {
        $place = New-Place
        Move-Item $place/jobs.csv "$place/the jobs.csv"
        Set-EmulatorOption @{ generationSeconds = 3600 }
        $with = @{ key = $emulator.Key; jobs = 'the jobs.csv'; state = 'my state'; output = 'out'; 'shard-count' = '2'; timeout = '2' }
        foreach ($shard in '1', '2') {
            $run = Wait-Step (Start-Action $place ($with + @{ step = 'Submit'; shard = $shard }))
            $run.ExitCode | Should -Be 0 -Because "$($run.Log)$($run.Error)"
        }

        [int] (Get-Output $place).waiting | Should -BeIn 1, 2, 3
        $run = Wait-Step (Start-Action $place ($with + @{ step = 'Collect'; shard = '1' }))
        $run.ExitCode | Should -Be 0 -Because 'what has not ended has not failed'
        foreach ($task in (Get-EmulatorState).tasks) { $null = Invoke-Emulator Post "tasks/$($task.id)/succeed" }
        foreach ($shard in '1', '2') { (Wait-Step (Start-Action $place ($with + @{ step = 'Collect'; shard = $shard }))).ExitCode | Should -Be 0 }
        Get-ChildItem $place/out -Filter *.mp4 | Should -HaveCount 3
        Get-ChildItem "$place/my state" -Filter *.journal | Should -HaveCount 2
        (Get-EmulatorState).counters.acceptedSubmits | Should -Be 3
    }

    It 'gives the key to the gateway that it is for' {
        $kling = Start-Emulator @{ gateway = 'Kling'; key = 'test-key-of-kling' }
        try {
            $place = New-Place
            $run = Wait-Step (Start-Action $place @{ key = $kling.Key; gateway = 'Kling' })
            $run.ExitCode | Should -Be 0 -Because "$($run.Log)$($run.Error)"
            (Get-EmulatorState -BaseUri $kling.BaseUri).counters.acceptedSubmits | Should -Be 3
            (Get-EmulatorState).requests | Should -BeNullOrEmpty
        } finally {
            Stop-Emulator $kling
        }
    }
}

Describe 'The recipe for cron' {
    It 'leaves while the run before is still at it' -Skip:(-not $hasFlock) {
        $place = New-Place
        $steps = Get-Step cron cron.md $place
        Set-EmulatorOption @{ generationSeconds = 3600 }
        $first = Start-Step $steps $place
        try {
            Wait-Emulator { $_.acceptedSubmits -ge 1 }
            (Wait-Step (Start-Step $steps $place)).ExitCode | Should -Be 0
            Wait-Emulator { $_.acceptedSubmits -ge 3 }
        } finally {
            Stop-Step $first $false
        }

        (Get-EmulatorState).counters.acceptedSubmits | Should -Be 3
        Assert-EmulatorTraffic $emulator
    }
}

Describe 'The recipe for many machines' {
    AfterEach {
        Assert-EmulatorTraffic $emulator
    }

    It 'makes each job once, on four machines at a limit of two tasks' {
        Set-EmulatorOption @{ parallelLimit = 2; generationSeconds = 1 }
        $place = New-Place
        $step = @(Get-Block @(Get-Fence many-machines.md yaml)[0] run)[0]
        $steps = foreach ($shard in 1..4) { Start-Step (Get-PwshStep $place $step.Replace('${{ matrix.shard }}', $shard)) $place }
        foreach ($run in $steps | ForEach-Object { Wait-Step $_ }) { $run.ExitCode | Should -Be 0 -Because "$($run.Log)$($run.Error)" }
        Assert-Done $place
        (Get-EmulatorState).counters.activeTasksMaximum | Should -BeLessOrEqual 2
        Get-ChildItem $place/state -Filter *.journal | Should -HaveCount 4
    }

    It 'makes each job once in the pods of a Kubernetes Job, and one report over all' {
        $yaml = @(Get-Fence many-machines.md yaml)[1]
        $yaml | Should -Match '\n +command: \[pwsh, -NoProfile, -NonInteractive, -Command\]\n'
        $first, $lines = (Get-Block $yaml args) -split '\n'
        $first | Should -BeExactly '|'
        "$lines" | Should -Not -Match '\$\(' -Because 'the kubelet replaces such words'
        $place = New-Place
        $pod = @(Get-ShellCommand) + '-NoProfile', '-NonInteractive', '-Command', ($lines.Trim() -join "`n")
        $pods = foreach ($index in 0..3) { Start-Step $pod $place @{ JOB_COMPLETION_INDEX = "$index" } }
        foreach ($run in $pods | ForEach-Object { Wait-Step $_ }) { $run.ExitCode | Should -Be 0 -Because "$($run.Log)$($run.Error)" }
        Assert-Done $place
        (Get-ChildItem $place/state -File -Filter results*).Name | Should -Be (1..4).ForEach{ "results-$_-of-4.xml" }

        $code = @(Get-Fence many-machines.md powershell)[0].Replace('/srv/videos', "'$place'")
        Push-Location $place
        try { $made = . ([scriptblock]::Create($code)) } finally { Pop-Location }
        $made[-1].Name, $made[-1].Count | Should -Be Saved, 3
        ([xml] (Get-Content $place/state/results.xml)).testsuites.tests | Should -Be 3
        Get-Content $place/state/report.html -Raw | Should -BeLike '*videos/fit-cat.mp4*'
    }

    It 'makes each job once in a job array, also where one part is submitted again' {
        if (-not (Get-Command sh -CommandType Application -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'there is no sh'; return }
        $place = New-Place
        Set-Content $place/run-videos.sbatch @(Get-Fence many-machines.md sh)[0]
        $null = New-Item $place/.config/kling/key -Value "$($emulator.Key)`n" -Force
        foreach ($task in 1, 2, 3, 4, 2) {
            $run = Wait-Step (Start-Step ('sh', './run-videos.sbatch') $place @{ SLURM_ARRAY_TASK_ID = "$task"; SLURM_ARRAY_TASK_COUNT = '1'; VIDEOS = $place; COMETAPI_KEY = '' })
            $run.ExitCode | Should -Be 0 -Because "$($run.Log)$($run.Error)"
        }

        Assert-Done $place
        Get-ChildItem $place/state -Filter *-of-4.journal | Should -HaveCount 4
    }

    It 'starts them by remoting' {
        $place = New-Place
        $code = @(Get-Fence many-machines.md powershell)[1].Replace('/srv/videos', $place)
        function Get-Secret([string] $Name) { ConvertTo-SecureString $emulator.Key -AsPlainText -Force | Add-Member SecretName $Name -PassThru }
        function Invoke-Command([string] $HostName, [switch] $AsJob, [object[]] $ArgumentList, [scriptblock] $ScriptBlock) {
            $AsJob | Should -BeTrue
            Start-Job -Name $HostName -ScriptBlock $ScriptBlock -ArgumentList $ArgumentList
        }

        $log = . ([scriptblock]::Create($code))
        $log.Where{ $_.TaskId } | Should -HaveCount 3
        Assert-Done $place
    }
}
