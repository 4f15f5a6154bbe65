#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:emulator = Start-Emulator

    $script:cmdlets = 'Export-KlingReport', 'Get-KlingAccount', 'Get-KlingJob', 'Get-KlingScene', 'Get-KlingTask', 'Invoke-KlingBatch', 'New-KlingEffect', 'Save-KlingVideo', 'Wait-KlingTask'

    function Get-Completion([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }

    # Runs each of the cmdlets that speak to the API on its own, with what is common to all of them.
    function Invoke-Cmdlet([string] $Name, [hashtable] $Common = @{}) {
        switch ($Name) {
            New-KlingEffect { New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg @Common }
            Save-KlingVideo { Save-KlingVideo $TestDrive -TaskId 1 @Common }
            default { & $Name 1 @Common }
        }
    }
}

AfterAll { Stop-Emulator $emulator }

Describe 'The module' {
    AfterEach { Assert-EmulatorTraffic $emulator }

    It 'exports its cmdlets and nothing else' {
        $module = Get-Module KlingEffects

        $module.ExportedCommands.Keys | Sort-Object | Should -Be $cmdlets
        $module.ExportedCmdlets.Keys | Sort-Object | Should -Be $cmdlets
        $module.ExportedAliases.Count + $module.ExportedFunctions.Count + $module.ExportedVariables.Count | Should -Be 0
    }

    It 'has a valid manifest for both editions' {
        $manifest = Test-ModuleManifest $ModuleUnderTest

        $manifest.Name | Should -BeExactly KlingEffects
        $manifest.Version | Should -BeGreaterThan '0.0.0'
        $manifest.PowerShellVersion | Should -Be ([version]'7.4') -Because 'this is asked in PowerShell 7'
        $manifest.CompatiblePSEditions | Sort-Object | Should -Be Core, Desktop
        $manifest.Description | Should -Not -BeNullOrEmpty
        (Get-Content -Raw $ModuleUnderTest) | Should -Match "lib/$BuildUnderTest/"
    }

    It 'is the build under test' {
        (Get-Command New-KlingEffect).ImplementingType.Assembly.Location | Split-Path | Split-Path -Leaf | Should -BeExactly $BuildUnderTest
    }

    It 'is imported without a word, from any folder, and can be removed and imported again' {
        $run = Invoke-Shell -WorkingDirectory $TestDrive @"
Remove-Module KlingEffects
Import-Module '$(Join-Path (Split-Path $ModuleUnderTest) ././KlingEffects.psd1)' -ErrorAction Stop
(Get-Command -Module KlingEffects).Count
"@
        $run.Output.Trim() | Should -BeExactly $cmdlets.Count
        $run.Error | Should -BeNullOrEmpty
        $run.ExitCode | Should -Be 0
    }

    It 'loads no assembly but its own; the netstandard2.0 build has its packages beside it' {
        $run = Invoke-Shell @'
$loaded = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { -not $_.IsDynamic -and $_.Location -and -not $_.Location.StartsWith($PSHOME) }
$loaded.Location | Where-Object { $_ -notlike '*[\/]shared[\/]Microsoft.NETCore.App[\/]*' }
'@
        $files = $run.Output.Trim() -split '\r?\n'
        $lib = (Resolve-Path (Join-Path (Split-Path $ModuleUnderTest) lib)).ProviderPath
        $folder = Join-Path $lib $BuildUnderTest
        # The client may be the one that was compiled ahead.
        $files | Split-Path | Select-Object -Unique | Should -BeIn $lib, $folder, (Join-Path $folder linux-x64)
        $names = $files | Split-Path -LeafBase | Sort-Object
        if ($BuildUnderTest -eq 'net8.0') {
            $names | Should -Be KlingEffects, KlingEffects.Client, KlingEffects.Loader
        } else {
            $names | Should -Contain KlingEffects.Client
            $beside = (Get-ChildItem $folder -Filter *.dll).BaseName
            $beside | Should -Contain System.Text.Json
            $beside | Should -Not -Contain System.Management.Automation
        }
    }
}

