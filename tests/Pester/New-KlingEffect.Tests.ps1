#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:emulator = Start-Emulator @{ 'record-bodies' = $true }

    function Get-SentBody {
        Get-EmulatorRequest submit | ForEach-Object { $_.bodyText | ConvertFrom-Json -AsHashtable }
    }
}

AfterAll { Stop-Emulator $emulator }

Describe 'New-KlingEffect' {
    BeforeAll { Push-Location -LiteralPath (New-Item -ItemType Directory TestDrive:/work).FullName }
    AfterAll { Pop-Location }
    AfterEach { Assert-EmulatorTraffic $emulator }

    Context 'the request' {
        It 'is the example of the specification, member for member' {
            $null = New-KlingEffect hug https://your-image-host/person-a.jpg, https://your-image-host/person-b.jpg -Mode std -WarningAction Ignore

            $example = Get-Content -Raw $RepositoryRoot/tests/Shared/fixtures/r1_comet_dual_request.json | ConvertFrom-Json -AsHashtable
            $body = Get-SentBody
            $body.Keys | Sort-Object | Should -Be ($example.Keys | Sort-Object)
            $body.input.Keys | Sort-Object | Should -Be ($example.input.Keys | Sort-Object)
            $body.effect_scene | Should -BeExactly $example.effect_scene
            $body.input.mode | Should -BeExactly $example.input.mode
            $body.input.duration | Should -BeExactly $example.input.duration
            $body.input.images | Should -Be $example.input.images
        }

        It 'holds one image as image, and of the options only the duration, as text' {
            $null = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg

            $body = Get-SentBody
            $body.Keys | Sort-Object | Should -Be effect_scene, input
            $body.input.Keys | Sort-Object | Should -Be duration, image
            $body.input.image | Should -BeExactly https://images.example/a.jpg
            $body.input.duration | Should -BeOfType string
            $body.input.duration | Should -BeExactly '5'
        }

        It 'holds every option that is given' {
            $job = @{
                Scene = 'daily_ootd'; Image = 'https://images.example/a.jpg'; SecondImage = 'https://images.example/b.jpg'
                Duration = 10; Mode = 'pro'; ModelName = 'kling-v1-6'; CallbackUrl = 'https://hooks.example/kling'; ExternalTaskId = 'order-1'
            }
            $null = New-KlingEffect @job

            $body = Get-SentBody
            $body.input.images | Should -Be https://images.example/a.jpg, https://images.example/b.jpg
            $body.input.duration, $body.input.mode, $body.input.model_name | Should -BeExactly '10', 'pro', 'kling-v1-6'
            $body.callback_url | Should -BeExactly https://hooks.example/kling
            $body.external_task_id | Should -BeExactly order-1
        }

        It 'holds no id whose accents the system can not join, for the next run may be where it can' {
            $env:DOTNET_SYSTEM_GLOBALIZATION_INVARIANT = '1'
            try {
                $run = Invoke-Shell @'
                    foreach ($id in "caf$([char]0xE9)", "cafe$([char]0x301)") {
                        (New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -ExternalTaskId $id -ErrorAction SilentlyContinue -ErrorVariable failed).Status
                        $failed.FullyQualifiedErrorId
                    }
'@
            } finally {
                $env:DOTNET_SYSTEM_GLOBALIZATION_INVARIANT = $null
            }

            $run.Output -split '\r?\n' | Where-Object { $_ } | Should -Be Submitted, 'KlingInvalidRequest,KlingEffects.Commands.NewKlingEffectCommand' -Because $run.Error
            Get-EmulatorRequest submit | Should -HaveCount 1
        }

        It "takes the scene's name as it is: <_>" -ForEach "let's_ride", '3d_cartoon_2' {
            $task = New-KlingEffect $_ https://images.example/scene.jpg -WarningAction Ignore

            (Get-SentBody).effect_scene | Should -BeExactly $_
            $task.Scene | Should -BeExactly $_
        }

        It 'goes to the route of effects, once for each item' {
            $null = 'https://images.example/1.jpg', 'https://images.example/2.jpg' | New-KlingEffect 3d_cartoon_2

            $requests = Get-EmulatorRequest
            $requests | Should -HaveCount 2
            $requests.method | Select-Object -Unique | Should -Be POST
            $requests.path | Select-Object -Unique | Should -BeExactly /kling/v1/videos/effects
        }
    }

    Context 'local images' {
        BeforeAll {
            function Get-SentDigest { (Get-EmulatorState).tasks | ForEach-Object { $_.images.sha256 } }
        }

        It 'are sent byte for byte, as plain base64: <_>' -ForEach 'ana.png', 'odd [1] name.png', 'Zoë ünïcødé.png', 'no extension' {
            $file = New-TestImage "./$_" -Shade 40
            $null = New-KlingEffect 3d_cartoon_2 "./$_"

            [Convert]::FromBase64String((Get-SentBody).input.image) | Should -Be ([IO.File]::ReadAllBytes($file))
            Get-SentDigest | Should -Be (Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash
        }

        It 'are sent in their order: left, right' {
            $left = New-TestImage ./left.png -Shade 1
            $right = New-TestImage ./right.png -Shade 2
            $null = New-KlingEffect daily_ootd ./left.png, ./right.png

            Get-SentDigest | Should -Be (Get-FileHash $left, $right).Hash
        }

        It 'are found relative to $PWD, which is not the process''s own folder' {
            $file = New-TestImage ./deep/er/pic.png -Shade 3
            Push-Location ./deep
            try { $null = New-KlingEffect 3d_cartoon_2 er/pic.png } finally { Pop-Location }

            Get-SentDigest | Should -Be (Get-FileHash $file).Hash
        }

        It 'are found on a PSDrive that leads to files' {
            $file = New-TestImage ./drive/pic.png -Shade 4
            $null = New-PSDrive -Name KlingPictures -PSProvider FileSystem -Root (Resolve-Path ./drive).ProviderPath
            try { $null = New-KlingEffect 3d_cartoon_2 KlingPictures:/pic.png } finally { Remove-PSDrive KlingPictures }

            Get-SentDigest | Should -Be (Get-FileHash $file).Hash
        }

        It 'come from Get-ChildItem, brackets and all' {
            $files = 5, 6 | ForEach-Object { New-TestImage "./folder/pic [$_].png" -Shade $_ }
            $tasks = Get-ChildItem ./folder | New-KlingEffect 3d_cartoon_2

            $tasks | Should -HaveCount 2
            Get-SentDigest | Sort-Object | Should -Be ((Get-FileHash -LiteralPath $files).Hash | Sort-Object)
            (Get-SentBody).input.Keys | Should -Not -Contain mode -Because 'a file has a Mode too, and it is another'
        }

        It 'come from a data: URI, without its prefix' {
            $bytes = [IO.File]::ReadAllBytes((New-TestImage ./inline.png -Shade 7))
            $null = New-KlingEffect 3d_cartoon_2 "data:image/png;base64,$([Convert]::ToBase64String($bytes))"

            [Convert]::FromBase64String((Get-SentBody).input.image) | Should -Be $bytes
        }

        It 'are judged by their content and not by their name' {
            $file = New-TestImage ./really-a-png.jpg -Shade 8
            $null = New-KlingEffect 3d_cartoon_2 ./really-a-png.jpg

            Get-SentDigest | Should -Be (Get-FileHash $file).Hash
        }

        It 'are checked before anything is sent, unless -SkipImageCheck leaves that to the server' {
            $null = New-TestImage ./thumb.png 100 100
            New-KlingEffect 3d_cartoon_2 ./thumb.png -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
            $refused[0].FullyQualifiedErrorId | Should -BeLike 'KlingImageInvalid,*'
            Get-EmulatorRequest | Should -BeNullOrEmpty

            New-KlingEffect 3d_cartoon_2 ./thumb.png -SkipImageCheck | Should -HaveCount 1
        }
    }

    Context 'a row as a job' {
        It 'binds every parameter by property name' {
            $null = [pscustomobject]@{
                Scene = 'daily_ootd'; Image = 'https://images.example/a.jpg'; SecondImage = 'https://images.example/b.jpg'
                Duration = '10'; Mode = 'std'; ModelName = 'kling-v1-6'; CallbackUrl = 'https://hooks.example/1'; ExternalTaskId = 'row-1'
            } | New-KlingEffect

            $body = Get-SentBody
            $body.effect_scene | Should -Be daily_ootd
            $body.input.images | Should -Be https://images.example/a.jpg, https://images.example/b.jpg
            $body.input.duration, $body.input.mode, $body.input.model_name | Should -Be 10, std, kling-v1-6
            $body.callback_url, $body.external_task_id | Should -Be https://hooks.example/1, row-1
        }

        It 'binds the names of the API and of files too' {
            $null = @(
                [pscustomobject]@{ effect_scene = 'birthday_board'; Path = 'https://images.example/p.jpg' }
                [pscustomobject]@{ EffectScene = 'summer_fireworks'; FullName = 'https://images.example/f.jpg' }
            ) | New-KlingEffect

            (Get-SentBody).effect_scene | Sort-Object | Should -Be birthday_board, summer_fireworks
            (Get-SentBody).input.image | Sort-Object | Should -Be https://images.example/f.jpg, https://images.example/p.jpg
        }

        It 'takes two images from a JSON row' {
            $null = '{"effect_scene":"daily_ootd","image":["https://images.example/a.jpg","https://images.example/b.jpg"]}' |
                ConvertFrom-Json | New-KlingEffect

            (Get-SentBody).input.images | Should -HaveCount 2
        }

        It 'takes an empty cell for one that was not given' {
            $null = ConvertFrom-Csv @'
Scene,Image,SecondImage,Duration,Mode,ModelName,CallbackUrl,ExternalTaskId
3d_cartoon_2,https://images.example/a.jpg,,,,,,
daily_ootd,https://images.example/a.jpg,https://images.example/b.jpg, ," ",,,
'@ | New-KlingEffect

            $single, $pair = Get-SentBody | Sort-Object effect_scene
            $single.Keys | Sort-Object | Should -Be effect_scene, input
            $single.input.Keys | Sort-Object | Should -Be duration, image
            $pair.input.Keys | Sort-Object | Should -Be duration, images
            $single.input.duration, $pair.input.duration | Should -Be '5', '5'
        }

        It 'lets the command line hold what all rows share' {
            $null = [pscustomobject]@{ Image = 'https://images.example/a.jpg' } | New-KlingEffect -Scene 3d_cartoon_2 -Duration 10

            (Get-SentBody).input.duration | Should -BeExactly '10'
        }

        It 'fails alone: <Name>' -ForEach @(
            @{ Name = 'three images'; Row = @{ Image = 'a', 'b', 'c' | ForEach-Object { "https://images.example/$_.jpg" } } }
            @{ Name = 'a second image without a first'; Row = @{ Image = ''; SecondImage = 'https://images.example/b.jpg' } }
            @{ Name = 'no image'; Row = @{ Image = '' } }
            @{ Name = 'no scene'; Row = @{ Scene = ''; Image = 'https://images.example/a.jpg' } }
            @{ Name = 'a duration that is none'; Row = @{ Image = 'https://images.example/a.jpg'; Duration = 'long' } }
            @{ Name = 'a URL with a blank'; Row = @{ Image = 'https://images.example/a b.jpg' } }
            @{ Name = 'a duration of 0'; Row = @{ Image = 'https://images.example/a.jpg'; Duration = '0' } }
            @{ Name = 'a duration with a comma'; Row = @{ Image = 'https://images.example/a.jpg'; Duration = '5,0' } }
            @{ Name = 'a duration with a suffix'; Row = @{ Image = 'https://images.example/a.jpg'; Duration = '1kb' } }
            @{ Name = 'a duration to another base'; Row = @{ Image = 'https://images.example/a.jpg'; Duration = '0x10' } }
            @{ Name = 'a duration of yes'; Row = @{ Image = 'https://images.example/a.jpg'; Duration = $true } }
            @{ Name = 'a blank image beside another'; Row = @{ Image = 'https://images.example/a.jpg', '' } }
        ) {
            $bad = @{ Scene = '3d_cartoon_2' }
            foreach ($name in $Row.Keys) { $bad[$name] = $Row[$name] }
            $tasks = @(
                [pscustomobject] @{ Scene = '3d_cartoon_2'; Image = 'https://images.example/before.jpg' }
                [pscustomobject] $bad
                [pscustomobject] @{ Scene = '3d_cartoon_2'; Image = 'https://images.example/after.jpg' }
            ) | New-KlingEffect -ErrorAction SilentlyContinue -ErrorVariable failures

            $tasks | Should -HaveCount 2
            $failures | Should -HaveCount 1
            (Get-SentBody).input.image | Sort-Object | Should -Be https://images.example/after.jpg, https://images.example/before.jpg
        }
    }

    Context 'an error of one row' {
        It 'names the row, by its external id if it has one: <Name>' -ForEach @(
            @{ Name = 'no image'; Row = @{ Image = '' } }
            @{ Name = 'no scene'; Row = @{ Scene = ''; Image = 'https://images.example/a.jpg' } }
            @{ Name = 'no length'; Row = @{ Image = 'https://images.example/a.jpg'; Duration = -3 } }
            @{ Name = 'a second image without a first'; Row = @{ SecondImage = 'https://images.example/a.jpg'; Image = '' } }
            @{ Name = 'no such file'; Row = @{ Image = './nobody.png' }; Target = '*nobody.png' }
        ) {
            $good = [pscustomobject] @{ Scene = '3d_cartoon_2'; Image = 'https://images.example/good.jpg' }
            foreach ($id in 'row-77', '3', '') {
                $bad = @{ Scene = '3d_cartoon_2'; ExternalTaskId = $id } + @{}
                foreach ($name in $Row.Keys) { $bad[$name] = $Row[$name] }
                $null = $good, [pscustomobject] $bad | New-KlingEffect -ErrorAction SilentlyContinue -ErrorVariable failures
                $failures | Should -HaveCount 1
                $expected = $id ? $id : $Target ? 'nobody.png' : 'row 2'
                $failures[0].Exception.Message | Should -BeLike ($id ? "${id}: *" : "*$expected*")
                $failures[0].TargetObject | Should -BeLike ($Target ? $Target : $expected)
            }
        }

        It 'is not led by a row where there are no rows' {
            $null = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -Duration -3 -ErrorAction SilentlyContinue -ErrorVariable failures
            $failures[0].Exception.Message | Should -BeLike 'The duration -3 *'
        }
    }

    Context 'typed objects' {
        It 'are jobs by their properties: <Name>' -ForEach @(
            @{ Name = 'of a class'; Make = { class EffectRow { [string] $Scene = '3d_cartoon_2'; [string] $Image }; [EffectRow] @{ Image = 'https://images.example/a.jpg' } } }
            @{ Name = 'of a data table'; Make = {
                    $table = [Data.DataTable]::new()
                    $null = foreach ($column in 'Scene', 'Image', 'SecondImage', 'Duration') { $table.Columns.Add($column) }
                    $null = $table.Rows.Add('3d_cartoon_2', 'https://images.example/a.jpg', [DBNull]::Value, [DBNull]::Value)
                    $table.Rows
                }
            }
        ) {
            & $Make | New-KlingEffect | Should -HaveCount 1
            (Get-SentBody).input.image | Should -BeExactly https://images.example/a.jpg
        }

        It 'may hold a Path, as Resolve-Path gives it' {
            $null = New-TestImage ./resolved.png
            Resolve-Path ./resolved.png | New-KlingEffect 3d_cartoon_2 | Should -HaveCount 1
        }
    }

    Context 'the task' {
        It 'is a KlingTask that has just been submitted' {
            $task = New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -ExternalTaskId order-7

            $task | Should -BeOfType KlingEffects.KlingTask
            $task.TaskId | Should -BeExactly (Get-EmulatorState).tasks.id
            $task.TaskId | Should -BeOfType string
            $task.Status | Should -BeOfType KlingEffects.KlingTaskStatus
            $task.Status | Should -Be Submitted
            $task.ExternalTaskId | Should -BeExactly order-7
            $task.Scene | Should -BeExactly 3d_cartoon_2
            $task.Kind | Should -BeExactly effects
            $task.Videos | Should -BeNullOrEmpty
            $task.CreatedAt | Should -BeOfType DateTimeOffset
            ([DateTimeOffset]::UtcNow - $task.CreatedAt).TotalMinutes | Should -BeLessThan 2
        }

        It 'comes out while others are still being submitted' {
            Add-EmulatorFault @{ operation = 'submit'; externalTaskId = 'slow'; delay = 1.5 }
            $order = @(
                [pscustomobject]@{ Image = 'https://images.example/a.jpg'; ExternalTaskId = 'slow' }
                [pscustomobject]@{ Image = 'https://images.example/b.jpg'; ExternalTaskId = 'fast' }
            ) | New-KlingEffect 3d_cartoon_2 | ForEach-Object ExternalTaskId

            $order | Should -Be fast, slow
        }
    }

    Context 'a batch' {
        It 'has as many submits in flight as -ThrottleLimit says' {
            Set-EmulatorOption @{ latencyMs = 300 }
            $null = 1..9 | ForEach-Object { "https://images.example/$_.jpg" } | New-KlingEffect 3d_cartoon_2 -ThrottleLimit 3

            (Get-EmulatorState).counters.submitsInFlightMaximum | Should -Be 3
        }

        It 'takes two equal rows for one job, and says so' {
            $image = 'https://images.example/same.jpg'
            $tasks = $image, $image | New-KlingEffect 3d_cartoon_2 -WarningAction SilentlyContinue -WarningVariable warnings

            $tasks | Should -HaveCount 1
            (Get-EmulatorState).counters.submits | Should -Be 1
            $warnings -join '' | Should -BeLike '*ExternalTaskId*'
        }

        It 'takes equal rows for two jobs when their external ids differ' {
            $tasks = 'a', 'b' | ForEach-Object { [pscustomobject]@{ Image = 'https://images.example/same.jpg'; ExternalTaskId = $_ } } |
                New-KlingEffect 3d_cartoon_2

            $tasks | Should -HaveCount 2
        }

        It 'warns once of a scene that is known to be retired' {
            $null = 1..3 | ForEach-Object { "https://images.example/$_.jpg" } |
                New-KlingEffect palm_sized_figure -WarningAction SilentlyContinue -WarningVariable warnings

            $warnings | Should -HaveCount 1
            $warnings[0] | Should -BeLike '*palm_sized_figure*'
        }

        It 'runs through on an account with two slots, and submits nothing twice' {
            Set-EmulatorOption @{ parallelLimit = 2 }
            $tasks = 1..6 | ForEach-Object { "https://images.example/$_.jpg" } | New-KlingEffect 3d_cartoon_2

            $tasks.TaskId | Select-Object -Unique | Should -HaveCount 6
            $state = Get-EmulatorState
            $state.counters.acceptedSubmits | Should -Be 6
            $state.counters.activeTasksMaximum | Should -Be 2
            $state.counters.submits | Should -BeGreaterThan 6 -Because 'the limit was met'
        }

        It 'waits as long as Retry-After asks' {
            Add-EmulatorFault @{ operation = 'submit'; effect = @{ kind = 'status'; code = 429; headers = @{ 'Retry-After' = '2' } } }
            New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg | Should -HaveCount 1

            $refused, $taken = Get-EmulatorRequest submit
            ([datetime] $taken.arrivedAt - [datetime] $refused.answeredAt).TotalSeconds | Should -BeGreaterOrEqual 1.9
        }
    }
}
