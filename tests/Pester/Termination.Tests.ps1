#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# SIGTERM: docker stop, systemd, a build that is cancelled.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:emulator = Start-Emulator

    # What the process has told between the moment when the condition held and its end.
    function Stop-Gently([string] $Script, [scriptblock] $When) {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
        Set-Content $file "Import-Module '$ModuleUnderTest'`n$Script"
        $shell = Start-Shell -Argument '-NonInteractive', '-File', $file -WorkingDirectory $TestDrive
        try {
            $output = $shell.StandardOutput.ReadToEndAsync()
            $complaints = $shell.StandardError.ReadToEndAsync()
            Wait-Emulator $When
            $clock = [Diagnostics.Stopwatch]::StartNew()
            & kill -TERM $shell.Id
            $shell.WaitForExit(60000) | Should -BeTrue
            [pscustomobject]@{ Output = $output.Result; Error = $complaints.Result; ExitCode = $shell.ExitCode; Seconds = $clock.Elapsed.TotalSeconds }
        } finally { Remove-Process $shell }
    }

    function Remove-Process($Shell) {
        if (-not $Shell.HasExited) { $Shell.Kill() }
        $Shell.Dispose()
    }
}

AfterAll { Stop-Emulator $emulator }

Describe 'SIGTERM' -Skip:$IsWindows {
    AfterEach { Assert-EmulatorTraffic $emulator }

    It 'tells the ids of tasks that are waited for, and ends the process' {
        Set-EmulatorOption @{ generationSeconds = 600 }
        $run = Stop-Gently "'https://images.example/1.jpg', 'https://images.example/2.jpg' | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask" { $_.queries -ge 2 }

        foreach ($task in (Get-EmulatorState).tasks) { $run.Output | Should -BeLike "*$($task.id)*" }
        $run.Output | Should -BeLike '*Wait-KlingTask takes their ids*'
        $run.ExitCode | Should -Not -Be 0
    }

    It 'tells them too where the pipeline''s thread is elsewhere' {
        $run = Stop-Gently "'https://images.example/1.jpg', 'https://images.example/2.jpg' | New-KlingEffect 3d_cartoon_2 -ThrottleLimit 2 | ForEach-Object { [Threading.Tasks.Task]::Delay(60000).Wait() }" { $_.acceptedSubmits -eq 2 }

        $told = @((Get-EmulatorState).tasks.id).Where{ $run.Output -like "*$_*" }
        $told | Should -Not -BeNullOrEmpty
        $run.Seconds | Should -BeLessThan 45
    }

    It 'awaits the answer to a submit that is under way' {
        Add-EmulatorFault @{ operation = 'submit'; delay = 3 }
        $run = Stop-Gently "New-KlingEffect 3d_cartoon_2 https://images.example/1.jpg" { $_.submits -eq 1 }

        $run.Output | Should -BeLike "*$((Get-EmulatorState).tasks.id)*"
    }

    It 'is what it always was where nothing of this module is under way' {
        $run = Stop-Gently "`$null = New-KlingEffect 3d_cartoon_2 https://images.example/1.jpg; [Threading.Tasks.Task]::Delay(60000).Wait()" { $_.acceptedSubmits -eq 1 }
        $run.Seconds | Should -BeLessThan 45
    }
}
