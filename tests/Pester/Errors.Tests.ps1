#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    function Format-Envelope($Code, $Message) { @{ code = $Code; message = $Message; request_id = 'req-1' } | ConvertTo-Json }

    function Format-GatewayError($Code, $Message) {
        @{ error = @{ code = $Code; message = "$Message (request id: req-1)"; type = 'comet_api_error' } } | ConvertTo-Json
    }
    $html = '<!DOCTYPE html><html><body><h1>Gateway time-out</h1></body></html>'
    $refusals = @(
        @{ Status = 401; Body = (Format-GatewayError '' 'Invalid token'); Code = 'comet_api_error'; Id = 'KlingUnauthorized'; Category = 'AuthenticationError' }
        @{ Status = 200; Body = (Format-Envelope 1002 'access key not found'); Code = '1002'; Id = 'KlingUnauthorized'; Category = 'AuthenticationError' }
        @{ Status = 403; Body = (Format-GatewayError 'forbidden' 'This is not for you'); Code = 'forbidden'; Id = 'KlingPermissionDenied'; Category = 'PermissionDenied' }
        @{ Status = 403; Body = (Format-Envelope 1103 'no permission'); Code = '1103'; Id = 'KlingPermissionDenied'; Category = 'PermissionDenied' }
        @{ Status = 200; Body = (Format-Envelope 1304 'IP whitelist'); Code = '1304'; Id = 'KlingPermissionDenied'; Category = 'PermissionDenied' }
        @{ Status = 429; Body = (Format-Envelope 1101 'account in arrears'); Code = '1101'; Id = 'KlingQuotaExceeded'; Category = 'QuotaExceeded' }
        @{ Status = 400; Body = (Format-Envelope 1200 'invalid parameters'); Code = '1200'; Id = 'KlingInvalidRequest'; Category = 'InvalidArgument' }
        @{ Status = 200; Body = (Format-Envelope 1201 'invalid key'); Code = '1201'; Id = 'KlingInvalidRequest'; Category = 'InvalidArgument' }
        @{ Status = 500; Body = (Format-GatewayError 'invalid_request' 'image is required'); Code = 'invalid_request'; Id = 'KlingInvalidRequest'; Category = 'InvalidArgument' }
        @{ Status = 400; Body = (Format-Envelope 1300 'policy'); Code = '1300'; Id = 'KlingContentRejected'; Category = 'InvalidData' }
        @{ Status = 400; Body = (Format-Envelope 1301 'content policy'); Code = '1301'; Id = 'KlingContentRejected'; Category = 'InvalidData' }
    )
}

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/Support/failures.ps1
    $script:emulator = Start-Emulator

    # A batch in which the job 'bad' has a neighbour on either side.
    function Submit-Batch {
        'before', 'bad', 'after' | ForEach-Object { [pscustomobject]@{ Image = "https://images.example/$_.jpg"; ExternalTaskId = $_ } } |
            New-KlingEffect 3d_cartoon_2 -ErrorAction SilentlyContinue -ErrorVariable script:failures
    }
}

AfterAll { Stop-Emulator $emulator }

