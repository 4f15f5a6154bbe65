#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:emulator = Start-Emulator

    $script:images = 1..4 | ForEach-Object { "https://images.example/$_.jpg" }

    # What the host shows, which no stream of the pipeline has, is seen in a shell of its own.
    function Invoke-Pipeline([string] $Script) { Invoke-Shell "`$images = '$($images -join "', '")'`n$Script" -WorkingDirectory $TestDrive }

    function Assert-AsServed([string] $Path, [string] $TaskId) {
        $served = [Security.Cryptography.SHA256]::HashData((Get-EmulatorVideo $TaskId))
        (Get-FileHash -LiteralPath $Path).Hash | Should -Be ([Convert]::ToHexString($served))
    }

    function Assert-NextPipeline {
        $files = New-KlingEffect 3d_cartoon_2 https://images.example/next.jpg | Wait-KlingTask | Save-KlingVideo (Join-Path $TestDrive ([guid]::NewGuid()))
        $files | Should -HaveCount 1
        Assert-AsServed $files $files.TaskId
    }
}

AfterAll { Stop-Emulator $emulator }

Describe 'A pipeline that ends early' {
    AfterEach { Assert-EmulatorTraffic $emulator }

    Context 'by <Name>' -ForEach @(
        @{ Name = 'Select-Object -First 1'; End = { param($Tasks) & $Tasks | Select-Object -First 1 | Should -HaveCount 1 } }
        @{ Name = 'a throw downstream'; End = { param($Tasks) { & $Tasks | ForEach-Object { throw 'enough' } } | Should -Throw enough } }
        @{ Name = 'a break downstream'; End = { param($Tasks) $seen = 0; do { & $Tasks | ForEach-Object { $seen++; break } } while ($false); $seen | Should -Be 1 } }
        @{ Name = '-ErrorAction Stop downstream'; End = { param($Tasks) { & $Tasks | ForEach-Object { Write-Error enough -ErrorAction Stop } } | Should -Throw enough } }
    ) {
        It 'ends while other tasks still run in Wait-KlingTask, and the next pipeline works' {
            Set-EmulatorOption @{ sceneSeconds = @{ daily_ootd = 600 } }
            $endless = 1..3 | ForEach-Object { (Invoke-Emulator Post tasks @{ scene = 'daily_ootd' }).id }
            $soon = (Invoke-Emulator Post tasks @{ scene = '3d_cartoon_2' }).id
            $null = Invoke-Emulator Post tasks/$soon/succeed

            $clock = [Diagnostics.Stopwatch]::StartNew()
            & $End { $endless + $soon | Wait-KlingTask -TimeoutSec 300 }
            $clock.Elapsed.TotalSeconds | Should -BeLessThan 60

            Wait-Emulator { $_.inFlight -eq 0 }
            $polls = (Get-EmulatorState).counters.queries
            Assert-NextPipeline
            Get-EmulatorRequest query | Where-Object taskId -In $endless | Should -HaveCount ($polls - 1) -Because 'nothing goes on in the background'
        }

        It 'ends while videos are being saved, leaves no file that is not complete, and the next pipeline works' {
            $ids = 1..3 | ForEach-Object { (Invoke-Emulator Post tasks @{ scene = '3d_cartoon_2' }).id }
            $ids | ForEach-Object { $null = Invoke-Emulator Post tasks/$_/succeed }
            $ids[1..2] | ForEach-Object { Add-EmulatorFault @{ operation = 'video'; taskId = $_; times = 0; effect = @{ kind = 'stall'; bytes = 9000 } } }
            $folder = Join-Path $TestDrive ([guid]::NewGuid())

            & $End { $ids | Save-KlingVideo $folder }

            Wait-Emulator { $_.inFlight -eq 0 }
            $saved = Get-ChildItem $folder -Filter *.mp4
            $saved.Name | Should -BeExactly "$($ids[0]).mp4"
            Assert-AsServed $saved $ids[0]

            $null = Invoke-Emulator Delete faults
            $files = $ids | Save-KlingVideo $folder
            foreach ($file in $files) { Assert-AsServed $file $file.TaskId }
            $files | Should -HaveCount 3
            Get-ChildItem $folder -Force | Should -HaveCount 3
        }
    }

    Context 'after jobs were submitted' {
        It 'tells the ids that nobody has got: <Name>' -ForEach @(
            @{ Name = 'Select-Object -First 1'; Rest = '| Select-Object -First 1' }
            @{ Name = 'throw'; Rest = '| ForEach-Object { $_; throw "enough" }' }
            @{ Name = 'break'; Rest = '| ForEach-Object { $_; break }' }
        ) {
            $run = Invoke-Pipeline "`$images | New-KlingEffect 3d_cartoon_2 $Rest | ForEach-Object TaskId"

            $ids = (Get-EmulatorState).tasks.id
            $ids | Should -Not -BeNullOrEmpty
            foreach ($id in $ids) { $run.Output | Should -BeLike "*$id*" }
            Assert-NextPipeline
        }

        It 'tells the ids of tasks that nobody waits for any more' {
            Set-EmulatorOption @{ sceneSeconds = @{ '3d_cartoon_2' = 600; daily_ootd = 0.2 } }
            $run = Invoke-Pipeline @'
@([pscustomobject]@{ Scene = 'daily_ootd'; Image = $images[0]; SecondImage = $images[1] }) + ($images | ForEach-Object { [pscustomobject]@{ Scene = '3d_cartoon_2'; Image = $_ } }) |
    New-KlingEffect | Wait-KlingTask | Select-Object -First 1 | ForEach-Object TaskId
'@
            $ids = (Get-EmulatorState).tasks.id
            $ids | Should -HaveCount 5
            foreach ($id in $ids) { $run.Output | Should -BeLike "*$id*" }
        }

        It 'does not tell ids that are in the journal' {
            $run = Invoke-Pipeline '$images | New-KlingEffect 3d_cartoon_2 -JournalPath ./early.journal | Select-Object -First 1 | Out-Null'

            $journal = Get-Content -Raw (Join-Path $TestDrive early.journal)
            foreach ($id in (Get-EmulatorState).tasks.id) {
                $run.Output | Should -Not -BeLike "*$id*"
                $journal | Should -BeLike "*$id*"
            }
        }

        It 'lets answers that are under way come in, so that no paid task is lost' {
            Add-EmulatorFault @{ operation = 'submit'; scene = 'daily_ootd'; delay = 1 }
            $run = Invoke-Pipeline @'
[pscustomobject]@{ Scene = 'daily_ootd'; Image = $images[0]; SecondImage = $images[1] }, [pscustomobject]@{ Scene = '3d_cartoon_2'; Image = $images[0] } |
    New-KlingEffect | Select-Object -First 1 | ForEach-Object TaskId
'@
            foreach ($id in (Get-EmulatorState).tasks.id) { $run.Output | Should -BeLike "*$id*" }
        }
    }

    Context 'with -ErrorAction Stop' {
        It 'ends at the first failed task, and the next pipeline works' {
            Set-EmulatorOption @{ generationSeconds = 600 }
            $bad = (Invoke-Emulator Post tasks @{ scene = '3d_cartoon_2' }).id
            $null = Invoke-Emulator Post tasks/$bad/fail @{ reason = 'no face' }
            $slow = (Invoke-Emulator Post tasks @{ scene = '3d_cartoon_2' }).id

            { $slow, $bad | Wait-KlingTask -ErrorAction Stop } | Should -Throw -ErrorId 'KlingTaskFailed,*'

            Set-EmulatorOption @{ generationSeconds = 0.2 }
            Assert-NextPipeline
        }

        It 'makes a script of a build fail, with the reason on its error stream' {
            $run = Invoke-Shell @'
$ErrorActionPreference = 'Stop'
New-KlingEffect 3d_cartoon_2 ./gone.png | Wait-KlingTask | Save-KlingVideo
'not reached'
'@ -WorkingDirectory $TestDrive
            $run.ExitCode | Should -Not -Be 0
            $run.Error | Should -BeLike '*gone.png*'
            $run.Output | Should -Not -BeLike '*not reached*'
        }
    }
}

