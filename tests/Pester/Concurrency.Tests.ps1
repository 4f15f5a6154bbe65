#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:emulator = Start-Emulator @{ 'generation-seconds' = 0.5; 'submitted-seconds' = 0.1 }
}

AfterAll { Stop-Emulator $emulator }

Describe 'Several pipelines at once' {
    AfterEach { Assert-EmulatorTraffic $emulator }

    It 'works from ForEach-Object -Parallel' {
        $out = (New-Item -ItemType Directory TestDrive:/parallel).FullName
        $files = 1..8 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:ModuleUnderTest
            New-KlingEffect 3d_cartoon_2 "https://images.example/$_.jpg" | Wait-KlingTask | Save-KlingVideo $using:out
        }

        $files | Should -HaveCount 8
        $files.TaskId | Select-Object -Unique | Should -HaveCount 8
    }

    It 'works from a background job, whose tasks pipe on here' {
        $job = Start-Job -ArgumentList $ModuleUnderTest {
            param($module)
            Import-Module $module
            1..2 | ForEach-Object { "https://images.example/$_.jpg" } | New-KlingEffect 3d_cartoon_2
        }
        $ended = $job | Receive-Job -Wait -AutoRemoveJob | Wait-KlingTask

        $ended | Should -HaveCount 2
        $ended.Scene | Select-Object -Unique | Should -Be 3d_cartoon_2
    }

    It 'gives the videos of a task that comes out of a background job' {
        $task = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg | Wait-KlingTask
        $job = Start-Job -ArgumentList $ModuleUnderTest, $task.TaskId { Import-Module $args[0]; Get-KlingTask $args[1] }
        $received = $job | Receive-Job -Wait -AutoRemoveJob

        $received.Videos[0].Url | Should -BeExactly (Get-KlingTask $task.TaskId).Videos[0].Url
        $received.Videos[0].Id | Should -BeExactly $task.Videos[0].Id
    }

    It 'keeps the defaults of one runspace to itself' {
        $PSDefaultParameterValues = @{ '*-Kling*:ApiKey' = 'sk-of-this-runspace' }
        $other = [powershell]::Create()
        try {
            $null = $other.AddScript({
                    param($module)
                    Import-Module $module
                    New-KlingEffect 3d_cartoon_2 https://images.example/other.jpg
                }).AddArgument($ModuleUnderTest)
            $other.Invoke() | Should -HaveCount 1
        } finally {
            $other.Dispose()
        }

        $null = New-KlingEffect 3d_cartoon_2 https://images.example/this.jpg -ErrorAction SilentlyContinue -ErrorVariable refused
        $refused[0].FullyQualifiedErrorId | Should -BeLike 'KlingUnauthorized,*'
    }

    It 'shares the limit of one account between pipelines, and submits nothing twice' {
        Set-EmulatorOption @{ parallelLimit = 2 }
        $tasks = 1..3 | ForEach-Object -ThrottleLimit 3 -Parallel {
            Import-Module $using:ModuleUnderTest
            $batch = $_
            1..2 | ForEach-Object { "https://images.example/$batch-$_.jpg" } | New-KlingEffect 3d_cartoon_2
        }

        $tasks.TaskId | Select-Object -Unique | Should -HaveCount 6
        $counters = (Get-EmulatorState).counters
        $counters.acceptedSubmits | Should -Be 6
        $counters.activeTasksMaximum | Should -Be 2
    }
}