Describe 'A submit that fails' {
    BeforeAll { Push-Location -LiteralPath (New-Item -ItemType Directory TestDrive:/submit).FullName }
    AfterAll { Pop-Location }
    AfterEach { Assert-EmulatorTraffic $emulator }

    It 'is <Id> for HTTP <Status> and the code "<Code>", and the batch goes on' -ForEach (
        $refusals + @(
            @{ Status = 400; Body = (Format-Envelope 1203 'scene not found'); Code = '1203'; Id = 'KlingModelNotFound'; Category = 'ObjectNotFound' }
            @{ Status = 404; Body = (Format-GatewayError 'oops' 'no route'); Code = 'oops'; Id = 'KlingInvalidRequest'; Category = 'InvalidArgument' }
            @{ Status = 500; Body = (Format-Envelope 5000 'server error'); Code = '5000'; Id = 'KlingSubmitUncertain'; Category = 'ConnectionError' }
            @{ Status = 502; Body = $html; Id = 'KlingSubmitUncertain'; Category = 'ConnectionError' }
            @{ Status = 200; Body = $html; Id = 'KlingSubmitUncertain'; Category = 'ConnectionError' }
        )
    ) {
        Add-Answer submit $Status $Body @{ externalTaskId = 'bad' }
        $tasks = Submit-Batch

        $tasks.ExternalTaskId | Sort-Object | Should -Be after, before
        Assert-Failure $failures $Id $Category
        $failures[0].Exception.Code | Should -BeExactly $Code
        $failures[0].Exception.HttpStatus | Should -Be $Status
        $failures[0].Exception.RequestId | Should -BeExactly $(if (-not $Body.StartsWith('<')) { 'req-1' })
        $failures[0].Exception.TaskId | Should -BeNullOrEmpty
        $failures[0].Exception.ExternalTaskId | Should -BeExactly bad
        $failures[0].TargetObject | Should -BeLike '*3d_cartoon_2*'
        $failures[0].Exception.Message | Should -BeLike 'bad: 3d_cartoon_2 (https://images.example/bad.jpg): *'
        Get-EmulatorRequest submit | Should -HaveCount 3 -Because 'nothing is sent twice'
    }

    It 'names its job by your own id where nothing was sent, and where its video could not be had' {
        $null = New-TestImage ./row.jpg
        $null = New-Item ./file -ItemType File
        [pscustomobject]@{ Image = './nobody.jpg'; ExternalTaskId = 'gone' }, [pscustomobject]@{ Image = './row.jpg'; ExternalTaskId = 'here' } |
            New-KlingEffect 3d_cartoon_2 -ErrorAction SilentlyContinue -ErrorVariable failures | Wait-KlingTask |
            Save-KlingVideo ./file -ErrorAction SilentlyContinue -ErrorVariable unsaved
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingImageNotFound,*'
        $failures[0].Exception.ExternalTaskId | Should -BeExactly gone
        $unsaved[0].FullyQualifiedErrorId | Should -BeLike 'KlingDownloadFailed,*'
        $unsaved[0].Exception.ExternalTaskId | Should -BeExactly here
    }

    It 'is KlingSubmitUncertain when the connection breaks off after the job was taken, and it is not sent again' {
        Add-EmulatorFault @{ operation = 'submit'; externalTaskId = 'bad'; effect = @{ kind = 'resetAfter' } }
        $tasks = Submit-Batch

        $tasks.ExternalTaskId | Sort-Object | Should -Be after, before
        Assert-Failure $failures KlingSubmitUncertain ConnectionError
        $failures[0].Exception.HttpStatus | Should -BeNullOrEmpty
        (Get-EmulatorState).counters.acceptedSubmits | Should -Be 3
        Get-EmulatorRequest submit | Should -HaveCount 3
    }

    It 'is KlingRateLimited when the limit lasts as long as -TimeoutSec' {
        Add-Answer submit 429 '{"code":1303,"message":"parallel task over resource pack limit"}' -Times 0
        New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -TimeoutSec 1 -ErrorAction SilentlyContinue -ErrorVariable failures |
            Should -BeNullOrEmpty

        Assert-Failure $failures KlingRateLimited LimitsExceeded
        $failures[0].Exception.Code | Should -BeExactly 1303
    }

    It 'is none, however long the limit lasts, with -TimeoutSec 0' {
        Add-Answer submit 429 '{"code":1303,"message":"parallel task over resource pack limit"}' -Times 2
        New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -TimeoutSec 0 -ErrorVariable failures | Should -HaveCount 1

        $failures | Should -BeNullOrEmpty
        Get-EmulatorRequest submit | Should -HaveCount 3
    }

    It 'is KlingServerError when nobody listens, and the job has not left' {
        $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $nobody = "http://127.0.0.1:$($listener.LocalEndpoint.Port)"
        $listener.Stop()
        New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -BaseUri $nobody -TimeoutSec 1 -ErrorAction SilentlyContinue -ErrorVariable failures |
            Should -BeNullOrEmpty

        Assert-Failure $failures KlingServerError ConnectionError
    }

    It 'is KlingProtocolError for a redirect of the address, which is not followed' {
        Add-EmulatorFault @{ operation = 'submit'; externalTaskId = 'bad'; effect = @{ kind = 'redirect'; location = 'http://127.0.0.1:9/elsewhere'; code = 308 } }
        Submit-Batch | Should -HaveCount 2

        Assert-Failure $failures KlingProtocolError InvalidData
        $failures[0].Exception.HttpStatus | Should -Be 308
    }

    It 'is KlingInvalidRequest for a scene that the API does not know' {
        New-KlingEffect no_such_scene https://images.example/a.jpg -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty

        Assert-Failure $failures KlingInvalidRequest InvalidArgument
        $failures[0].Exception.Message | Should -BeLike '*no_such_scene*'
        Assert-EmulatorTraffic $emulator -Expected '*no_such_scene*'
    }

    It 'is KlingImageNotFound for a file that is not there, and nothing is sent for it' {
        $null = New-TestImage ./good.png
        $tasks = './good.png', './gone.png' | New-KlingEffect 3d_cartoon_2 -ErrorAction SilentlyContinue -ErrorVariable failures

        $tasks | Should -HaveCount 1
        Assert-Failure $failures KlingImageNotFound ObjectNotFound
        $failures[0].TargetObject | Should -BeLike '*gone.png'
        Get-EmulatorRequest submit | Should -HaveCount 1
    }

    It 'is KlingImageInvalid for <Name>, and nothing is sent for it' -ForEach @(
        @{ Name = 'a picture that is too small'; Make = { New-TestImage ./bad 299 300 }; Says = '*299 x 300*' }
        @{ Name = 'a picture that is too long'; Make = { New-TestImage ./bad 1000 399 }; Says = '*1000 x 399*' }
        @{ Name = 'a text'; Make = { [IO.File]::WriteAllText("$PWD/bad", 'This is not a picture.') }; Says = '*bad*' }
        @{ Name = 'an empty file'; Make = { [IO.File]::WriteAllBytes("$PWD/bad", @()) }; Says = '*empty*' }
        @{ Name = 'a file of more than 10 MB'; Make = {
                $picture = [IO.File]::Open((New-TestImage ./bad).FullName, 'Open')
                $picture.SetLength(10MB + 1)
                $picture.Dispose()
            }; Says = '*10*MB*'
        }
    ) {
        $null = & $Make
        $null = New-TestImage ./good.png
        $tasks = './bad', './good.png' | New-KlingEffect 3d_cartoon_2 -ErrorAction SilentlyContinue -ErrorVariable failures

        $tasks | Should -HaveCount 1
        Assert-Failure $failures KlingImageInvalid InvalidData
        $failures[0].TargetObject | Should -BeLike '*bad'
        $failures[0].Exception.Message | Should -BeLike $Says
        Get-EmulatorRequest submit | Should -HaveCount 1
    }
}

