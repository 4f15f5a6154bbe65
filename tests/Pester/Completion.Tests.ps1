#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# What Tab suggests. It asks nobody.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $emulator = Start-Emulator
    $published = Get-Content (Join-Path $RepositoryRoot src/KlingEffects.Client/Scenes/effect-scenes.tsv) | Select-Object -Skip 1 | ConvertFrom-Csv -Delimiter "`t"

    function Get-Suggestion([string] $Line) {
        (TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches
    }
}

AfterAll {
    $requests = (Get-EmulatorState).requests
    Stop-Emulator $emulator
    $requests | Should -BeNullOrEmpty -Because 'completion touches no network'
}

Describe 'Scenes' {
    It 'are all suggested, the current ones first' {
        $names = (Get-Suggestion 'New-KlingEffect ').ListItemText
        $names | Should -HaveCount $published.Count
        $current = ($published | Where-Object last_seen -EQ current).effect_scene
        $names[0..($current.Count - 1)] | Should -BeExactly $current
        $names | Sort-Object | Should -BeExactly ($published.effect_scene | Sort-Object)
    }

    It 'are those that begin with what is typed, by -Scene and its aliases too' -ForEach 'New-KlingEffect hu', 'New-KlingEffect -Scene hu', 'New-KlingEffect -EffectScene HU', 'New-KlingEffect -Image ./a.jpg -effect_scene hu' {
        $names = (Get-Suggestion $_).CompletionText
        $names | Should -Contain hug_pro
        $names[-1] | Should -BeExactly hug -Because 'it is retired'
        $names | Should -BeLike 'hu*'
    }

    It 'tell how many images they take, and until when they were published' {
        (Get-Suggestion 'New-KlingEffect hug_pro').ToolTip | Should -BeExactly 'hug_pro: two images (left, right)'
        (Get-Suggestion 'New-KlingEffect 3d_cartoon_2').ToolTip | Should -BeExactly '3d_cartoon_2: one image'
        (Get-Suggestion 'New-KlingEffect hug').Where{ $_.CompletionText -eq 'hug' }.ToolTip | Should -BeExactly 'hug: two images (left, right), last published 2026-01'
        $tips = @{}
        foreach ($suggestion in Get-Suggestion 'New-KlingEffect ') { $tips[$suggestion.ListItemText] = $suggestion.ToolTip }
        foreach ($scene in $published) {
            $tips[$scene.effect_scene] | Should -Match ($scene.images -eq 2 ? 'two images' : 'one image')
        }
    }

    It 'are quoted where PowerShell needs it, from <_> on' -ForEach "le", "'le", '"le', "'let''s" {
        $suggestions = Get-Suggestion "New-KlingEffect $_"
        $suggestions.CompletionText | Should -BeExactly "'let''s_ride'", "'let’’s_ride'" -Because 'it was published with either apostrophe'
        $suggestions.ListItemText | Should -BeExactly "let's_ride", "let’s_ride"
        & ([scriptblock]::Create("Write-Output $($suggestions.CompletionText)")) | Should -BeExactly "let's_ride", "let’s_ride"
    }

    It 'have what was used since the import, after the current ones' {
        $null = New-TestImage TestDrive:/a.png
        $shell = Invoke-Shell -WorkingDirectory $TestDrive @'
$env:COMETAPI_KEY = 'sk-none'
$env:COMETAPI_BASE_URL = 'http://127.0.0.1:9'
New-KlingEffect my_own_scene ./a.png -TimeoutSec 1 -ErrorAction SilentlyContinue
$names = (TabExpansion2 'New-KlingEffect ' 16).CompletionMatches
'{0} of {1}' -f $names.ListItemText.IndexOf('my_own_scene'), $names.Count
$names.Where{ $_.ListItemText -eq 'my_own_scene' }.ToolTip
'@
        $current = @($published | Where-Object last_seen -EQ current).Count
        $shell.Output.Trim() -split '\r?\n' | Should -Be "$current of $($published.Count + 1)", 'my_own_scene: used before'
    }
}

