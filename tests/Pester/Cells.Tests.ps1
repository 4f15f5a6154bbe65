#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Rows as spreadsheets and people hand them on.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $emulator = Start-Emulator
    Push-Location $TestDrive
    $null = New-TestImage ./ana.png -Shade 3
}

AfterAll {
    Pop-Location
    Stop-Emulator $emulator
}

Describe 'An id that a spreadsheet has rounded' {
    BeforeDiscovery {
        $nbsp = [char] 0xA0
        $rounded = @(
            '2.03227E+18', '2,03227E+18', '2,03E+18', '2.03e+18', '2E+18', "2$([char] 0x66B)03E+18", '2.03227E18', '2.03227396033194E+018',
            " 2.03227E+18$nbsp", '"2.03227E+18"', '2032273960331935744.0', '2032273960331930000,00'
        ) | ForEach-Object { @{ Text = $_; Id = $_ } }
        $rounded += @{ Text = 'a double'; Id = [double] 2032273960331935744 }, @{ Text = 'a single'; Id = [single] 2e18 }, @{ Text = 'a decimal with a fraction'; Id = 2.5d }
    }

    It 'is refused with the reason, and sends nothing: <Text>' -ForEach $rounded {
        foreach ($cmdlet in 'Get-KlingTask', 'Wait-KlingTask', 'Save-KlingVideo') {
            { & $cmdlet -TaskId $Id -ErrorAction Stop } | Should -Throw '*rounded*last digits are lost*'
            { [pscustomobject]@{ TaskId = $Id } | & $cmdlet -ErrorAction Stop } | Should -Throw '*rounded*'
        }

        Get-EmulatorRequest | Should -BeNullOrEmpty
    }

    It 'is told in the culture <_> too' -ForEach 'de-DE', 'ar-SA', 'fa-IR' {
        $culture = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = $_
            { Get-KlingTask ([double] 2.5e18) -ErrorAction Stop } | Should -Throw "*'2.5E+18'*rounded*"
        } finally {
            [cultureinfo]::CurrentCulture = $culture
        }
    }
}

Describe 'A cell' {
    AfterEach {
        Assert-EmulatorTraffic $emulator
        Reset-Emulator
    }

    It 'with an id has no blanks, quotation marks or signs of text around it: <_>' -ForEach ' {0} ', "{0}$([char] 0xA0)", '"{0}"', "'{0}", '="{0}"', "$([char] 0xFEFF){0}" {
        $task = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg
        (Get-KlingTask ($_ -f $task.TaskId)).TaskId | Should -Be $task.TaskId
    }

    It 'with a path has no blanks or quotation marks around it: <_>' -ForEach ' ./ana.png', "./ana.png$([char] 0xA0)", '"./ana.png"', "$([char] 0x202A)./ana.png" {
        [pscustomobject]@{ Scene = '3d_cartoon_2'; Image = $_ } | New-KlingEffect | Should -HaveCount 1
    }
}

Describe 'A missing picture' {
    It 'is named so that its blank is seen' {
        New-KlingEffect 3d_cartoon_2 "./nobody.png$([char] 0xA0)" -ErrorAction SilentlyContinue -ErrorVariable failures
        "$failures" | Should -BeLike "*'./nobody.png``[U+00A0``]'*"
    }

    It 'is looked for in another encoding' {
        $null = New-TestImage ./Größe.png -Shade 4
        New-KlingEffect 3d_cartoon_2 ./GrÃ¶ÃŸe.png -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures[0].ErrorDetails.RecommendedAction | Should -BeLike "*'Größe.png' is there*Import-Csv -Encoding UTF8*"
    }
}

Describe 'An address as people paste it' {
    BeforeAll { $before = $env:COMETAPI_BASE_URL }

    AfterEach {
        $env:COMETAPI_BASE_URL = $before
        Assert-EmulatorTraffic $emulator
        Reset-Emulator
    }

    It 'is understood: <_>' -ForEach '{0}/kling', '{0}/kling/v1/videos/effects', '{1}', '{1}/v1', '"{0}"', ' {0}' {
        $root = $before.TrimEnd('/')
        $pasted = $_ -f $root, ($root -replace '^http://')
        $task = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -BaseUri $pasted
        $env:COMETAPI_BASE_URL = $pasted
        (Get-KlingTask $task.TaskId).TaskId | Should -Be $task.TaskId
        (Get-EmulatorRequest -BaseUri $root).path | Should -Be /kling/v1/videos/effects, "/kling/v1/videos/effects/$($task.TaskId)"
    }

    It 'is refused in one plain sentence where it is none' {
        { Get-KlingTask 1 -BaseUri 'not an address' -ErrorAction Stop } | Should -Throw "*'not an address' is not an http(s) address, such as https://api.cometapi.com."
    }
}

Describe 'A key in quotation marks' {
    AfterEach { $env:COMETAPI_KEY = $emulator.Key }

    It 'is the key without them: <_>' -ForEach '"{0}"', "'{0}'", "$([char] 0x201C){0}$([char] 0x201D)", "{0}$([char] 0xA0)" {
        $env:COMETAPI_KEY = $_ -f $emulator.Key
        New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg | Should -HaveCount 1
    }

    It 'is refused, before anything is sent, where one is missing' {
        $env:COMETAPI_KEY = "`"$($emulator.Key)"
        { New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -ErrorAction Stop } | Should -Throw '*quotation mark*' -ErrorId 'KlingApiKeyMissing*'
    }
}