Describe 'A query that fails' {
    BeforeAll {
        Push-Location -LiteralPath (New-Item -ItemType Directory TestDrive:/queries).FullName
        $script:known = @{}
        $script:records = @{}
        $repeated = @{
            'server down' = 504, $html
            'no JSON'     = 200, '<html>Welcome</html>'
            'too fast'    = 429, '{"code":1302,"message":"too fast"}'
        }
        foreach ($name in $repeated.Keys) {
            $known[$name] = Add-Task $name
            Add-Answer query $repeated[$name][0] $repeated[$name][1] @{ taskId = $known[$name] } -Times 0
        }

        $known['good'] = Add-Task good
        $script:seen = @($known.Values) + 'unknown' | Get-KlingTask -ErrorAction SilentlyContinue -ErrorVariable errors
        foreach ($record in $errors) { $records["$($record.TargetObject)"] = $record }
        $script:queries = Get-EmulatorRequest query
        Assert-EmulatorTraffic $emulator
    }

    AfterAll { Pop-Location }
    AfterEach { Assert-EmulatorTraffic $emulator }

    It 'leaves the others of the batch alone' {
        $seen.TaskId | Should -BeExactly $known['good']
        $records.Count | Should -Be 4
    }

    It 'is asked again, and is then <Id> for: <Name>' -ForEach @(
        @{ Name = 'server down'; Id = 'KlingServerError'; Category = 'ConnectionError'; Status = 504 }
        @{ Name = 'no JSON'; Id = 'KlingProtocolError'; Category = 'InvalidData'; Status = 200 }
        @{ Name = 'too fast'; Id = 'KlingRateLimited'; Category = 'LimitsExceeded'; Status = 429 }
    ) {
        $record = $records[$known[$Name]]
        Assert-Failure $record $Id $Category
        $record.Exception.HttpStatus | Should -Be $Status
        $record.Exception.TaskId | Should -BeExactly $known[$Name]
        @($queries | Where-Object taskId -CEQ $known[$Name]).Count | Should -BeGreaterThan 1
    }

    It 'is KlingTaskNotFound at once for an unknown id' {
        Assert-Failure $records['unknown'] KlingTaskNotFound ObjectNotFound
        $records['unknown'].Exception.Code | Should -BeExactly task_not_exist
        $records['unknown'].Exception.TaskId | Should -BeExactly unknown
        $queries | Where-Object taskId -CEQ unknown | Should -HaveCount 1
    }

    It 'is <Id> at once for HTTP <Status> and the code "<Code>" in <Command>' -ForEach @(
        foreach ($case in $refusals + @{ Status = 400; Body = (Format-Envelope 1203 'gone'); Code = '1203'; Id = 'KlingTaskNotFound'; Category = 'ObjectNotFound' }) {
            foreach ($command in 'Get-KlingTask', 'Wait-KlingTask', 'Save-KlingVideo') { $case + @{ Command = $command } }
        }
    ) {
        $id1, $id2 = (Add-Task one), (Add-Task two)
        $null = Invoke-Emulator Post tasks/$id2/succeed
        Add-Answer query $Status $Body @{ taskId = $id1 }
        $output = $id1, $id2 | & $Command -ErrorAction SilentlyContinue -ErrorVariable failures

        $output.TaskId | Should -BeExactly $id2
        Assert-Failure $failures $Id $Category
        $failures[0].Exception.TaskId | Should -BeExactly $id1
        $failures[0].Exception.Message | Should -BeLike "Task ${id1}: *"
        $failures[0].Exception.Code | Should -BeExactly $Code
        Get-EmulatorRequest query | Where-Object taskId -CEQ $id1 | Should -HaveCount 1
    }
}

