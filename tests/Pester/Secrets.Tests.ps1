#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:emulator = Start-Emulator @{ 'url-lifetime-seconds' = 600 }
    $script:signature = 'X-Signature=5ec7e75ec7e7'

    function Add-Answer($Operation, $For, $Status, $Body, $Times = 1) {
        $type = $Body.StartsWith('<') ? 'text/html' : 'application/json'
        Add-EmulatorFault (@{ operation = $Operation; times = $Times; effect = @{ kind = 'status'; code = $Status; body = $Body; contentType = $type } } + $For)
    }

    function Get-KeyForm {
        $key = $emulator.Key
        [regex]::Escape($key)
        [regex]::Escape($key.Substring(3))
        [regex]::Escape([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($key)).TrimEnd('=').Substring(0, 20))
    }

    function Assert-NoKey([string] $Text) {
        $Text | Should -Not -BeNullOrEmpty
        foreach ($form in Get-KeyForm) { $Text | Should -Not -Match $form }
    }
}

AfterAll { Stop-Emulator $emulator }

Describe 'Everything that a session leaves' {
    BeforeAll {
        $script:folder = (New-Item -ItemType Directory TestDrive:/session).FullName
        $script:picture = New-TestImage $folder/ana.png -Shade 77
        $echo = "Incorrect API key provided: $($emulator.Key)"

        # A server that prints the key wherever it can, and every kind of trouble.
        Add-Answer submit @{ externalTaskId = 'refused' } 401 (ConvertTo-Json @{ error = @{ message = $echo; type = $emulator.Key; code = '' } })
        Add-Answer submit @{ externalTaskId = 'page' } 504 "<html><title>$echo</title>$echo</html>"
        Add-Answer submit @{ externalTaskId = 'code' } 400 (ConvertTo-Json @{ code = 1201; message = $echo; request_id = $emulator.Key })
        Add-EmulatorFault @{ operation = 'submit'; externalTaskId = 'reset'; effect = @{ kind = 'resetAfter' } }
        Add-EmulatorFault @{ operation = 'submit'; externalTaskId = 'failing'; effect = @{ kind = 'failTask'; reason = $echo } }
        Add-EmulatorFault @{ operation = 'submit'; externalTaskId = 'elsewhere'; effect = @{ kind = 'redirect'; location = (Invoke-Emulator Get health).videos } }

        $gone, $refusing, $echoing, $text = 'gone', 'refusing', 'echoing', 'text' | ForEach-Object { (Invoke-Emulator Post tasks @{ externalId = $_; age = 86400 }).id }
        $gone, $refusing | ForEach-Object { $null = Invoke-Emulator Post tasks/$_/succeed }
        Add-EmulatorFault @{ operation = 'video'; taskId = $gone; times = 0; effect = @{ kind = 'expiredUrl'; code = 403 } }
        Add-EmulatorFault @{ operation = 'video'; taskId = $refusing; times = 0; effect = @{ kind = 'status'; code = 451; body = 'no' } }
        Add-Answer query @{ taskId = $echoing } 401 (ConvertTo-Json @{ error = @{ message = $echo; type = 'x'; code = $emulator.Key } })
        Add-Answer query @{ taskId = $text } 400 $echo

        $script:run = Invoke-Shell -WorkingDirectory $folder @"
`$null = Start-Transcript ./transcript.txt
`$loud = @{ Verbose = `$true; Debug = `$true; WarningAction = 'Continue'; ErrorAction = 'Continue' }
`$signed = 'https://images.example/b.jpg?$signature'
`$rows = 'fine', 'refused', 'page', 'code', 'reset', 'failing', 'elsewhere' | ForEach-Object { [pscustomobject]@{ Scene = 'daily_ootd'; Image = './ana.png'; SecondImage = `$signed; ExternalTaskId = `$_ } }
`$tasks = . {
    `$rows | New-KlingEffect -JournalPath ./jobs.journal -Confirm:`$false @loud -OutVariable submitted | Wait-KlingTask @loud | Save-KlingVideo ./out @loud
    [pscustomobject]@{ Scene = 'hug'; Image = './ana.png'; SecondImage = './gone.png' } | New-KlingEffect -Confirm:`$false @loud
    New-KlingEffect daily_ootd ./ana.png, `$signed -WhatIf
    '$gone', '$refusing' | Save-KlingVideo ./out @loud
    '$echoing', '$text', 'unknown' | Get-KlingTask @loud
} *>&1
`$tasks | Out-String -Width 9999 | Set-Content ./streams.txt
`$submitted | Select-Object * -ExcludeProperty Videos | ConvertTo-Json -Depth 6 | Set-Content ./tasks.json
`$tasks + `$Error + `$submitted | Export-Clixml ./everything.xml -Depth 6
`$Error | ForEach-Object {
    `$_ | Format-List * -Force | Out-String -Width 9999
    Get-Error -InputObject `$_ | Out-String -Width 9999
    for (`$cause = `$_.Exception; `$cause; `$cause = `$cause.InnerException) { `$cause.ToString(); `$cause.Message; `$cause.Data | Out-String }
} | Set-Content ./errors.txt
`$Error | ForEach-Object { `$_.ToString(); `$_.ErrorDetails.Message; `$_.Exception.AnswerBody } | Set-Content ./messages.txt
"errors: `$(`$Error.Count)"
`$null = Stop-Transcript
"@
        Assert-EmulatorTraffic $emulator
        function Get-Left([string] $Name) { [IO.File]::ReadAllText("$folder/$Name") }
    }

    It 'is there, with its failures: otherwise nothing is shown here' {
        $run.Output | Should -Match 'errors: (1[0-9]|[2-9][0-9])'
        Get-Left streams.txt | Should -BeLike '*submitted*daily_ootd*' -Because 'verbose messages are among them'
        Get-Left streams.txt | Should -BeLike '*last published*' -Because 'warnings are among them'
        Get-Left streams.txt | Should -BeLike '*POST /kling/v1/videos/effects: 401, * ms*' -Because 'debug messages are among them'
        Get-Left tasks.json | Should -BeLike '*"TaskId"*'
        foreach ($id in 'Unauthorized', 'SubmitUncertain', 'InvalidRequest', 'TaskFailed', 'ImageNotFound', 'VideoExpired', 'DownloadFailed', 'TaskNotFound') {
            Get-Left everything.xml | Should -BeLike "*Kling$id*"
        }

        Get-ChildItem $folder/out -Filter *.mp4 | Should -HaveCount 1
    }

    It 'has no key: <_>' -ForEach 'transcript.txt', 'streams.txt', 'errors.txt', 'messages.txt', 'everything.xml', 'tasks.json', 'jobs.journal' {
        Assert-NoKey (Get-Left $_)
    }

    It 'has no key in what the shell printed' {
        Assert-NoKey $run.Output
        Assert-NoKey "$($run.Error) "
    }

    It 'has no key in any file, nor in its name' {
        $files = Get-ChildItem $folder -Recurse -File -Force
        $files.Count | Should -BeGreaterThan 7
        $files.FullName | ForEach-Object { Assert-NoKey $_ }
        $files | Select-String -Pattern (Get-KeyForm) -List | Should -BeNullOrEmpty
    }

    It 'has no signature of a URL in messages, streams and the journal: <_>' -ForEach 'messages.txt', 'jobs.journal' {
        $text = Get-Left $_
        $text | Should -Not -Match ([regex]::Escape($signature))
        $text | Should -Not -Match '[?&](sig|exp)='
    }

    It 'has no query of a URL in the lines of -Debug' {
        $requests = (Get-Left streams.txt) -split '\r?\n' -match '^(GET|POST) '
        $requests -match '^GET http://127\.0\.0\.1:\d+/upload-kling-api/\S+\.mp4: 200, ' | Should -Not -BeNullOrEmpty
        $requests | Should -Not -Match '\?'
    }

    It 'has no bytes of an image: <_>' -ForEach 'transcript.txt', 'streams.txt', 'errors.txt', 'everything.xml', 'tasks.json', 'jobs.journal' {
        $encoded = [Convert]::ToBase64String([IO.File]::ReadAllBytes($picture))
        $text = Get-Left $_
        foreach ($start in 0, 40) { $text.Contains($encoded.Substring($start, 40)) | Should -BeFalse }
    }
}

Describe 'The key' {
    AfterEach { Assert-EmulatorTraffic $emulator }

    It 'is in no stream of a submit' {
        $streams = New-KlingEffect hug https://images.example/a.jpg, https://images.example/b.jpg -Verbose -Debug -Confirm:$false -WarningAction Continue *>&1

        Assert-NoKey ($streams | Get-PlainText)
    }

    It 'is in no message when it is refused for its form: <Name>' -ForEach @(
        @{ Name = 'a line break'; Bad = { "sk-broken`nkey-77aa" } }
        @{ Name = 'a space'; Bad = { 'sk-broken key-77aa' } }
        @{ Name = 'a letter that no key has'; Bad = { 'sk-broken-kéy-77aa' } }
        @{ Name = 'an array'; Bad = { , @('sk-broken-key-77aa', 'sk-broken-key-77aa') } }
        @{ Name = 'an object'; Bad = { [pscustomobject]@{ Key = 'sk-broken-key-77aa' } } }
    ) {
        $value = & $Bad
        $thrown = { Get-KlingTask 1 -ApiKey $value } | Should -Throw -PassThru

        for ($cause = $thrown.Exception; $cause; $cause = $cause.InnerException) { $cause.ToString() | Should -Not -Match 'broken|77aa' }
        $thrown | Format-List * -Force | Out-String -Width 9999 | Should -Not -Match '77aa'
        Get-EmulatorRequest | Should -BeNullOrEmpty
    }

    It 'goes to no other host, whatever the API redirects to' {
        $id = (Invoke-Emulator Post tasks @{ externalId = 'moved' }).id
        $elsewhere = (Invoke-Emulator Get health).videos
        Add-EmulatorFault @{ operation = 'query'; times = 0; effect = @{ kind = 'redirect'; location = "${elsewhere}moved"; code = 307 } }
        $null = Get-KlingTask $id -ErrorAction SilentlyContinue -ErrorVariable failures

        $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingProtocolError,*'
        Get-EmulatorRequest | Where-Object atVideoHost | Should -BeNullOrEmpty
    }
}