Describe '-WhatIf and -Confirm' {
    AfterEach { Assert-EmulatorTraffic $emulator }

    It 'shows the request, images shortened, and sends nothing' {
        $null = New-TestImage $TestDrive/ana.png
        $run = Invoke-Shell -WorkingDirectory $TestDrive "New-KlingEffect daily_ootd ./ana.png, https://images.example/b.jpg -Duration 10 -ExternalTaskId order-1 -WhatIf"

        $run.Error | Should -BeNullOrEmpty
        $run.Output | Should -BeLike "What if:*POST $($emulator.BaseUri.TrimEnd('/'))/kling/v1/videos/effects*"
        $json = [regex]::Match($run.Output, '(?s)\{.*\}').Value | ConvertFrom-Json
        $json.effect_scene | Should -BeExactly daily_ootd
        $json.input.duration | Should -BeExactly 10
        $json.input.images[0] | Should -BeLike '*base64*ana.png*'
        $json.input.images[1] | Should -BeExactly https://images.example/b.jpg
        $json.external_task_id | Should -BeExactly order-1
        Get-EmulatorRequest | Should -BeNullOrEmpty
    }

    It 'sends nothing with $WhatIfPreference' {
        $run = Invoke-Shell '$WhatIfPreference = $true; New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg'
        $run.Output | Should -BeLike 'What if:*'
        Get-EmulatorRequest | Should -BeNullOrEmpty
    }

    It 'says with -WhatIf already what the item would fail with' {
        New-KlingEffect 3d_cartoon_2 ./gone.png -WhatIf -ErrorAction SilentlyContinue -ErrorVariable failures 6>$null
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingImageNotFound,*'
    }

    It 'asks with -Confirm, says that it costs, and sends only what is answered with yes' {
        $shell = Start-Shell
        try {
            $shell.StandardInput.WriteLine("Import-Module '$ModuleUnderTest'; 'yes', 'no' | ForEach-Object { ""https://images.example/`$_.jpg"" } | New-KlingEffect 3d_cartoon_2 -Confirm | Out-Null; 'all ' + 'asked'")
            $shell.StandardInput.WriteLine('y')
            $shell.StandardInput.WriteLine('n')
            $shown = Read-ShellLine $shell '*all asked*'
        } finally { Stop-Shell $shell }

        $shown -join "`n" | Should -BeLike '*costs money*'
        Get-EmulatorRequest submit | Should -HaveCount 1
    }

    It 'does not ask unless it is told to' {
        $run = Invoke-Shell '(New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg).Status'
        $run.Output.Trim() | Should -Be Submitted
    }
}

Describe 'The key' {
    BeforeEach { $script:before = $env:COMETAPI_KEY }

    AfterEach {
        $env:COMETAPI_KEY = $before
        $PSDefaultParameterValues.Remove('*-Kling*:ApiKey')
        Assert-EmulatorTraffic $emulator
    }

    It 'is KlingApiKeyMissing before anything is sent, when <Name>: <Cmdlet>' -ForEach $(
        foreach ($cmdlet in 'Get-KlingTask', 'New-KlingEffect', 'Save-KlingVideo', 'Wait-KlingTask') {
            @{ Cmdlet = $cmdlet; Name = 'there is none'; Key = $null }
            @{ Cmdlet = $cmdlet; Name = 'it is blank'; Key = " `t" }
            @{ Cmdlet = $cmdlet; Name = 'it is a byte order mark'; Key = "`u{FEFF} " }
        }
    ) {
        $env:COMETAPI_KEY = $Key
        $thrown = { Invoke-Cmdlet $Cmdlet @{ ErrorAction = 'SilentlyContinue' } } | Should -Throw -ErrorId 'KlingApiKeyMissing,*' -PassThru

        $thrown.CategoryInfo.Category | Should -Be AuthenticationError
        $thrown.Exception.Message | Should -BeLike '*COMETAPI_KEY*'
        $thrown.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-EmulatorRequest | Should -BeNullOrEmpty
    }

    It 'is taken with white space and a byte order mark around it' {
        $env:COMETAPI_KEY = "`u{FEFF} $($emulator.Key)`r`n"
        New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg | Should -HaveCount 1
    }

    It 'is taken from -ApiKey as <Name>, before the environment' -ForEach @(
        @{ Name = 'a string'; Make = { $args[0] } }
        @{ Name = 'a SecureString, as Get-Secret gives it'; Make = { ConvertTo-SecureString $args[0] -AsPlainText -Force } }
        @{ Name = 'a credential'; Make = { [pscredential]::new('key', (ConvertTo-SecureString $args[0] -AsPlainText -Force)) } }
    ) {
        $env:COMETAPI_KEY = 'sk-of-somebody-else'
        New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -ApiKey (& $Make $emulator.Key) | Should -HaveCount 1
    }

    It 'is taken from $PSDefaultParameterValues by all' {
        $env:COMETAPI_KEY = $null
        $PSDefaultParameterValues['*-Kling*:ApiKey'] = ConvertTo-SecureString $emulator.Key -AsPlainText -Force
        $file = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg | Get-KlingTask | Wait-KlingTask | Save-KlingVideo (Join-Path $TestDrive defaults)

        $file | Should -HaveCount 1
    }

    It 'is KlingUnauthorized when it is wrong, for each item, and is not in the message' {
        $env:COMETAPI_KEY = 'sk-wrong-0815-4711'
        $ids = 1..2 | ForEach-Object { (Invoke-Emulator Post tasks @{ externalId = "w$_" }).id }
        $ids | Get-KlingTask -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty
        New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -ErrorAction SilentlyContinue -ErrorVariable +failures | Should -BeNullOrEmpty

        $failures | Should -HaveCount 3
        foreach ($failure in $failures) {
            $failure.FullyQualifiedErrorId | Should -BeLike 'KlingUnauthorized,*'
            $failure.CategoryInfo.Category | Should -Be AuthenticationError
            $failure.Exception.HttpStatus | Should -Be 401
            $failure.Exception.ToString() | Should -Not -Match '0815'
        }

        (Get-EmulatorState).counters.acceptedSubmits | Should -Be 0
    }
}