Describe 'A task that ends badly' {
    BeforeAll { Push-Location -LiteralPath (New-Item -ItemType Directory TestDrive:/tasks).FullName }
    AfterAll { Pop-Location }
    AfterEach { Assert-EmulatorTraffic $emulator }

    It 'is emitted as failed, and is KlingTaskFailed with the reason of the API' {
        Set-EmulatorOption @{ generationSeconds = 600 }
        $bad, $good = (Add-Task bad), (Add-Task good)
        $null = Invoke-Emulator Post tasks/$bad/fail @{ reason = 'No face was found in the image' }
        $null = Invoke-Emulator Post tasks/$good/succeed
        $tasks = $bad, $good | Wait-KlingTask -ErrorAction SilentlyContinue -ErrorVariable failures

        $tasks | Should -HaveCount 2
        ($tasks | Where-Object Status -EQ Failed).TaskId | Should -BeExactly $bad
        ($tasks | Where-Object Status -EQ Failed).StatusMessage | Should -BeExactly 'No face was found in the image'
        Assert-Failure $failures KlingTaskFailed InvalidResult
        $failures[0].Exception.Message | Should -BeLike '*No face was found in the image*'
        $failures[0].Exception.TaskId | Should -BeExactly $bad
        $failures[0].TargetObject | Should -BeOfType KlingEffects.KlingTask
    }

    It 'is reported once in a pipeline, and Save-KlingVideo passes over it' {
        Add-EmulatorFault @{ operation = 'submit'; externalTaskId = 'bad'; effect = @{ kind = 'failTask'; reason = 'Two faces are needed' } }
        $files = 'bad', 'good' | ForEach-Object { [pscustomobject]@{ Image = "https://images.example/$_.jpg"; ExternalTaskId = $_ } } |
            New-KlingEffect 3d_cartoon_2 | Wait-KlingTask -ErrorAction SilentlyContinue -ErrorVariable waiting |
            Save-KlingVideo ./once -ErrorAction SilentlyContinue -ErrorVariable saving

        $files.ExternalTaskId | Should -BeExactly good
        Assert-Failure $waiting KlingTaskFailed InvalidResult
        $waiting[0].Exception.ExternalTaskId | Should -BeExactly bad
        $saving | Should -BeNullOrEmpty
    }

    It 'is KlingTaskFailed from Save-KlingVideo too, when nobody has said so before' {
        Set-EmulatorOption @{ generationSeconds = 600 }
        $bad = Add-Task bad
        $null = Invoke-Emulator Post tasks/$bad/fail @{ reason = 'Too dark' }
        Save-KlingVideo ./never -TaskId $bad -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty

        Assert-Failure $failures KlingTaskFailed InvalidResult
        $failures[0].Exception.Message | Should -BeLike '*Too dark*'
    }

    It 'is KlingWaitTimeout, and never failed, when it takes too long; the target is the task as last seen' {
        $id = Add-Task slow
        Add-EmulatorFault @{ operation = 'query'; effect = @{ kind = 'neverEnds' } }
        Wait-KlingTask $id -TimeoutSec 1 -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty

        Assert-Failure $failures KlingWaitTimeout OperationTimeout
        $failures[0].TargetObject | Should -BeOfType KlingEffects.KlingTask
        $failures[0].TargetObject.TaskId | Should -BeExactly $id
        $failures[0].TargetObject.Status | Should -Be Processing
        $failures[0].Exception.TaskId | Should -BeExactly $id

        $null = Invoke-Emulator Post tasks/$id/succeed
        ($failures[0].TargetObject | Wait-KlingTask).Status | Should -Be Succeed
    }

    It 'is KlingNoVideo when it succeeded without one' {
        $id = Add-Task empty
        $null = Invoke-Emulator Post tasks/$id/succeed
        Add-EmulatorFault @{ operation = 'query'; effect = @{ kind = 'succeedWithoutUrl'; for = 3600 } }
        $null = Wait-KlingTask $id -TimeoutSec 1 -PollIntervalSec 0.2 -ErrorAction SilentlyContinue -ErrorVariable failures

        Assert-Failure $failures KlingNoVideo InvalidResult
        $failures[0].Exception.TaskId | Should -BeExactly $id
    }

    It 'is KlingVideoExpired when a fresh URL is gone too, and the other videos are saved' {
        $gone, $there = (Add-Task gone 86400), (Add-Task there)
        $gone, $there | ForEach-Object { $null = Invoke-Emulator Post tasks/$_/succeed }
        Add-EmulatorFault @{ operation = 'video'; taskId = $gone; times = 0; effect = @{ kind = 'expiredUrl'; code = 410 } }
        $files = $gone, $there | Save-KlingVideo ./expired -ErrorAction SilentlyContinue -ErrorVariable failures

        $files.TaskId | Should -BeExactly $there
        Assert-Failure $failures KlingVideoExpired ObjectNotFound
        $failures[0].Exception.HttpStatus | Should -Be 410
        Get-ChildItem ./expired -Force | Should -HaveCount 1
    }

    It 'is KlingDownloadFailed when the video host refuses it' {
        $id = Add-Task refused 86400
        $null = Invoke-Emulator Post tasks/$id/succeed
        Add-EmulatorFault @{ operation = 'video'; times = 0; effect = @{ kind = 'status'; code = 451; body = 'no' } }
        Save-KlingVideo ./refused -TaskId $id -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty

        Assert-Failure $failures KlingDownloadFailed ReadError
        $failures[0].Exception.HttpStatus | Should -Be 451
    }
}
