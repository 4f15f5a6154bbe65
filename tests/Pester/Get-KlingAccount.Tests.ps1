#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:emulator = Start-Emulator @{ gateway = 'Kling' }
    $at = @{ BaseUri = $emulator.BaseUri }
    $bought = [DateTimeOffset]::UtcNow.AddDays(-43)
    $packs = @{ name = 'Video-1000Units-5Con-12Months'; purchaseTime = $bought; total = 1000; remaining = 742.5; invalidTime = $bought.AddDays(365) },
    @{ name = 'Trial'; purchaseTime = $bought; total = 66; remaining = 0; status = 'runOut' }

    function Get-Request { @((Get-EmulatorState @at).requests) }
}

AfterAll { Stop-Emulator $emulator }

Describe 'Get-KlingAccount' {
    BeforeEach { Set-EmulatorOption @{ resourcePacks = $packs } @at }
    AfterEach { Assert-EmulatorTraffic $emulator }

    It 'gives the packs of a Kling account, with one request' {
        $told = Get-KlingAccount -Gateway Kling

        $told | Should -BeOfType KlingEffects.KlingResourcePack
        $told.Name | Should -BeExactly Video-1000Units-5Con-12Months, Trial
        $told.Remaining | Should -Be 742.5, 0
        $told.ParallelTasks | Should -Be 5, $null
        $told[0].EndsAt | Should -BeOfType DateTimeOffset
        ($told | Where-Object Status -EQ online | Measure-Object Remaining -Sum).Sum | Should -Be 742.5
        Get-Request | Should -HaveCount 1
        (Get-Request)[0].path | Should -BeExactly /account/costs
        (Get-Request)[0].query | Should -Match '^\?start_time=\d{13}&end_time=\d{13}$'
    }

    It 'knows Kling by its address, and asks each gateway of a pipeline once' {
        [pscustomobject]@{ Gateway = 'Kling' }, [pscustomobject]@{ Gateway = 'Kling' } | Get-KlingAccount | Should -HaveCount 2
        Get-Request | Should -HaveCount 1
    }

    It 'gives nothing of an account without packs' {
        Set-EmulatorOption @{ resourcePacks = @() } @at
        Get-KlingAccount -Gateway Kling -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'tells why it was refused' {
        Get-KlingAccount -Gateway Kling -ApiKey wrong -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -BeExactly 'KlingUnauthorized,KlingEffects.Commands.GetKlingAccountCommand'
        $failures[0].Exception.Message | Should -BeLike 'The API did not tell what the account has: *'
    }

    It 'says where to look for CometAPI, without a key and without a request' {
        $key = $env:COMETAPI_KEY
        $env:COMETAPI_KEY = $null
        try {
            $thrown = { Get-KlingAccount } | Should -Throw -ErrorId 'KlingInvalidRequest,*' -PassThru
            $thrown.ErrorDetails.RecommendedAction | Should -BeLike '*web site of cometapi.com*-Gateway Kling*'
        } finally { $env:COMETAPI_KEY = $key }
        Get-Request | Should -BeNullOrEmpty
    }

    It 'is shown as a table, live and after Export-Clixml' {
        $told = Get-KlingAccount -Gateway Kling
        $table = $told | Out-String -Width 100
        $table | Should -Match '(?m)^Status +Remaining +Total +ParallelTasks EndsAt +Name'
        $table | Should -Match "(?m)^online +742.5 +1000 +5 $($bought.AddDays(365).LocalDateTime.ToString('yyyy-MM-dd', [cultureinfo]::InvariantCulture)) Video-1000Units-5Con-12Months"
        $told | Export-Clixml TestDrive:/packs.xml
        Import-Clixml TestDrive:/packs.xml | Out-String -Width 100 | Should -BeExactly $table
    }
}