Describe 'The address' {
    BeforeEach { $script:before = $env:COMETAPI_BASE_URL }

    AfterEach {
        $env:COMETAPI_BASE_URL = $before
        Assert-EmulatorTraffic $emulator
    }

    It 'is refused before anything is sent when it is <Address>: <Cmdlet>' -ForEach $(
        foreach ($cmdlet in 'Get-KlingTask', 'New-KlingEffect', 'Save-KlingVideo', 'Wait-KlingTask') {
            foreach ($address in 'http://api.cometapi.example', 'ftp://127.0.0.1/', 'not an address') { @{ Cmdlet = $cmdlet; Address = $address } }
        }
    ) {
        $env:COMETAPI_BASE_URL = $Address
        $thrown = { Invoke-Cmdlet $Cmdlet @{ ErrorAction = 'SilentlyContinue' } } | Should -Throw -ErrorId 'Kling*' -PassThru
        $thrown.CategoryInfo.Category | Should -Be InvalidArgument
        $thrown.Exception | Should -BeOfType KlingEffects.KlingException

        $env:COMETAPI_BASE_URL = $before
        { Invoke-Cmdlet $Cmdlet @{ BaseUri = $Address; ErrorAction = 'SilentlyContinue' } } | Should -Throw
        Get-EmulatorRequest | Should -BeNullOrEmpty
    }

    It 'may end in "<_>", as the SDKs of the provider have it' -ForEach '', '/', '/v1', '/v1/' {
        $root = $emulator.BaseUri.TrimEnd('/')
        $env:COMETAPI_BASE_URL = "$root$_"
        $task = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg
        $null = Get-KlingTask $task.TaskId -BaseUri "$root$_"

        (Get-EmulatorRequest -BaseUri $root).path | Should -Be /kling/v1/videos/effects, "/kling/v1/videos/effects/$($task.TaskId)"
    }
}

Describe 'Completion' {
    AfterEach {
        Get-EmulatorRequest | Should -BeNullOrEmpty -Because 'completion asks nobody'
        Assert-EmulatorTraffic $emulator
    }

    It 'suggests scenes that begin with what is typed' {
        Get-Completion 'New-KlingEffect 3d_cart' | Should -Contain 3d_cartoon_2
        Get-Completion 'New-KlingEffect -Scene 3d_cart' | ForEach-Object { $_ | Should -BeLike '3d_cart*' }
        (Get-Completion 'New-KlingEffect -Scene ').Count | Should -BeGreaterThan 100
    }

    It 'quotes a scene that needs it' {
        Get-Completion 'New-KlingEffect -Scene let' | Should -Contain "'let''s_ride'"
    }

    It 'suggests for <Line>: <Word>' -ForEach @(
        @{ Line = 'New-KlingEffect hug a, b -Mode '; Word = 'std', 'pro' }
        @{ Line = 'New-KlingEffect hug a, b -Duration '; Word = '5', '10' }
        @{ Line = 'Get-KlingTask 1 -Kind '; Word = 'effects', 'image2video', 'text2video' }
        @{ Line = 'Wait-KlingTask 1 -Kind '; Word = 'effects', 'image2video' }
        @{ Line = 'Save-KlingVideo -Kind im'; Word = , 'image2video' }
    ) {
        $suggested = Get-Completion $Line
        foreach ($expected in $Word) { $suggested | Should -Contain $expected }
    }

    It 'suggests the tokens of a name' {
        $suggested = Get-Completion "Save-KlingVideo -Name "
        foreach ($token in '{TaskId}', '{ExternalTaskId}', '{Scene}', '{Index}') { $suggested.Trim("'") | Should -Contain $token }
    }

    It 'works without a key' {
        $key = $env:COMETAPI_KEY
        $env:COMETAPI_KEY = $null
        try { Get-Completion 'New-KlingEffect 3d_cart' | Should -Contain 3d_cartoon_2 } finally { $env:COMETAPI_KEY = $key }
    }
}
