#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Help, parameters and contract say the same.

BeforeDiscovery {
    $cmdlets = Get-ChildItem $PSScriptRoot/../../docs/en-US/*-*.md | ForEach-Object { @{ Cmdlet = $_.BaseName } }
    $hasPlatyPS = $null -ne (Get-Module Microsoft.PowerShell.PlatyPS -ListAvailable)
}

BeforeAll {
    . $PSScriptRoot/common.ps1
    $pages = Join-Path $RepositoryRoot docs/en-US
    $compiled = Join-Path (Split-Path $ModuleUnderTest) en-US

    # The contract's tables: name = aliases; default, as the help tells it.
    $common = [ordered]@{
        ApiKey        = '', '$env:COMETAPI_KEY'
        BaseUri       = '', '$env:COMETAPI_BASE_URL, else https://api.cometapi.com'
        Proxy         = '', "The system's"; ProxyCredential = '', $null
        Gateway       = '', 'CometApi'
        ThrottleLimit = '', @{ 'Get-KlingAccount' = 1; 'New-KlingEffect' = 8; 'Get-KlingTask' = 32; 'Wait-KlingTask' = 32; 'Save-KlingVideo' = 6; 'Invoke-KlingBatch' = 32 }
    }
    $taskId = 'Id, task_id', $null
    $kind = '', 'effects'
    $ofTask = @{ InputObject = '', $null; Scene = '', $null; Images = '', $null }
    $contract = @{
        'New-KlingEffect' = @{
            Scene = 'EffectScene, effect_scene', $null; Image = 'FullName, Path', $null; SecondImage = '', $null
            Duration = '', 5; Mode = '', $null; ModelName = 'model_name', $null; CallbackUrl = 'callback_url', $null
            ExternalTaskId = 'external_task_id', $null; AdditionalBody = '', $null; MaxJobs = '', $null; JournalPath = '', '$env:KLING_JOURNAL'; TimeoutSec = '', 3600
            RetryUncertain = '', 'False'; RetryFailed = '', 'False'; SkipImageCheck = '', 'False'; WhatIf = 'wi', 'False'; Confirm = 'cf', 'False'
        }
        'Invoke-KlingBatch' = @{
            Path = '', $null; InputObject = '', $null; StatePath = '', './state'; Destination = '', 'videos in the state folder'; Name = '', '{ExternalTaskId}'
            Step = '', 'All'; Shard = '', 1; ShardCount = '', 1; TimeoutSec = '', '3600, and 60 for Collect'; MaxJobs = '', $null; RetryUncertain = '', 'False'; RetryFailed = '', 'False'
            SkipImageCheck = '', 'False'; UserAgent = '', $null; Force = '', 'False'; CI = '', 'False'; WhatIf = 'wi', 'False'; Confirm = 'cf', 'False'
        }
        'Get-KlingTask'   = $ofTask + @{ TaskId = $taskId; ExternalTaskId = 'external_task_id', $null; JournalPath = '', $null; Kind = $kind }
        'Export-KlingReport' = @{ Path = '', $null; As = '', $null; InputObject = '', $null; WhatIf = 'wi', 'False'; Confirm = 'cf', 'False' }
        'Get-KlingAccount' = @{}
        'Get-KlingScene'  = @{ Name = 'Scene', '*'; ImageCount = 'Images', $null; IncludeRetired = '', 'False' }
        'Wait-KlingTask'  = $ofTask + @{ TaskId = $taskId; ExternalTaskId = '', $null; JournalPath = '', $null; TimeoutSec = '', 3600; PollIntervalSec = '', $null; Kind = $kind }
        'Save-KlingVideo' = $ofTask + @{ Destination = '', '.'; TaskId = $taskId; ExternalTaskId = '', $null; JournalPath = '', $null; Name = '', '{TaskId}'; Force = '', 'False'; UserAgent = '', $null; Kind = $kind; WhatIf = 'wi', 'False'; Confirm = 'cf', 'False' }
    }

    # What speaks to no API has none of the common ones.
    $local = @{ 'Get-KlingJob' = @{ JournalPath = 'FullName, Path, PSPath', '$env:KLING_JOURNAL'; State = '', $null } }

    # A hidden one would hide the common ones from completion with it.
    function Get-OwnParameter([string] $Cmdlet) {
        $other = [Management.Automation.PSCmdlet]::CommonParameters
        (Get-Command $Cmdlet).Parameters.Values | Where-Object Name -NotIn $other
    }

    function Get-Declaration([object] $Parameter) {
        $Parameter.Attributes | Where-Object { $_ -is [Management.Automation.ParameterAttribute] } | Select-Object -First 1
    }
}

Describe 'The help of <Cmdlet>' -ForEach $cmdlets {
    BeforeAll {
        $help = Get-Help $Cmdlet -Full
        $shown = @{}
        foreach ($parameter in $help.parameters.parameter) { $shown[$parameter.name] = $parameter }
        $speaks = $common.ThrottleLimit[1].ContainsKey($Cmdlet)
        $agreed = @{} + ($contract[$Cmdlet] ?? $local[$Cmdlet])
        if ($speaks) { $agreed += $common }
    }

    It 'is the compiled page and no skeleton' {
        $help.Synopsis | Should -Match '\w.*\.$'
        $help.Synopsis | Should -Not -BeLike "*$Cmdlet*``[*" -Because 'that is what Get-Help makes up where it finds no help'
        $help.Description.Text -join ' ' | Should -Match '\w{3}'
        @($help.alertSet.alert.Text)[0] | Should -Match '^Cost:' -Because 'the notes say what costs money'
        $inputTypes = $help.inputTypes.inputType.type.name
        if ($Cmdlet -eq 'Get-KlingAccount') { $inputTypes | Should -Be KlingEffects.KlingGatewayName }
        elseif ($Cmdlet -eq 'Export-KlingReport') { $inputTypes | Should -Be KlingEffects.KlingJob[] }
        elseif ($Cmdlet -eq 'Invoke-KlingBatch') { $inputTypes | Should -Be System.Management.Automation.PSObject[] } else { $inputTypes | Should -Contain System.String[] }
        $help.returnValues.returnValue.type.name | Should -Be ((Get-Command $Cmdlet).OutputType.Name)
        Get-Content (Join-Path $pages "$Cmdlet.md") -Raw | Should -Not -Match '\{\{ Fill|\{\{Insert'
    }

    It 'tells of each parameter that the cmdlet has and the contract names' {
        $names = (Get-OwnParameter $Cmdlet).Name | Sort-Object
        $shown.Keys | Sort-Object | Should -Be $names
        $agreed.Keys | Sort-Object | Should -Be $names
    }

    It 'describes each parameter as the cmdlet declares it' {
        foreach ($parameter in Get-OwnParameter $Cmdlet) {
            $text = $shown[$parameter.Name]
            $sets = $parameter.ParameterSets.Values
            $declared = Get-Declaration $parameter
            $expected = @(
                ([bool] $declared.Mandatory).ToString()
                if ($declared.Position -lt 0) { 'Named' } else { $declared.Position }
                $sets.ValueFromPipeline -contains $true ? 'ByValue' : ''
                $sets.ValueFromPipelineByPropertyName -contains $true ? 'ByPropertyName' : ''
                $parameter.Aliases -join ', '
            )
            @(
                $text.required
                $text.position
                $text.pipelineInput -match 'ByValue' ? 'ByValue' : ''
                $text.pipelineInput -match 'ByPropertyName' ? 'ByPropertyName' : ''
                $text.aliases -replace '^none$'
            ) | Should -Be $expected -Because "-$($parameter.Name) is declared so"
            $parameter.Aliases -join ', ' | Should -Be $agreed[$parameter.Name][0] -Because "the contract names the aliases of -$($parameter.Name) so"
            $text.description.Text -join ' ' | Should -Match '\w{3}.*\.$' -Because "-$($parameter.Name) is described"
        }
    }

    It 'tells each default, and the cmdlet has it' {
        $instance = (Get-Command $Cmdlet).ImplementingType::new()
        foreach ($name in $agreed.Keys) {
            $default = $agreed[$name][1]
            if ($default -is [hashtable]) { $default = $default[$Cmdlet] }
            $shown[$name].defaultValue | Should -Be $default -Because "-$name"
            if ($default -is [int] -and $name -ne 'Duration') { $instance.$name | Should -Be $default -Because "-$name" }
        }
    }

    It 'tells the unit of what is a number' {
        foreach ($parameter in Get-OwnParameter $Cmdlet | Where-Object { $_.ParameterType -in [int], [double], [Nullable[int]] }) {
            $shown[$parameter.Name].description.Text -join ' ' | Should -Match 'second|How many (submits|queries|tasks|images) '
        }
    }

    It 'gives each parameter a help message for the prompt and the tooltip' {
        foreach ($parameter in Get-OwnParameter $Cmdlet | Where-Object Name -NotIn WhatIf, Confirm) {
            (Get-Declaration $parameter).HelpMessage | Should -Match '\w{3}.*[.:)]' -Because "-$($parameter.Name)"
        }
    }

    It 'has at least four examples, each with its code and a title' {
        @($help.examples.example).Count | Should -BeGreaterOrEqual 4
        foreach ($example in $help.examples.example) {
            $example.title | Should -Match 'Example \d+: \w'
            $example.code | Should -Match $Cmdlet
            $example.code | Should -Not -Match '```'
        }
    }
}

Describe 'The parameters of all cmdlets' {
    It 'stand in one order, but for those that stand first since a call needs them' {
        $options = @{}
        foreach ($cmdlet in Get-Command -Module KlingEffects) {
            $options[$cmdlet.Name] = @(
                $cmdlet.ImplementingType.GetProperties().Name | Where-Object { $cmdlet.Parameters[$_] } |
                    Where-Object { -not ($cmdlet.Parameters[$_].ParameterSets.Values | Where-Object { $_.IsMandatory -or $_.Position -ge 0 }) })
            if ($common.ThrottleLimit[1].ContainsKey($cmdlet.Name)) {
                $options[$cmdlet.Name] | Select-Object -Last 6 | Should -Be Gateway, ApiKey, BaseUri, Proxy, ProxyCredential, ThrottleLimit -Because $cmdlet.Name
            }
        }

        foreach ($one in $options.Keys) {
            foreach ($other in $options.Keys) {
                $shared = $options[$other] | Where-Object { $_ -in $options[$one] }
                ($options[$one] | Where-Object { $_ -in $options[$other] }) -join ' ' | Should -Be ($shared -join ' ') -Because "$one and $other share these"
            }
        }
    }
}

Describe 'The compiled help' {
    It 'is what the Markdown says now' -Skip:(-not $hasPlatyPS) {
        $made = Join-Path $TestDrive help
        $null = & (Join-Path $RepositoryRoot tools/Update-Help.ps1) -OutputFolder $made
        foreach ($name in 'KlingEffects.dll-Help.xml', 'about_KlingEffects.help.txt') {
            Get-Content (Join-Path $compiled $name) -Raw | Should -BeExactly (Get-Content (Join-Path $made $name) -Raw) -Because 'tools/Update-Help.ps1 makes it of docs/en-US'
        }
    }

    It 'has each synopsis and each example of the Markdown' {
        foreach ($page in Get-ChildItem $pages/*-*.md) {
            $help = Get-Help $page.BaseName -Full
            $text = Get-Content $page -Raw
            $help.Synopsis.Trim() | Should -BeExactly ([regex]::Match($text, '## SYNOPSIS\n\n(.+)\n').Groups[1].Value)
            $codes = [regex]::Matches($text, '(?s)```powershell\n(.*?)\n```') | ForEach-Object { $_.Groups[1].Value }
            $help.examples.example.code | Should -BeExactly $codes
        }
    }

    It 'is found by a fresh PowerShell' {
        $run = Invoke-Shell 'Get-Help Save-KlingVideo -Full | Out-String -Width 200; (Get-Help about_KlingEffects)'
        $run.ExitCode | Should -Be 0
        $run.Output | Should -Match 'Saves the videos of Kling tasks that have succeeded\.'
        $run.Output | Should -Match 'Default value +6'
        $run.Output | Should -Match 'Example 6: Download again'
        $run.Output | Should -Match '(?m)^THE JOURNAL'
    }
}

Describe 'Get-Help -Online' {
    It 'opens the page of the release, once the project has one' {
        $copy = New-Item "$TestDrive/online/KlingEffects" -ItemType Directory
        Copy-Item (Join-Path $compiled KlingEffects.dll-Help.xml) $copy
        & (Join-Path $RepositoryRoot tools/Add-OnlineHelp.ps1) -Path (Join-Path $copy KlingEffects.dll-Help.xml) -SourceUri https://example.com/kling/blob/v1.2.3
        $maml = [xml] (Get-Content (Join-Path $copy KlingEffects.dll-Help.xml))
        foreach ($command in $maml.DocumentElement.ChildNodes) {
            @($command.relatedLinks.navigationLink.uri).Where{ $_ }[0] | Should -BeExactly "https://example.com/kling/blob/v1.2.3/docs/en-US/$($command.details.name).md"
            Join-Path $pages "$($command.details.name).md" | Should -Exist
        }
    }
}

Describe 'about_KlingEffects' {
    It 'has a synopsis' {
        (Get-Help about_KlingEffects -Category HelpFile).Synopsis | Should -BeLike 'Makes videos of pictures*'
    }

    It 'tells of every error id' {
        $text = Get-Help about_KlingEffects | Out-String
        foreach ($id in [Enum]::GetNames([KlingEffects.KlingErrorId])) { $text | Should -Match "(?m)^ +Kling$id  +\S" }
    }

    It 'fits a console of 80 columns, save for code' {
        foreach ($line in Get-Content (Join-Path $compiled about_KlingEffects.help.txt) | Where-Object { $_ -notmatch '^ {8}' }) {
            $line.Length | Should -BeLessOrEqual 79 -Because $line
        }
    }
}
