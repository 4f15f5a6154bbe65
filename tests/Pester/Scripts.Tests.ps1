#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# What scripts and samples write and do, whatever calendar and whatever preferences their user has.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $emulator = Start-Emulator

    function New-Place([string[]] $Row) {
        $place = (New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory).FullName
        $null = New-TestImage $place/ana.png -Shade 5
        Set-Content $place/jobs.csv (@('Scene,Image,ExternalTaskId') + $Row)
        $place
    }

    # As a build runs a step: preferences first, then the script, then its exit code.
    function Invoke-Step([string] $Place, [string] $Code) {
        $file = Join-Path $Place step.ps1
        Set-Content $file "Import-Module '$ModuleUnderTest'", $Code
        $start = Get-ProcessStart (@(Get-ShellCommand) + '-NoLogo', '-NoProfile', '-NonInteractive', '-Command', ". '$file'; exit `$LASTEXITCODE") $Place
        $process = [Diagnostics.Process]::Start($start)
        $out = $process.StandardOutput.ReadToEndAsync()
        $problems = $process.StandardError.ReadToEndAsync()
        if (-not $process.WaitForExit(120000)) { $process.Kill($true); throw 'The step did not end within two minutes.' }
        [pscustomobject]@{ ExitCode = $process.ExitCode; Out = $out.Result; Log = $out.Result -split '\r?\n' | Where-Object { $_ }; Error = $problems.Result }
    }

    function Get-Snippet([string] $Path) {
        $text = Get-Content (Join-Path $RepositoryRoot $Path) -Raw
        [regex]::Match($text, '(?s)```powershell\r?\n(?<code>\$run = @\{.*?)\r?\n```').Groups['code'].Value
    }
}

AfterAll {
    Stop-Emulator $emulator
}

Describe 'Dates' {
    AfterEach { Reset-Emulator }

    It 'in the log of Invoke-KlingBatch are Gregorian under <_>' -ForEach 'th-TH', 'ar-SA', 'fa-IR', 'en-US' {
        $place = New-Place '3d_cartoon_2,./ana.png,ana'
        $null = New-Item $place/modules/KlingEffects -ItemType Directory
        $built = Split-Path $ModuleUnderTest
        Copy-Item $built/lib, $ModuleUnderTest $place/modules/KlingEffects -Recurse
        $run = Invoke-Step $place "[cultureinfo]::CurrentCulture = '$_'; [cultureinfo]::CurrentCulture.Calendar.GetType().Name; Import-Module ./modules/KlingEffects; `$null = Invoke-KlingBatch ./jobs.csv -CI"
        $run.ExitCode | Should -Be 0 -Because "$($run.Log) $($run.Error)"
        if ($_ -ne 'en-US') { $run.Log[0] | Should -Not -Be GregorianCalendar -Because 'the test needs the calendars of ICU' }
        $year = [DateTime]::UtcNow.ToString('yyyy', [cultureinfo]::InvariantCulture)
        $run.Log[1..99] | ForEach-Object { $_ | Should -Match "^$year-\d\d-\d\dT\d\d:\d\d:\d\dZ \S" }
    }

    It 'in views and journals are Gregorian under <_>' -ForEach 'th-TH', 'ar-SA', 'fa-IR' {
        $place = New-Place
        $run = Invoke-Step $place @"
[cultureinfo]::CurrentCulture = '$_'
`$task = New-KlingEffect 3d_cartoon_2 ./ana.png -JournalPath ./jobs.journal | Wait-KlingTask
`$task | Format-List | Out-String -Width 200
(`$task | ConvertTo-Json | ConvertFrom-Json | ForEach-Object { `$_.PSTypeNames.Insert(0, 'KlingEffects.KlingTask'); `$_ } | Format-List | Out-String -Width 200)
Get-Content ./jobs.journal
"@
        $year = [DateTime]::UtcNow.ToString('yyyy', [cultureinfo]::InvariantCulture)
        @([regex]::Matches($run.Out, '(?m)^CreatedAt +: (\d{4})-\d\d-\d\d \d\d:\d\d:\d\d \(\d')).ForEach{ $_.Groups[1].Value } | Should -Be $year, $year -Because $run.Out
        "$($run.Log)" | Should -Not -Match '\b(1[34]\d\d|25\d\d)-\d\d-\d\d'
    }

    It 'are formatted in scripts with the invariant culture only' {
        Get-ChildItem $RepositoryRoot -Recurse -Include *.ps1, *.psm1, *.md -File |
            Where-Object FullName -NotMatch '[\\/](bin|obj|out|tests|\.git)[\\/]' |
            Select-String -Pattern '\{\d:[^}]*(y{2,4}|HH)[^}]*\}.*-f', 'Get-Date\s+-U?Format', "ToString\('[^']*y{2,4}[^']*'\)" |
            Should -BeNullOrEmpty
    }
}

Describe 'The snippet that runs to the end, of <Page>' -ForEach @{ Page = 'README.md' }, @{ Page = 'docs/en-US/about_KlingEffects.md' } {
    BeforeEach { $place = New-Place '3d_cartoon_2,./nobody.png,nobody', '3d_cartoon_2,./ana.png,ana', 'pet_fitness,./ana.png,fit' }

    AfterEach { Reset-Emulator }

    It 'makes the other videos and fails, with the preference <Preference>' -ForEach @{ Preference = 'stop' }, @{ Preference = 'Continue' }, @{ Preference = 'SilentlyContinue' } {
        $run = Invoke-Step $place "`$ErrorActionPreference = '$Preference'`n$(Get-Snippet $Page)`nexit 0"
        $run.ExitCode | Should -Be 1 -Because "$($run.Log) $($run.Error)"
        Get-ChildItem $place/out -Filter *.mp4 | Should -HaveCount 2
    }

    It 'succeeds where all do' {
        Set-Content $place/jobs.csv 'Scene,Image', '3d_cartoon_2,./ana.png'
        (Invoke-Step $place "`$ErrorActionPreference = 'stop'`n$(Get-Snippet $Page)`nexit 0").ExitCode | Should -Be 0
        Get-ChildItem $place/out -Filter *.mp4 | Should -HaveCount 1
    }

    It 'fails where there are no jobs to read' {
        Remove-Item $place/jobs.csv
        (Invoke-Step $place "`$ErrorActionPreference = 'Continue'`n$(Get-Snippet $Page)`nexit 0").ExitCode | Should -Not -Be 0
    }
}

Describe 'quickstart.ps1' {
    It 'makes the other videos and fails, where its caller stops at errors' {
        $place = New-Place 'Scene,Image'
        Set-Content $place/jobs.csv 'Scene,Image', '3d_cartoon_2,./nobody.png', '3d_cartoon_2,./ana.png'
        $null = New-TestImage $place/ben.png -Shade 6
        $null = New-Item $place/samples/QuickStart -ItemType Directory
        $script = Get-Content $RepositoryRoot/samples/QuickStart/quickstart.ps1 -Raw
        Set-Content $place/samples/QuickStart/quickstart.ps1 ($script -replace '\$PSScriptRoot/\.\./\.\./KlingEffects\.psd1', "'$ModuleUnderTest'")
        $run = Invoke-Step $place "`$ErrorActionPreference = 'stop'`n./samples/QuickStart/quickstart.ps1"
        $run.ExitCode | Should -Be 1 -Because "$($run.Log) $($run.Error)"
        Get-ChildItem $place/videos -Filter *.mp4 | Should -HaveCount 2
    }
}
