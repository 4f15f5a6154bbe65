#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Every cmdlet against a server, rows and files that are hostile wherever they can be, and what all of it leaves behind.

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/Support/hostile.ps1
    $script:places = @(Get-HostilePlace)
    $script:server = Start-HostileServer $places
    $script:folder = (New-Item -ItemType Directory TestDrive:/hostile).FullName
    $null = New-TestImage $folder/ana.png
    # What scripts are given is in files, for PowerShell shows a script's own lines beside its errors.
    @{ texts = @($HostileText, "x`n::error::pwned", '##vso[pwned]'); addresses = @('http://bob:hostile-pw@{0}', 'sock5://bob:hostile-pw@h', 'htps://bob:hostile-pw@h', 'http://bob:hostile-pw@h:x', 'http://bob:hostile-pw/@h'); login = 'bob:hostile-pw@h' } |
        ConvertTo-Json | Set-Content $folder/given.json
    $line = { param($Table) $Table | ConvertTo-Json -Compress -Depth 5 -EscapeHandling EscapeNonAscii }

    # A journal that anybody may have written.
    @(
        & $line @{ event = 'journal'; version = 1; id = 'aaaaaaaa'; format = 'KlingEffects.Journal' }
        & $line @{ event = 'submitting'; job = "x:$HostileText"; at = '2026-11-01T00:00:00Z'; scene = $HostileText; images = @($HostileText, '\\evil.example\share\me.png'); externalTaskId = $HostileText }
        & $line @{ event = 'refused'; job = "x:$HostileText"; at = '2026-11-01T00:00:01Z'; error = $HostileText; code = $HostileText; message = $HostileText; requestId = $HostileText; answer = $HostileText }
    ) | Set-Content $folder/tampered.lines

    $script:prologue = @"