Describe 'Ctrl+C' -Skip:$IsWindows {
    BeforeEach {
        $script:shell = $null
        Set-EmulatorOption @{ generationSeconds = 600 }
    }

    AfterEach {
        Stop-Shell $shell
        Assert-EmulatorTraffic $emulator
    }

    BeforeAll {
        function Start-Prompt {
            $shell = Start-Shell -WorkingDirectory $TestDrive
            $shell.StandardInput.WriteLine("function prompt { '' }; Import-Module '$ModuleUnderTest'; 'at ' + 'the prompt'")
            $null = Read-ShellLine $shell 'at the prompt'
            $shell
        }

        function Send-Interrupt($Process) { & kill -INT $Process.Id }

        # The shell is back when it runs the next command.
        function Read-ToPrompt($Process) {
            $Process.StandardInput.WriteLine("'back ' + 'again'")
            Read-ShellLine $Process 'back again' -TimeoutSec 30
        }
    }

    It 'gives the prompt back while tasks are being waited for, with the ids, and the next pipeline works' {
        $shell = Start-Prompt
        $shell.StandardInput.WriteLine('1..3 | ForEach-Object { "https://images.example/$_.jpg" } | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask')
        Wait-Emulator { $_.activeTasks -eq 3 }
        Send-Interrupt $shell
        $shown = Read-ToPrompt $shell

        foreach ($id in (Get-EmulatorState).tasks.id) { $shown -join "`n" | Should -BeLike "*$id*" }

        Set-EmulatorOption @{ generationSeconds = 0.2 }
        $shell.StandardInput.WriteLine('New-KlingEffect 3d_cartoon_2 https://images.example/next.jpg | Wait-KlingTask | ForEach-Object { "it " + $_.Status }')
        $null = Read-ShellLine $shell 'it Succeed'
    }

    It 'gives the prompt back while a video stalls, and the next run completes it' {
        $id = (Invoke-Emulator Post tasks @{ scene = '3d_cartoon_2' }).id
        $null = Invoke-Emulator Post tasks/$id/succeed
        Add-EmulatorFault @{ operation = 'video'; effect = @{ kind = 'stall'; bytes = 9000 } }
        $shell = Start-Prompt
        $shell.StandardInput.WriteLine("Save-KlingVideo ./stalled -TaskId $id")
        Wait-Emulator { $_.videoBytes -ge 9000 }
        Send-Interrupt $shell
        $null = Read-ToPrompt $shell
        Join-Path $TestDrive "stalled/$id.mp4" | Should -Not -Exist

        $shell.StandardInput.WriteLine("Save-KlingVideo ./stalled -TaskId $id | ForEach-Object { 'saved ' + `$_.TaskId }")
        $null = Read-ShellLine $shell "saved $id"
        Assert-AsServed (Join-Path $TestDrive "stalled/$id.mp4") $id
    }

    It 'waits a little for answers to submits that are under way, and shows their ids' {
        Add-EmulatorFault @{ operation = 'submit'; delay = 2 }
        $shell = Start-Prompt
        $shell.StandardInput.WriteLine('New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg')
        Wait-Emulator { $_.acceptedSubmits -eq 1 }
        Send-Interrupt $shell
        $shown = Read-ToPrompt $shell

        $shown -join "`n" | Should -BeLike "*$((Get-EmulatorState).tasks.id)*"
    }

    It 'leaves a journal that the next run goes on with, without paying twice' {
        $shell = Start-Prompt
        $command = '1..3 | ForEach-Object { "https://images.example/$_.jpg" } | New-KlingEffect 3d_cartoon_2 -JournalPath ./ctrl-c.journal | Wait-KlingTask'
        $shell.StandardInput.WriteLine($command)
        Wait-Emulator { $_.activeTasks -eq 3 }
        Send-Interrupt $shell
        $null = Read-ToPrompt $shell

        (Get-EmulatorState).tasks.id | ForEach-Object { $null = Invoke-Emulator Post tasks/$_/succeed }
        $shell.StandardInput.WriteLine("$command | ForEach-Object { 'ended ' + `$_.Status }; 'all ' + 'done'")
        Read-ShellLine $shell 'all done' | Where-Object { $_ -like 'ended Succeed' } | Should -HaveCount 3
        Get-EmulatorRequest submit | Should -HaveCount 3
    }
}
