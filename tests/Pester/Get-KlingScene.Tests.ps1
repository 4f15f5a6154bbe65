#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    $list = Join-Path $RepositoryRoot src/KlingEffects.Client/Scenes/effect-scenes.tsv
}

Describe 'Get-KlingScene' {
    It 'gives the current scenes, and the retired ones where it is asked to' {
        $current = Get-KlingScene
        $current.IsCurrent | Should -Not -Contain $false
        $all = Get-KlingScene -IncludeRetired
        $all.Count | Should -Be (@(Get-Content $list).Count - 2)
        $all[0..($current.Count - 1)].Name | Should -BeExactly $current.Name
        $all.Name | Select-Object -Unique | Should -HaveCount $all.Count
    }

    It 'has the corrections that the provider told of' {
        $scenes = Get-KlingScene magic_match_tree, puff_cheeks, "let's_ride", "let’s_ride", hug -IncludeRetired
        $scenes.ForEach{ "$($_.Name) $($_.ImageCount) $($_.IsCurrent) $($_.LastSeen)" } | Should -BeExactly @(
            'magic_match_tree 1 False 2026-07', 'puff_cheeks 1 True 2026-11', "let's_ride 1 False 2026-03", "let’s_ride 1 False 2026-03", 'hug 2 False 2026-01')
    }

    It 'picks by wildcards, whatever the case, and by the number of images' {
        (Get-KlingScene HUG_*).Name | Should -BeExactly hug_pro
        (Get-KlingScene *_pro -ImageCount 2).Name | Should -Contain hug_pro
        (Get-KlingScene *_pro -ImageCount 2).ImageCount | Should -Not -Contain 1
        (Get-KlingScene *no*such*) | Should -BeNullOrEmpty
        ('hug_pro', 'kiss_pro' | Get-KlingScene).Name | Should -BeExactly hug_pro, kiss_pro
        ([pscustomobject] @{ Scene = 'hug_pro' } | Get-KlingScene).ImageCount | Should -Be 2
    }

    It 'still knows the number of images by its first name' {
        $two = Get-KlingScene *_pro -Images 2
        $two.Images | Should -Be $two.ImageCount
        $two | Where-Object Images -NE 2 | Should -BeNullOrEmpty
        ($two | ConvertTo-Csv | ConvertFrom-Csv)[0].Images | Should -Be 2
    }

    It 'tells of a pattern that is none, and gives the rest' {
        (Get-KlingScene 'hug[', hug_pro -ErrorVariable failed -ErrorAction SilentlyContinue).Name | Should -BeExactly hug_pro
        $failed.FullyQualifiedErrorId | Should -Be 'KlingInvalidRequest,KlingEffects.Commands.GetKlingSceneCommand'
    }

    It 'tells why there is none of a name, and gives the rest' {
        $scenes = Get-KlingScene hug, nosuch, hug_pro -ErrorVariable failed -ErrorAction SilentlyContinue
        $scenes.Name | Should -BeExactly hug_pro
        $failed.FullyQualifiedErrorId | Should -Be 'KlingModelNotFound,KlingEffects.Commands.GetKlingSceneCommand', 'KlingModelNotFound,KlingEffects.Commands.GetKlingSceneCommand'
        $failed[0].Exception.Message | Should -BeExactly "The scene 'hug' was last published in 2026-01."
        $failed[0].ErrorDetails.RecommendedAction | Should -Match '-IncludeRetired'
        $failed[1].TargetObject | Should -BeExactly nosuch
    }
}

Describe 'A job of a known scene' {
    BeforeAll {
        function Get-Warning([string] $Scene, [string[][]] $Image) {
            $Image.ForEach{ [pscustomobject] @{ Scene = $Scene; Image = $_ } } |
                New-KlingEffect -ApiKey none -WhatIf -WarningVariable warnings -WarningAction SilentlyContinue | Out-Null
            $warnings.Message
        }
    }

    It 'is warned of once a scene if it has the wrong number of images' {
        $one = , @('https://images.example/a.jpg')
        $two = , @('https://images.example/a.jpg', 'https://images.example/b.jpg')
        Get-Warning hug_pro ($one + $one) | Should -BeExactly "The scene 'hug_pro' takes two images (left, right), and the job has one image: the API may refuse it."
        Get-Warning 3d_cartoon_2 ($two + $two) | Should -BeExactly "The scene '3d_cartoon_2' takes one image, and the job has two images (left, right): the API may refuse it."
        Get-Warning hug_pro $two | Should -BeNullOrEmpty
        Get-Warning my_own_scene ($one + $two) | Should -BeNullOrEmpty
        Get-Warning hug $one | Should -HaveCount 2 -Because 'it is retired, too'
    }
}

Describe 'tools/Update-Scenes.ps1' {
    BeforeAll {
        $copy = Join-Path $TestDrive scenes.tsv
        $names = Join-Path $TestDrive names.txt
        $update = Join-Path $RepositoryRoot tools/Update-Scenes.ps1
    }

    BeforeEach {
        [IO.File]::WriteAllText($copy, "# As of 2026-11-25. x`neffect_scene`timages`tlast_seen`tnote`nstays`t1`tcurrent`nleaves`t2`tcurrent`nended`t1`t2026-07`tdiscontinued 2026-07-03`nold`t2`t2026-01`n")
    }

    It 'adds, retires and takes back names, and leaves what is discontinued' {
        Set-Content $names '# from the page', 'stays', 'brand_new, 2', "let’s_ride", 'ended', 'old', ''
        $changes = & $update $names -ListPath $copy -Date 2026-12-24
        $changes.ForEach{ "$($_.Name) $($_.Images) $($_.Change)" } | Should -BeExactly 'leaves 2 retired', 'old 2 back', 'brand_new 2 new', "let’s_ride 1 new"
        [IO.File]::ReadAllText($copy) | Should -BeExactly ("# As of 2026-12-24. Written by tools/Update-Scenes.ps1: change it with that.`neffect_scene`timages`tlast_seen`tnote`n" +
            "stays`t1`tcurrent`nold`t2`tcurrent`nbrand_new`t2`tcurrent`tnew 2026-12`nlet’s_ride`t1`tcurrent`tnew 2026-12`nleaves`t2`t2026-11`nended`t1`t2026-07`tdiscontinued 2026-07-03`n")
    }

    It 'changes nothing for a text that is none of names' {
        $before = [IO.File]::ReadAllText($copy)
        Set-Content $names 'stays', 'two words 3'
        { & $update $names -ListPath $copy } | Should -Throw "'two words 3' is no name*"
        Set-Content $names '# none'
        { & $update $names -ListPath $copy } | Should -Throw '*has no names*'
        [IO.File]::ReadAllText($copy) | Should -BeExactly $before
    }

    It 'has written the list that is built in' {
        $known = @(Get-Content $list | Select-Object -Skip 2).Where{ $_ -match "`tcurrent" }.ForEach{ ($_ -split "`t")[0..1] -join ' ' }
        Set-Content $names $known
        Copy-Item $list $copy
        $date = [regex]::Match((Get-Content $list -TotalCount 1), '\d{4}-\d\d-\d\d').Value
        & $update $names -ListPath $copy -Date $date | Should -BeNullOrEmpty
        [IO.File]::ReadAllText($copy) | Should -BeExactly ([IO.File]::ReadAllText($list))
    }
}
