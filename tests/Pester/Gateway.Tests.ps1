#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:comet = Start-Emulator @{ 'record-bodies' = $true }
    $script:kling = Start-Emulator @{ gateway = 'Kling'; key = 'kling-58b1d0c4'; 'record-bodies' = $true }
    $script:atKling = @{ BaseUri = $kling.BaseUri }

    function Get-Body([psobject] $Emulator) {
        Get-EmulatorRequest submit -BaseUri $Emulator.BaseUri | ForEach-Object { $_.bodyText | ConvertFrom-Json }
    }

    function Add-KlingTask([int] $Count = 1, [string] $Kind = 'effects', [string] $ExternalId) {
        $task = @{ kind = $Kind; scene = '3d_cartoon_2'; count = $Count }
        if ($ExternalId) { $task.externalId = $ExternalId }
        @(Invoke-Emulator Post tasks $task @atKling).id
    }
}

AfterAll {
    Stop-Emulator $kling
    Stop-Emulator $comet
}

Describe 'The gateways' {
    BeforeEach {
        $script:folder = Join-Path $TestDrive ([guid]::NewGuid())
        $null = New-Item $folder -ItemType Directory
        Push-Location $folder
        $script:saved = @{ Comet = $env:COMETAPI_KEY; Kling = $env:KLING_API_KEY }
        $script:image = 'https://images.example/a.jpg'
    }

    AfterEach {
        Pop-Location
        $env:COMETAPI_KEY = $saved.Comet
        $env:KLING_API_KEY = $saved.Kling
        $keys = @(Get-EmulatorRequest -BaseUri $comet.BaseUri; Get-EmulatorRequest @atKling) | ConvertTo-Json -Depth 6 -AsArray | ConvertFrom-Json
        @($keys | Where-Object { $_.headers.Authorization -eq "Bearer $($kling.Key)" -and $_.headers.Host -ne ([uri] $kling.BaseUri).Authority }) | Should -BeNullOrEmpty
        @($keys | Where-Object { $_.headers.Authorization -eq "Bearer $($comet.Key)" -and $_.headers.Host -ne ([uri] $comet.BaseUri).Authority }) | Should -BeNullOrEmpty
        Assert-EmulatorTraffic $comet
        Assert-EmulatorTraffic $kling
    }

    Context 'a pipeline' {
        It 'names Kling once, and every command of it goes there' {
            $file = New-KlingEffect 3d_cartoon_2 $image -Gateway Kling | Wait-KlingTask | Save-KlingVideo ./out

            [IO.File]::ReadAllBytes($file.FullName) -join ',' | Should -BeExactly ((Get-EmulatorVideo $file.TaskId @atKling) -join ',')
            Get-EmulatorRequest -BaseUri $comet.BaseUri | Should -BeNullOrEmpty
            (Get-EmulatorRequest submit @atKling).path | Should -BeExactly /v1/videos/effects
            (Get-EmulatorRequest query @atKling).path | Select-Object -Unique | Should -BeExactly "/v1/videos/effects/$($file.TaskId)"
        }

        It 'goes to CometAPI where nothing is said' {
            New-KlingEffect 3d_cartoon_2 $image | Wait-KlingTask | Save-KlingVideo ./out | Should -HaveCount 1
            Get-EmulatorRequest @atKling | Should -BeNullOrEmpty
            (Get-EmulatorRequest submit -BaseUri $comet.BaseUri).path | Should -BeExactly /kling/v1/videos/effects
        }

        It 'needs only the key of the gateway it names' {
            $env:COMETAPI_KEY = $null
            New-KlingEffect 3d_cartoon_2 $image -Gateway Kling | Wait-KlingTask | Save-KlingVideo ./out | Should -HaveCount 1
        }

        It 'sends each row to its own gateway, and one to CometAPI whose cell is empty' {
            "Scene,Image,Gateway`n3d_cartoon_2,https://h.example/1.jpg,Kling`n3d_cartoon_2,https://h.example/2.jpg,`n3d_cartoon_2,https://h.example/3.jpg,cometapi" |
                Set-Content jobs.csv
            $tasks = Import-Csv jobs.csv | New-KlingEffect | Wait-KlingTask

            $tasks | Group-Object Gateway -AsHashTable -AsString | ForEach-Object { $_.Kling.Count, $_.CometApi.Count } | Should -Be 1, 2
            Get-EmulatorRequest submit @atKling | Should -HaveCount 1
        }

        It 'sends a length to CometAPI always, and to Kling if it is given' {
            $null = New-KlingEffect 3d_cartoon_2 $image
            $null = New-KlingEffect 3d_cartoon_2 $image -Gateway Kling
            $null = New-KlingEffect 3d_cartoon_2 $image -Gateway Kling -Duration 10
            (Get-Body $comet).input.duration | Should -BeExactly '5'
            $first, $second = Get-Body $kling
            $first.input.PSObject.Properties.Name | Should -Be image
            $second.input.duration | Should -BeExactly '10'
        }
    }

    Context 'a task' {
        It 'remembers its gateway through <_>' -ForEach 'Clixml', 'CSV', 'JSON', 'a job' {
            $there = New-KlingEffect 3d_cartoon_2 $image -Gateway Kling
            $here = New-KlingEffect 3d_cartoon_2 $image
            $there.Gateway | Should -Be Kling
            $back = switch ($_) {
                Clixml { $there, $here | Export-Clixml t.xml; Import-Clixml t.xml }
                CSV { $there, $here | Export-Csv t.csv; Import-Csv t.csv }
                JSON { ConvertTo-Json @($there, $here) | Set-Content t.json; Get-Content t.json -Raw | ConvertFrom-Json }
                default { Start-ThreadJob { $using:there; $using:here } | Receive-Job -Wait -AutoRemoveJob }
            }
            $ended = $back | Wait-KlingTask
            $ended | Should -HaveCount 2
            ($ended | Where-Object TaskId -EQ $there.TaskId).Gateway | Should -Be Kling
            ($ended | Where-Object TaskId -EQ $here.TaskId).Gateway | Should -Be CometApi
            $ended | Save-KlingVideo ./out | Should -HaveCount 2
        }

        It 'that is an id only is asked for at the gateway that is named' {
            $id = (New-KlingEffect 3d_cartoon_2 $image -Gateway Kling).TaskId
            ($id | Get-KlingTask -Gateway Kling).TaskId | Should -BeExactly $id
            (Get-KlingTask $id -Gateway Kling).Gateway | Should -Be Kling
            (Get-KlingTask -TaskId $id -ErrorAction SilentlyContinue -ErrorVariable failures) | Should -BeNullOrEmpty
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingTaskNotFound,*'
        }

        It 'is asked for by its external id at Kling' {
            $id = Add-KlingTask -ExternalId 'order/1'
            (Get-KlingTask -ExternalTaskId 'order/1' -Gateway Kling).TaskId | Should -BeExactly $id
        }

        It 'is reported by itself where its gateway has no key' {
            $tasks = @(New-KlingEffect 3d_cartoon_2 $image -Gateway Kling; New-KlingEffect 3d_cartoon_2 $image)
            $env:KLING_API_KEY = $null
            $ended = $tasks | Wait-KlingTask -ErrorVariable failures -ErrorAction SilentlyContinue
            $ended.TaskId | Should -BeExactly $tasks[1].TaskId
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingApiKeyMissing,*'
            "$($failures[0])" | Should -BeLike '*KLING_API_KEY*'
        }
    }

    Context 'the key' {
        It 'that is missing is named, and the other one stays at home' {
            $env:KLING_API_KEY = $null
            $failure = { New-KlingEffect 3d_cartoon_2 $image -Gateway Kling } | Should -Throw -ErrorId 'KlingApiKeyMissing,*' -PassThru
            "$failure" | Should -BeLike '*$env:KLING_API_KEY*'
            $failure.ErrorDetails.RecommendedAction | Should -BeLike '*$env:COMETAPI_KEY is for CometAPI*'
        }

        It 'is not sent to the other gateway''s host: -Gateway <Gateway> at <BaseUri>' -ForEach @(
            @{ Gateway = 'CometApi'; BaseUri = 'https://api-singapore.klingai.com' }
            @{ Gateway = 'CometApi'; BaseUri = 'https://klingai.com/v1' }
            @{ Gateway = 'Kling'; BaseUri = 'https://api.cometapi.com' }
        ) {
            { Get-KlingTask 1 -Gateway $Gateway -BaseUri $BaseUri } | Should -Throw -ErrorId 'KlingInvalidRequest,*'
        }

        It 'is Kling''s at a host of klingai.com' {
            $env:KLING_API_KEY = $null
            $failure = { Get-KlingTask 1 -BaseUri https://api-beijing.klingai.com } | Should -Throw -ErrorId 'KlingApiKeyMissing,*' -PassThru
            "$failure" | Should -BeLike '*$env:KLING_API_KEY*'
        }

        It 'of -ApiKey is for the gateway of the command only' {
            $there = New-KlingEffect 3d_cartoon_2 $image -Gateway Kling
            $env:KLING_API_KEY = $null
            $there | Get-KlingTask -ApiKey $comet.Key -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            "$failures" | Should -BeLike '*-ApiKey is for CometAPI*'
            ($there | Get-KlingTask -Gateway Kling -ApiKey $kling.Key).TaskId | Should -BeExactly $there.TaskId
        }

        It 'of the gateway that all rows name is enough, and a row without one is an error of its own' {
            $env:COMETAPI_KEY = $null
            $rows = [pscustomobject] @{ Scene = '3d_cartoon_2'; Image = $image; Gateway = 'Kling' }, [pscustomobject] @{ Scene = 'pet_fitness'; Image = $image; Gateway = '' }
            $tasks = $rows | New-KlingEffect -ErrorVariable failures -ErrorAction SilentlyContinue
            $tasks.Gateway | Should -Be Kling
            $failures | Should -HaveCount 1
            "$($failures[0].FullyQualifiedErrorId) $($failures[0])" | Should -BeLike 'KlingApiKeyMissing,*COMETAPI_KEY*'
        }

        It 'is asked for before anything is sent where there is none at all' {
            $env:KLING_API_KEY = $env:COMETAPI_KEY = $null
            { '1' | Wait-KlingTask } | Should -Throw -ErrorId 'KlingApiKeyMissing,*'
        }
    }

    Context 'the list' {
        It 'gives all 1,200 tasks, newest first, in three requests' {
            $ids = Add-KlingTask 1200
            $tasks = Get-KlingTask -Gateway Kling
            $tasks | Should -HaveCount 1200
            $tasks[0].TaskId | Should -BeExactly $ids[-1]
            $tasks[-1].TaskId | Should -BeExactly $ids[0]
            $tasks.Gateway | Select-Object -Unique | Should -Be Kling
            (Get-EmulatorRequest list @atKling).query | Should -Be '?pageNum=1&pageSize=500', '?pageNum=2&pageSize=500', '?pageNum=3&pageSize=500'
        }

        It 'gives three of them for one request' {
            $null = Add-KlingTask 1200
            Get-KlingTask -Gateway Kling | Select-Object -First 3 | Should -HaveCount 3
            Get-EmulatorRequest list @atKling | Should -HaveCount 1
        }

        It 'is of the kind that is asked for, pipes on, and can be empty' {
            $null = Add-KlingTask
            $id = Add-KlingTask -Kind avatar/image2video
            $null = Invoke-Emulator Post "tasks/$id/succeed" @atKling
            Get-KlingTask -Gateway Kling -Kind avatar/image2video | Save-KlingVideo ./out | Should -HaveCount 1
            Get-KlingTask -Gateway Kling -Kind text2video | Should -BeNullOrEmpty
        }

        It 'is repeated after a passing failure' {
            $null = Add-KlingTask
            Add-EmulatorFault @{ operation = 'list'; effect = @{ kind = 'status'; code = 503 } } @atKling
            Get-KlingTask -Gateway Kling | Should -HaveCount 1
        }

        It 'is not had by CometAPI, which is said plainly' {
            $failure = { Get-KlingTask } | Should -Throw -ErrorId 'KlingInvalidRequest,*' -PassThru
            "$failure" | Should -BeLike 'CometAPI has no list of tasks*'
            $failure.ErrorDetails.RecommendedAction | Should -BeLike '*-TaskId*-Gateway Kling*'
        }

        It 'is not taken for what a row without an id asks for' {
            [pscustomobject] @{ Kind = 'effects'; Gateway = 'Kling' } | Get-KlingTask -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures | Should -Not -BeNullOrEmpty
            Get-EmulatorRequest list @atKling | Should -BeNullOrEmpty
        }
    }

    Context 'a submit without an answer, at Kling' {
        It 'is settled by its external id' {
            Add-EmulatorFault @{ operation = 'submit'; effect = @{ kind = 'resetAfter' } } @atKling
            $task = New-KlingEffect 3d_cartoon_2 $image -Gateway Kling -ExternalTaskId order-1
            $task.TaskId | Should -BeExactly (Get-EmulatorState @atKling).tasks.id
            $task.ExternalTaskId | Should -BeExactly order-1
        }

        It 'is settled so with a journal, which has its task then' {
            Add-EmulatorFault @{ operation = 'submit'; effect = @{ kind = 'resetAfter' } } @atKling
            $first = New-KlingEffect 3d_cartoon_2 $image -Gateway Kling -JournalPath ./j
            $again = New-KlingEffect 3d_cartoon_2 $image -Gateway Kling -JournalPath ./j
            $again.TaskId | Should -BeExactly $first.TaskId
            Get-EmulatorRequest submit @atKling | Should -HaveCount 1
        }

        It 'stays uncertain without one, and the error shows what it could be' {
            $other = New-KlingEffect 3d_cartoon_2 $image -Gateway Kling -ExternalTaskId order-2
            Add-EmulatorFault @{ operation = 'submit'; effect = @{ kind = 'resetAfter' } } @atKling
            New-KlingEffect 3d_cartoon_2 $image -Gateway Kling -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingSubmitUncertain,*'
            $made = (Get-EmulatorState @atKling).tasks[1].id
            "$($failures[0])" | Should -BeLike "*$made (*"
            "$($failures[0])" | Should -Not -BeLike "*$($other.TaskId)*"
        }

        It 'says so where the list has nothing either' {
            Add-EmulatorFault @{ operation = 'submit'; effect = @{ kind = 'status'; code = 502 } } @atKling
            New-KlingEffect 3d_cartoon_2 $image -Gateway Kling -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            "$($failures[0])" | Should -BeLike '*list tells of no task since then*'
        }
    }

    Context 'a journal' {
        It 'holds jobs of both, and each goes on where it was made' {
            "Scene,Image,Gateway`n3d_cartoon_2,https://h.example/1.jpg,Kling`n3d_cartoon_2,https://h.example/2.jpg,CometApi" | Set-Content jobs.csv
            $made = Import-Csv jobs.csv | New-KlingEffect -JournalPath ./j
            $made | Wait-KlingTask | Out-Null
            ($made | Where-Object TaskId -In (Get-EmulatorState @atKling).tasks.id).Gateway | Should -Be Kling

            (Get-KlingTask -JournalPath ./j | Sort-Object Gateway).Gateway | Should -Be CometApi, Kling
            $again = Import-Csv jobs.csv | Select-Object Scene, Image | New-KlingEffect -JournalPath ./j
            ($again | Sort-Object Gateway).Gateway | Should -Be CometApi, Kling
            (Get-KlingJob ./j | Sort-Object Gateway).Gateway | Should -Be CometApi, Kling
            Get-KlingJob ./j | Save-KlingVideo ./out | Should -HaveCount 2
            Get-EmulatorRequest submit @atKling | Should -HaveCount 1
        }

        It 'of Kling''s jobs only needs no other key' {
            $null = New-KlingEffect 3d_cartoon_2 $image -Gateway Kling -JournalPath ./j
            $env:COMETAPI_KEY = $null
            (Get-KlingTask -JournalPath ./j).Gateway | Should -Be Kling
        }
    }

    Context '-AdditionalBody' {
        It 'is merged into the request, from a hashtable, an ordered one, and a table''s cell' {
            Set-EmulatorOption @{ anyMember = $true } -BaseUri $comet.BaseUri
            $null = New-KlingEffect 3d_cartoon_2 $image -AdditionalBody @{ input = @{ version = '2'; duration = $null }; tags = 1, $true, 'x' }
            $null = New-KlingEffect 3d_cartoon_2 https://h.example/2.jpg -AdditionalBody ([ordered] @{ input = [ordered] @{ version = '2' } })
            $row = [pscustomobject] @{ Scene = '3d_cartoon_2'; Image = 'https://h.example/3.jpg'; AdditionalBody = '{"input":{"version":"2"}}' }
            $row | Export-Csv jobs.csv
            $null = Import-Csv jobs.csv | New-KlingEffect
            $null = '{"Scene":"3d_cartoon_2","Image":"https://h.example/4.jpg","AdditionalBody":{"input":{"version":"2"}}}' | ConvertFrom-Json | New-KlingEffect
            $bodies = Get-Body $comet
            $bodies.input.version | Should -Be '2', '2', '2', '2'
            $bodies[0].input.PSObject.Properties.Name | Should -Not -Contain duration
            $bodies[0].tags | Should -Be 1, $true, 'x'
            $bodies[1].input.duration | Should -BeExactly '5'
            Assert-EmulatorTraffic $comet -Expected '*input.duration is missing'
        }

        It 'is shown by -WhatIf' {
            $shown = Start-Transcript -Path ./t.txt; $null = $shown
            New-KlingEffect 3d_cartoon_2 $image -AdditionalBody @{ input = @{ version = '2' } } -WhatIf
            $null = Stop-Transcript
            Get-Content ./t.txt -Raw | Should -Match '"version": "2"'
        }

        It 'makes another job, and the same one in whatever order it is written' {
            Set-EmulatorOption @{ anyMember = $true } -BaseUri $comet.BaseUri
            $first = New-KlingEffect 3d_cartoon_2 $image -JournalPath ./j -AdditionalBody @{ b = 1; a = @{ y = 2; x = 1 } }
            $same = New-KlingEffect 3d_cartoon_2 $image -JournalPath ./j -AdditionalBody ([ordered] @{ a = [ordered] @{ x = 1; y = 2 }; b = 1 })
            $other = New-KlingEffect 3d_cartoon_2 $image -JournalPath ./j
            $same.TaskId | Should -BeExactly $first.TaskId
            $other.TaskId | Should -Not -Be $first.TaskId
        }

        It 'is refused, and nothing is sent: <Why>' -ForEach @(
            @{ Why = 'scene'; Body = @{ effect_scene = 'hug' } }
            @{ Why = 'images'; Body = @{ input = @{ images = 'a', 'b' } } }
            @{ Why = 'image left out'; Body = @{ input = @{ image = $null } } }
            @{ Why = 'a script'; Body = @{ x = { 1 } } }
            @{ Why = 'a file'; Body = @{ input = @{ x = Get-Item $PSCommandPath } } }
            @{ Why = 'a date'; Body = @{ x = [datetime]::UnixEpoch } }
            @{ Why = 'not a number'; Body = @{ x = [double]::NaN } }
            @{ Why = 'no JSON'; Body = '{input' }
            @{ Why = 'a number'; Body = 5 }
            @{ Why = 'a cycle'; Body = & { $table = @{}; $table.self = @{ table = $table }; $table } }
        ) {
            New-KlingEffect 3d_cartoon_2 $image -AdditionalBody $Body -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingInvalidRequest,*'
            $failures[0].ErrorDetails.RecommendedAction | Should -Match '\w{3}'
        }
    }

    Context 'the kind' {
        It '<_> reaches its route at both' -ForEach 'avatar/image2video', 'advanced-lip-sync', 'omni-video', 'video-extend', 'motion-control', 'Avatar/Image2Video' {
            $there = Add-KlingTask -Kind $_.ToLowerInvariant()
            $here = (Invoke-Emulator Post tasks @{ kind = $_.ToLowerInvariant() } -BaseUri $comet.BaseUri).id
            (Get-KlingTask $there -Kind $_ -Gateway Kling).Kind | Should -BeExactly $_.ToLowerInvariant()
            (Get-KlingTask $here -Kind $_).TaskId | Should -BeExactly $here
            (Get-EmulatorRequest query @atKling).path | Should -BeExactly "/v1/videos/$($_.ToLowerInvariant())/$there"
        }

        It 'that would leave its place is refused: <_>' -ForEach '../images', 'avatar/../effects', 'a//b', '/' {
            Get-KlingTask 1 -Kind $_ -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingInvalidRequest,*'
        }

        It 'and the gateway are completed' {
            (TabExpansion2 'Get-KlingTask 1 -Kind ').CompletionMatches.ListItemText |
                Should -Be effects, text2video, image2video, omni-video, motion-control, multi-image2video, multi-elements, video-extend, advanced-lip-sync, lip-sync, avatar/image2video
            (TabExpansion2 'Get-KlingTask 1 -Gateway ').CompletionMatches.CompletionText | Should -Be CometApi, Kling
        }
    }
}