Describe 'Other values' {
    It 'of <Line> are <Values>' -ForEach @(
        @{ Line = 'New-KlingEffect hug_pro -Mode '; Values = 'std', 'pro' }
        @{ Line = 'New-KlingEffect hug_pro -Mode p'; Values = @('pro') }
        @{ Line = 'New-KlingEffect hug_pro -Duration '; Values = '5', '10' }
        @{ Line = 'Get-KlingTask 1 -Kind '; Values = 'effects', 'text2video', 'image2video', 'omni-video', 'motion-control', 'multi-image2video', 'multi-elements', 'video-extend', 'advanced-lip-sync', 'lip-sync', "'avatar/image2video'" }
        @{ Line = 'Wait-KlingTask 1 -Kind im'; Values = @('image2video') }
        @{ Line = 'Save-KlingVideo -TaskId 1 -Kind li'; Values = @('lip-sync') }
        @{ Line = 'Get-KlingScene kiss'; Values = 'kiss_pro', 'kiss' }
        @{ Line = 'Export-KlingReport ./a -As '; Values = 'Html', 'JUnit', 'Markdown' }
        @{ Line = 'Save-KlingVideo -Name '; Values = "'{TaskId}'", "'{ExternalTaskId}'", "'{Scene}'", "'{Image}'", "'{Index}'", "'{Index:000}'" }
        @{ Line = "Save-KlingVideo -Name '{S"; Values = @("'{Scene}'") }
        @{ Line = "Save-KlingVideo -Name '{Index:000}-{sc"; Values = @("'{Index:000}-{Scene}'") }
        @{ Line = "Save-KlingVideo -Name 'take-{ta"; Values = @("'take-{TaskId}'") }
    ) {
        (Get-Suggestion $Line).CompletionText | Should -BeExactly $Values
    }

    It 'tell what they are' {
        (Get-Suggestion "Save-KlingVideo -Name '{Index:000}-{sc").ToolTip | Should -BeExactly '{Index:000}-{Scene}: the effect scene'
        (Get-Suggestion 'New-KlingEffect -Mode p').ToolTip | Should -BeExactly 'pro: professional mode'
        (Get-Suggestion 'New-KlingEffect -Duration 1').ToolTip | Should -BeExactly '10 seconds'
    }

    It 'are names that the template takes' {
        foreach ($name in (Get-Suggestion 'Save-KlingVideo -Name ').ListItemText) {
            { @() | Save-KlingVideo $TestDrive -Name $name -ApiKey sk-none } | Should -Not -Throw
        }
        { @() | Save-KlingVideo $TestDrive -Name '{Nobody}' -ApiKey sk-none } | Should -Throw -ErrorId 'KlingInvalidRequest*'
    }
}

Describe 'Parameters' {
    It 'are all suggested, the common ones too' -ForEach 'New-KlingEffect', 'Get-KlingTask', 'Wait-KlingTask', 'Save-KlingVideo' {
        $names = (Get-Suggestion "$_ -").ListItemText
        foreach ($name in 'ThrottleLimit', 'ExternalTaskId', 'ErrorVariable', 'ErrorAction', 'Verbose') { $names | Should -Contain $name }
    }
}

Describe 'Paths' {
    It 'with brackets lead to the file although completion escapes them' {
        $null = New-TestImage TestDrive:/a`[1`].png
        $null = New-Item -ItemType Directory 'TestDrive:/out[1]'
        $run = Invoke-Shell -WorkingDirectory $TestDrive @'
$env:COMETAPI_KEY = 'sk-none'
$image = (TabExpansion2 'New-KlingEffect 3d_cartoon_2 ./a' 32).CompletionMatches[0].CompletionText
$folder = (TabExpansion2 'Save-KlingVideo ./ou' 20).CompletionMatches[0].CompletionText
$image
& ([scriptblock]::Create("New-KlingEffect 3d_cartoon_2 $image -WhatIf"))
& ([scriptblock]::Create("New-KlingEffect 3d_cartoon_2 $image -WhatIf -JournalPath $($folder.TrimEnd("'"))/new.journal'"))
'@
        $run.Error | Should -BeNullOrEmpty
        $run.Output | Should -Match "a``\[1``\]\.png" -Because 'so the engine completes it'
        ([regex]'<base64 of a\[1\]\.png').Matches($run.Output) | Should -HaveCount 2
    }
}

Describe 'Cmdlets' {
    It 'are found by a piece of their name' {
        (Get-Suggestion '*-Kling').CompletionText | Sort-Object | Should -Be Export-KlingReport, Get-KlingAccount, Get-KlingJob, Get-KlingScene, Get-KlingTask, Invoke-KlingBatch, New-KlingEffect, Save-KlingVideo, Wait-KlingTask
    }
}
