#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# What users of PowerShell do with every cmdlet works with these.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $emulator = Start-Emulator
    Push-Location $TestDrive
    foreach ($name in 'ana', 'ben') { $null = New-TestImage "./$name.png" -Shade $name.Length }
    $null = New-TestImage ./ben.png -Shade 9

    function Get-Secret([string] $Name) {
        ConvertTo-SecureString $emulator.Key -AsPlainText -Force | Add-Member SecretName $Name -PassThru
    }
}

AfterAll {
    Pop-Location
    Stop-Emulator $emulator
}

Describe 'The key' {
    BeforeEach {
        $env:COMETAPI_KEY = ''
        $PSDefaultParameterValues = @{}
    }

    AfterEach {
        $env:COMETAPI_KEY = $emulator.Key
        Assert-EmulatorTraffic $emulator
    }

    It 'comes from $PSDefaultParameterValues for all cmdlets' {
        $PSDefaultParameterValues['*-Kling*:ApiKey'] = Get-Secret CometApi
        $task = New-KlingEffect pet_fitness ./ana.png
        Get-KlingTask $task.TaskId | Wait-KlingTask | Save-KlingVideo ./out | Should -HaveCount 1
    }

    It 'is what Get-Secret gives' {
        New-KlingEffect pet_fitness ./ana.png -ApiKey (Get-Secret CometApi) | Should -HaveCount 1
    }

    It 'is what Get-Secret gives of a credential' {
        $credential = [pscredential]::new('kling', (Get-Secret CometApi))
        New-KlingEffect pet_fitness ./ana.png -ApiKey $credential | Should -HaveCount 1
    }
}

Describe 'Common parameters' {
    AfterEach {
        Assert-EmulatorTraffic $emulator
    }

    It 'are splatted with the others' {
        $common = @{ BaseUri = $emulator.BaseUri; ApiKey = $emulator.Key; ThrottleLimit = 2; ErrorAction = 'Stop' }
        $job = @{ Scene = 'hug_pro'; Image = './ana.png', './ben.png'; ExternalTaskId = 'a-1' }
        New-KlingEffect @job @common | Wait-KlingTask @common | Save-KlingVideo ./out @common | Should -HaveCount 1
    }

    It 'collect errors and objects, each its own' {
        $null = './nobody.png', './ana.png' |
            New-KlingEffect pet_fitness -ErrorVariable refused -OutVariable submitted -ErrorAction SilentlyContinue |
            Wait-KlingTask -OutVariable ended |
            Save-KlingVideo ./out -OutVariable saved -ErrorVariable lost
        $refused | Should -HaveCount 1
        $refused[0].FullyQualifiedErrorId | Should -BeLike 'KlingImageNotFound,*'
        $submitted | Should -HaveCount 1
        $submitted[0] | Should -BeOfType KlingEffects.KlingTask
        $ended.TaskId | Should -Be $submitted.TaskId
        $saved.TaskId | Should -Be $submitted.TaskId
        $lost | Should -BeNullOrEmpty
    }

    It 'pass each task on to -PipelineVariable' {
        New-KlingEffect pet_fitness ./ana.png -PipelineVariable task | Wait-KlingTask | ForEach-Object { $task.TaskId -eq $_.TaskId } | Should -BeTrue
    }

    It 'tell each change of state with -Verbose, one line each' {
        $lines = & { New-KlingEffect pet_fitness ./ana.png -Verbose | Wait-KlingTask -Verbose } 4>&1 |
            Where-Object { $_ -is [Management.Automation.VerboseRecord] }
        $lines.Message -match '^\d+ submitted: pet_fitness ' | Should -HaveCount 1
        $lines.Message -match '^\d+ ended: Succeed$' | Should -HaveCount 1
        $lines.Message | Should -Not -Match '\n'
    }

    It 'tell each request with -Debug, one line each' {
        $lines = & { New-KlingEffect pet_fitness ./ana.png -Debug -Confirm:$false | Wait-KlingTask -Debug | Save-KlingVideo ./debug -Debug } 5>&1 |
            Where-Object { $_ -is [Management.Automation.DebugRecord] }
        @($lines.Message -match '^POST /kling/v1/videos/effects: 200, \d+ ms') | Should -HaveCount 1
        $lines.Message -match '^GET /kling/v1/videos/effects/\d+: 200, \d+ ms, request id ' | Should -Not -BeNullOrEmpty
        @($lines.Message -match '^GET http://127\.0\.0\.1:\d+/\S+\.mp4: 200, \d+ ms$') | Should -HaveCount 1
        $lines.Message | Should -Not -Match '\n|\?'
    }

    It 'tell no request otherwise' {
        & { New-KlingEffect pet_fitness ./ana.png -Verbose | Wait-KlingTask } 5>&1 | Where-Object { $_ -is [Management.Automation.DebugRecord] } | Should -BeNullOrEmpty
    }
}

Describe '-WhatIf and -Confirm' {
    AfterEach {
        Assert-EmulatorTraffic $emulator
    }

    It 'send nothing with -WhatIf, and nothing under $WhatIfPreference' {
        New-KlingEffect pet_fitness ./ana.png -WhatIf | Should -BeNullOrEmpty
        & { $WhatIfPreference = $true; New-KlingEffect pet_fitness ./ana.png } | Should -BeNullOrEmpty
        (Get-EmulatorState).requests | Should -BeNullOrEmpty
    }

    It 'asks for each job with -Confirm' {
        $shell = Start-Shell -Argument '-Interactive' -WorkingDirectory $TestDrive
        try {
            $shell.StandardInput.WriteLine("Import-Module '$ModuleUnderTest'")
            $shell.StandardInput.WriteLine('$tasks = @("./ana.png", "./ben.png" | New-KlingEffect pet_fitness -Confirm); "tasks: $($tasks.Count)."')
            $shell.StandardInput.WriteLine('n')
            $shell.StandardInput.WriteLine('y')
            Read-ShellLine $shell 'tasks: ?.' | Select-Object -Last 1 | Should -Be 'tasks: 1.'
        } finally {
            Stop-Shell $shell
        }

        (Get-EmulatorState).tasks | Should -HaveCount 1
    }

    It 'asks for none that the journal has a task for, and for none that can not be sent' {
        $null = New-KlingEffect pet_fitness ./ana.png -JournalPath ./confirm.journal
        $tasks = './ana.png', './nobody.png' | New-KlingEffect pet_fitness -JournalPath ./confirm.journal -Confirm -ErrorAction SilentlyContinue -ErrorVariable failures
        $tasks | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingImageNotFound,*'
    }

    It 'does not ask without it' {
        & { $ConfirmPreference = 'High'; New-KlingEffect pet_fitness ./ana.png } | Should -HaveCount 1
    }
}

Describe 'A retired scene' {
    AfterEach {
        Assert-EmulatorTraffic $emulator
    }

    It 'is warned of once, and sent' {
        $tasks = './ana.png', './ben.png' | New-KlingEffect 3d_cartoon_1 -WarningVariable warnings -WarningAction SilentlyContinue
        $tasks | Should -HaveCount 2
        $warnings | Should -HaveCount 1
        "$warnings" | Should -Be "The scene '3d_cartoon_1' was last published in 2026-01: the API may refuse it."
    }

    It 'is not warned of where it is current or unknown' {
        Set-EmulatorOption @{ anyScene = $true }
        $null = New-KlingEffect pet_fitness ./ana.png -WarningVariable warnings
        $null = New-KlingEffect brand_new ./ana.png -WarningVariable +warnings
        $warnings | Should -BeNullOrEmpty
    }
}
