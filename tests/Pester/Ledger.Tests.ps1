#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Submits without a journal are noted in the user's state folder, whatever becomes of the shell.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:emulator = Start-Emulator
    $script:usual = $env:KLING_LEDGER
    Set-EmulatorOption @{ generationSeconds = 600 }

    # A host ends while tasks are waited for, or a submit is under way, and shows no id.
    function Start-Host([string] $Script) {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
        Set-Content $file "Import-Module '$ModuleUnderTest'`n$Script"
        Start-Shell -Argument '-NonInteractive', '-File', $file -WorkingDirectory $TestDrive
    }

    function Remove-Host($Shell) {
        if (-not $Shell.HasExited) { $Shell.Kill() }
        $Shell.WaitForExit()
        $Shell.Dispose()
    }
}

AfterAll {
    $env:KLING_LEDGER = $usual
    Stop-Emulator $emulator
}

Describe 'The ledger' {
    BeforeEach {
        Reset-Emulator
        Set-EmulatorOption @{ generationSeconds = 600 }
        $env:KLING_LEDGER = Join-Path $TestDrive ([guid]::NewGuid())
    }

    AfterEach { Assert-EmulatorTraffic $emulator }

    It 'has the ids of <Name>' -ForEach @(
        @{ Name = 'a thread job that is stopped'; Run = {
                $job = Start-ThreadJob -ArgumentList $ModuleUnderTest { Import-Module $args[0]; New-KlingEffect 3d_cartoon_2 https://images.example/1.jpg | Wait-KlingTask }
                Wait-Emulator { $_.queries -ge 1 }
                Stop-Job $job
                Remove-Job $job -Force
            } }
        @{ Name = '[powershell]::Create() that is stopped'; Run = {
                $shell = [powershell]::Create().AddScript("Import-Module '$ModuleUnderTest'; New-KlingEffect 3d_cartoon_2 https://images.example/1.jpg | Wait-KlingTask")
                $null = $shell.BeginInvoke()
                Wait-Emulator { $_.queries -ge 1 }
                $shell.Stop()
                $shell.Dispose()
            } }
        @{ Name = 'ForEach-Object -Parallel -TimeoutSeconds'; Run = {
                1 | ForEach-Object -Parallel { Import-Module $using:ModuleUnderTest; New-KlingEffect 3d_cartoon_2 https://images.example/1.jpg | Wait-KlingTask } -TimeoutSeconds 5 2> $null
            } }
        @{ Name = 'Select-Object -First 1'; Run = { $null = 1..3 | ForEach-Object { "https://images.example/$_.jpg" } | New-KlingEffect 3d_cartoon_2 | Select-Object -First 1 } }
        @{ Name = 'output that goes nowhere'; Run = { $null = New-KlingEffect 3d_cartoon_2 https://images.example/1.jpg } }
    ) {
        & $Run
        $known = (Get-EmulatorState).tasks.id
        $known | Should -Not -BeNullOrEmpty
        $jobs = @(Get-KlingJob).Where{ $_.State -ne 'Refused' } # those that never left
        $jobs.TaskId | Sort-Object | Should -Be ($known | Sort-Object)
        $jobs.State | Sort-Object -Unique | Should -Be Running
        $jobs.Scene | Sort-Object -Unique | Should -Be 3d_cartoon_2
    }

    It 'has the ids of a process that ends by <Signal>' -Skip:$IsWindows -ForEach @(@{ Signal = 'HUP' }, @{ Signal = 'KILL' }, @{ Signal = 'TERM' }) {
        $ignored = (Get-Content /proc/self/status -ErrorAction Ignore) -match '^SigIgn:.*[13579bdf]$'
        if ($Signal -eq 'HUP' -and $ignored) { Set-ItResult -Skipped -Because 'the tests were started with this signal ignored, as by nohup' }
        $shell = Start-Host 'New-KlingEffect 3d_cartoon_2 https://images.example/1.jpg | Wait-KlingTask'
        try {
            Wait-Emulator { $_.queries -ge 1 }
            & kill "-$Signal" $shell.Id
            $shell.WaitForExit(60000) | Should -BeTrue
        } finally { Remove-Host $shell }

        (Get-KlingJob).TaskId | Should -Be (Get-EmulatorState).tasks.id
    }

    It 'tells of a submit that a killed process had under way, in doubt' -Skip:$IsWindows {
        Add-EmulatorFault @{ operation = 'submit'; delay = 30 }
        $shell = Start-Host 'New-KlingEffect 3d_cartoon_2 https://images.example/1.jpg -ExternalTaskId order-1'
        try {
            Wait-Emulator { $_.submits -eq 1 }
            (Get-KlingJob).State | Should -Be Submitting
        } finally { Remove-Host $shell }

        $job = Get-KlingJob
        $job.State, $job.ExternalTaskId | Should -Be Uncertain, order-1
    }

    It 'gives jobs that Wait and Save take, and learns what became of them; nothing is skipped because of it' {
        Set-EmulatorOption @{ generationSeconds = 0 }
        1..2 | ForEach-Object { $null = New-KlingEffect 3d_cartoon_2 https://images.example/1.jpg }
        (Get-EmulatorState).counters.acceptedSubmits | Should -Be 2
        $files = Get-KlingJob | Wait-KlingTask | Save-KlingVideo (Join-Path $TestDrive ledger-out) -WarningVariable warnings
        $files | Should -HaveCount 2
        $warnings | Should -BeNullOrEmpty
        (Get-KlingJob).State | Should -Be Saved, Saved
        (Get-KlingJob -State Saved).Files | Sort-Object | Should -Be ($files.FullName | Sort-Object)
        Get-ChildItem $env:KLING_LEDGER | Should -HaveCount 1
    }

    It 'holds no key, no image and no signature' {
        $null = New-KlingEffect 3d_cartoon_2 'https://images.example/1.jpg?X-Amz-Signature=s3cr3t'
        $text = Get-ChildItem $env:KLING_LEDGER | Get-Content -Raw
        $text | Should -BeLike '*images.example/1.jpg*'
        $text | Should -Not -Match "s3cr3t|$env:COMETAPI_KEY"
    }

    It 'is none, without a word, where <Name>' -Skip:$IsWindows -ForEach @(
        @{ Name = 'the home is not there'; State = ''; HomePath = '/missing/home' }
        @{ Name = 'no file can be'; State = '/proc/none'; HomePath = '/tmp' }
        @{ Name = 'a link leads nowhere'; State = 'link'; HomePath = '/tmp' }
    ) {
        if ($State -eq 'link') { $State = Join-Path $TestDrive nowhere; & ln -s /missing/state $State }
        $run = Invoke-Shell -WorkingDirectory $TestDrive @"
`$env:KLING_LEDGER = ''; `$env:XDG_STATE_HOME = '$State'; `$env:HOME = '$HomePath'
(New-KlingEffect 3d_cartoon_2 https://images.example/1.jpg).TaskId
"@
        $run.Error | Should -BeNullOrEmpty
        $run.Output.Trim() | Should -Be (Get-EmulatorState).tasks.id
    }

    It 'is none where it is off, or where a journal has the submit' {
        $folder = $env:KLING_LEDGER
        $null = New-KlingEffect 3d_cartoon_2 https://images.example/1.jpg -JournalPath (Join-Path $TestDrive "$([guid]::NewGuid()).journal")
        Test-Path $folder | Should -BeFalse
        Get-KlingJob | Should -BeNullOrEmpty
        $env:KLING_LEDGER = 'off'
        $null = New-KlingEffect 3d_cartoon_2 https://images.example/2.jpg
        Get-KlingJob -ErrorVariable none -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $none.FullyQualifiedErrorId | Should -BeLike 'KlingInvalidRequest,*'
    }
}