`$env:COMETAPI_KEY = `$env:KLING_API_KEY = '$HostileKey'
`$env:COMETAPI_BASE_URL = `$env:KLING_BASE_URL = '$($server.Address)'
`$env:KLING_LEDGER = '$folder/ledger'
`$given = Get-Content '$folder/given.json' -Raw | ConvertFrom-Json
`$places = 0..$($places.Count - 1) | ForEach-Object { 'p{0:000}' -f `$_ }
`$loud = @{ Verbose = `$true; Debug = `$true; WarningAction = 'Continue'; ErrorAction = 'Continue' }
"@
    $script:work = @'
$clock = [Diagnostics.Stopwatch]::StartNew()
$all = . {
    $rows = $places | ForEach-Object { [pscustomobject]@{ Scene = 'hug_pro'; Image = './ana.png'; SecondImage = 'https://images.example/b.jpg'; ExternalTaskId = $_ } }
    $rows | New-KlingEffect -JournalPath ./jobs.journal -TimeoutSec 1 -ThrottleLimit 64 -Confirm:$false @loud -OutVariable submitted
    $rows | Select-Object -First 3 -ExcludeProperty ExternalTaskId | New-KlingEffect -TimeoutSec 1 -Confirm:$false @loud
    $places | ForEach-Object { "t-$_" } | Get-KlingTask -ThrottleLimit 64 @loud -OutVariable seen
    $places | ForEach-Object { "t-$_" } | Wait-KlingTask -TimeoutSec 2 -ThrottleLimit 64 @loud -OutVariable ended
    $seen | Where-Object { $_.Status -eq 'Succeed' -and $_.Videos } | Save-KlingVideo ./out -ThrottleLimit 64 @loud
    $hostile = foreach ($bad in $given.texts) {
        foreach ($column in 'Scene', 'Image', 'ExternalTaskId', 'Mode', 'CallbackUrl', 'Note') {
            $cells = [ordered] @{ Scene = 'hug_pro'; Image = './ana.png'; SecondImage = './ana.png'; ExternalTaskId = "x-$((++$count))"; Mode = ''; CallbackUrl = ''; Note = '' }
            $cells[$column] = $bad
            [pscustomobject] $cells
        }
    }
    try { @($rows) + $hostile | Invoke-KlingBatch -CI -TimeoutSec 2 -ThrottleLimit 64 @loud } catch { $_ }
    Get-KlingTask -Gateway Kling @loud
    foreach ($name in 'Get-KlingAccount') { if (Get-Command $name -ErrorAction Ignore) { & $name -Gateway Kling @loud } }
    foreach ($bad in $given.texts) {
        New-KlingEffect $bad ./ana.png -WhatIf @loud
        New-KlingEffect $bad $bad, ./gone.png -Confirm:$false @loud
        New-KlingEffect hug ./ana.png -Mode $bad -ModelName $bad -CallbackUrl "https://$($given.login).example/$bad" -ExternalTaskId $bad -AdditionalBody @{ $bad = $bad } -WhatIf @loud
        [pscustomobject]@{ TaskId = $bad; Scene = $bad; State = $bad } | Save-KlingVideo $bad -Name $bad @loud
        Get-KlingTask $bad @loud
        Get-KlingJob $bad @loud
        Get-KlingScene $bad @loud
        [pscustomobject]@{ State = $bad; Message = $bad } | Export-KlingReport "./$([guid]::NewGuid()).xml" @loud
        foreach ($address in $given.addresses -f $bad) {
            try { Get-KlingTask 1 -BaseUri $address @loud } catch { $_ }
            try { Get-KlingTask 1 -Proxy $address @loud } catch { $_ }
            try { New-KlingEffect hug $address -SecondImage $address -Confirm:$false -CallbackUrl $address -WhatIf @loud } catch { $_ }
        }
    }

    try { Get-KlingTask 1 -BaseUri $given.login @loud } catch { $_ }
    New-KlingEffect hug $given.login -Confirm:$false @loud
    Get-KlingTask -ExternalTaskId $given.texts -Kind $given.texts[0] -Gateway Kling @loud

    New-KlingEffect hug ./ana.png -SecondImage https://images.example/b.jpg -CallbackUrl "https://h.example/?k=$env:COMETAPI_KEY" -Confirm:$false @loud
    $header = Get-Content ./jobs.journal -First 1
    @($header) + (Get-Content ./tampered.lines | Select-Object -Skip 1) | Set-Content ./tampered.journal
    $jobs = Get-KlingJob ./jobs.journal, ./tampered.journal @loud
    $jobs
    foreach ($form in 'html', 'xml', 'md') { $jobs | Export-KlingReport "./report.$form" @loud }
} *>&1
Write-Host "seconds: $($clock.Elapsed.TotalSeconds)"
'@
    function Get-Left([string] $Name) { [IO.File]::ReadAllText("$folder/$Name") }
}

AfterAll { $server.Dispose() }

Describe 'Everything that a hostile server, hostile rows and a hostile journal leave' {
    BeforeAll {
        $script:run = Invoke-Shell -WorkingDirectory $folder @"
`$null = Start-Transcript ./transcript.txt
$prologue
$work
`$all | Out-String -Width 9999 | Set-Content ./streams.txt
`$all | Out-String -Width 60 | Set-Content ./narrow.txt
`$objects = @(`$submitted) + `$seen + `$ended + `$jobs
`$objects | Export-Clixml ./objects.xml -Depth 4
`$(`$objects | Format-List; Import-Clixml ./objects.xml | ForEach-Object { `$_; `$_ | Format-List }) | Out-String -Width 200 | Set-Content ./lists.txt
`$Error | Export-Clixml ./errors.xml -Depth 4
`$Error | Where-Object FullyQualifiedErrorId -like 'Kling*' | ForEach-Object {
    `$_ | Select-Object * -ExcludeProperty InvocationInfo | Format-List -Force | Out-String -Width 9999
    `$_.ErrorDetails.RecommendedAction
    for (`$cause = `$_.Exception; `$cause; `$cause = `$cause.InnerException) { `$cause.ToString(); `$cause.Message; `$cause.Data | Out-String }
} | Set-Content ./errors.txt
"errors: `$(`$Error.Count), objects: `$(`$objects.Count)"
`$null = Stop-Transcript
"@ -TimeoutSec 300
    }

    It 'is there: otherwise nothing is shown here' {
        $places.Count | Should -BeGreaterThan 100
        $run.Output | Should -Match 'errors: [1-9]\d\d+, objects: [1-9]\d\d+' -Because "$($run.Error)"
        $requests = @($server.Requests)
        ($requests -match '^POST ').Count | Should -BeGreaterThan 100
        ($requests -match '^GET /videos/').Count | Should -BeGreaterThan 10
        Get-Left streams.txt | Should -BeLike '*pwned*'
        Get-Left report.html | Should -BeLike '*pwned*'
        Get-Left lists.txt | Should -BeLike '*pwned*'
    }

    It 'steers nothing and has no key: <_>' -ForEach 'transcript.txt', 'streams.txt', 'narrow.txt', 'lists.txt', 'errors.txt', 'report.xml', 'report.md', 'report.html' {
        $found = @(Find-Hostile (Get-Left $_))
        $found | Should -BeNullOrEmpty -Because ($found -join "`n")
    }

    It 'has no key and no control characters as data: <_>' -ForEach 'errors.xml', 'objects.xml', 'jobs.journal' {
        $found = @(Find-Hostile (Get-Left $_) -OfData)
        $found | Should -BeNullOrEmpty -Because ($found -join "`n")
    }

    It 'steers nothing and has no key in what the shell printed' {
        $found = @(Find-Hostile "$($run.Output)`n$($run.Error)")
        $found | Should -BeNullOrEmpty -Because ($found -join "`n")
    }

    It 'has no key in any file but the hostile ones, nor in a name' {
        $files = Get-ChildItem $folder -Recurse -File -Force | Where-Object Name -notin 'given.json', 'tampered.lines', 'tampered.journal', 'typescript' | Where-Object Extension -notin '.png', '.mp4'
        ($files.FullName -match 'ledger').Count | Should -BeGreaterThan 0
        $files | ForEach-Object { Find-Hostile $_.FullName } | Should -BeNullOrEmpty
        $files | ForEach-Object { Find-Hostile ([IO.File]::ReadAllText($_.FullName)) -OfData } | Should -BeNullOrEmpty
    }

    It 'has asked no address with the key in it' {
        @($server.Requests) -match [regex]::Escape($HostileKey.Substring(9)) | Should -BeNullOrEmpty
    }

    It 'makes a page that asks no other host' {
        Get-Left report.html | Should -Not -Match '(src|poster)="?(file|https?):'
        Get-Left report.html | Should -BeLike '*href="file://evil.example/share/me.png"*'
    }
}

Describe 'A real terminal' -Skip:(-not (Get-Command script -CommandType Application -ErrorAction Ignore) -or -not $IsLinux) {
    It 'is steered by nobody else, and its lines begin as no command' {
        Set-Content $folder/terminal.ps1 "Import-Module '$ModuleUnderTest'`nSet-Location '$folder'`n`$PSStyle.OutputRendering = 'PlainText'`n$($prologue -replace '\$loud = .*', '$loud = @{}; $places = $places | Where-Object { $_ -match "[37]$" }')`n$($work -replace '\*>&1', '' -replace 'jobs\.journal', 'terminal.journal' -replace '\$all = ', '')"
        $shell = (Get-ShellCommand | ForEach-Object { "'$_'" }) -join ' '
        Set-Content $folder/terminal.sh "script -qefc `"$shell -NoProfile -NonInteractive -File '$folder/terminal.ps1'`" '$folder/typescript' < /dev/null"
        $null = & sh $folder/terminal.sh 2>&1
        $typescript = Get-Left typescript
        $typescript | Should -BeLike '*pwned*'
        $found = @(Find-Hostile $typescript -OfTerminal)
        $found | Should -BeNullOrEmpty -Because ($found -join "`n")
    }
}
