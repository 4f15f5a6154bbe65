#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:emulator = Start-Emulator @{ 'generation-seconds' = 600; 'video-bytes' = 60000 }
    $script:quiet = @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = 'failures' }
}

AfterAll { Stop-Emulator $emulator }

Describe 'Save-KlingVideo' {
    BeforeEach {
        $script:folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
        Push-Location -LiteralPath $folder
    }

    AfterEach {
        Pop-Location
        Assert-EmulatorTraffic $emulator
    }

    Context 'the file' {
        It 'is what the server has, byte for byte, under the task''s id' {
            $id = Add-EmulatorVideo
            $file = Get-KlingTask $id | Save-KlingVideo ./out

            $file | Should -BeOfType IO.FileInfo
            $file.FullName | Should -BeExactly ([IO.Path]::Combine($folder, 'out', "$id.mp4"))
            $file.Length | Should -Be 60000
            Assert-SavedVideo $file $id
            Get-ChildItem ./out | Should -HaveCount 1 -Because 'nothing else is left there'
        }

        It 'tells of the task and the video' {
            $id = Add-EmulatorVideo -ExternalId order-1
            $file = Get-KlingTask $id | Save-KlingVideo ./out

            $file.TaskId | Should -BeExactly $id
            $file.ExternalTaskId | Should -BeExactly order-1
            $file.VideoId | Should -BeExactly (Get-KlingTask $id).Videos[0].Id
        }

        It 'is one as Get-Item gives it, and goes on to other cmdlets' {
            $id = Add-EmulatorVideo
            $file = $id | Save-KlingVideo ./out
            $file.PSPath | Should -Be (Get-Item "./out/$id.mp4").PSPath
            $file.PSIsContainer | Should -BeFalse

            $file | Copy-Item -Destination ./copy.mp4
            Assert-SavedVideo (Get-Item ./copy.mp4) $id
            $file | Remove-Item
            "./out/$id.mp4" | Should -Not -Exist
        }

        It 'comes from ids as well: <Name>' -ForEach @(
            @{ Name = 'text'; Make = { $args[0] } }
            @{ Name = 'an object with a TaskId'; Make = { [pscustomobject]@{ TaskId = $args[0] } } }
            @{ Name = 'a row as the API names it'; Make = { [pscustomobject]@{ task_id = $args[0] } } }
        ) {
            $id = Add-EmulatorVideo
            Assert-SavedVideo (& $Make $id | Save-KlingVideo ./out) $id
        }

        It 'comes from the route that -Kind names' {
            $id = Add-EmulatorVideo -Kind image2video
            Assert-SavedVideo ($id | Save-KlingVideo ./out -Kind image2video) $id
        }

        It 'comes in as many as the task has videos' {
            Set-EmulatorOption @{ videosPerTask = 3 }
            $id = Add-EmulatorVideo
            $files = Get-KlingTask $id | Save-KlingVideo ./out

            $files.Name | Should -Be "$id.mp4", "$id-2.mp4", "$id-3.mp4"
            0..2 | ForEach-Object { Assert-SavedVideo $files[$_] $id $_ }
            $files.VideoId | Select-Object -Unique | Should -HaveCount 3
        }

        It 'is as large as the video, several times the block that is read at once' {
            Set-EmulatorOption @{ videoBytes = 5000000 }
            $id = Add-EmulatorVideo
            Assert-SavedVideo ($id | Save-KlingVideo ./out) $id
        }

        It 'is whole although the server does not say how long it is' {
            $id = Add-EmulatorVideo
            Add-EmulatorFault @{ operation = 'video'; effect = @{ kind = 'noContentLength' } }
            Assert-SavedVideo ($id | Save-KlingVideo ./out) $id
        }
    }

    Context 'the folder' {
        It 'is $PWD unless another is named' {
            $id = Add-EmulatorVideo
            ($id | Save-KlingVideo).FullName | Should -BeExactly (Join-Path $folder "$id.mp4")
        }

        It 'is made, and taken literally: <_>' -ForEach './new/deep er', './with [brackets]', './ünïcødé' {
            $id = Add-EmulatorVideo
            $file = $id | Save-KlingVideo -Destination $_

            $file.DirectoryName | Should -BeExactly ([IO.Path]::GetFullPath((Join-Path $folder $_)))
            Assert-SavedVideo $file $id
        }

        It 'may be on a PSDrive' {
            $null = New-PSDrive -Name KlingVideos -PSProvider FileSystem -Root $folder
            $id = Add-EmulatorVideo
            try { $file = $id | Save-KlingVideo KlingVideos:/out } finally { Remove-PSDrive KlingVideos }

            $file.FullName | Should -BeExactly ([IO.Path]::Combine($folder, 'out', "$id.mp4"))
        }

        It 'is refused in one error when it has no files' {
            { Add-EmulatorVideo | Save-KlingVideo Env:/out } | Should -Throw -ErrorId 'KlingInvalidRequest,*'
            Get-EmulatorRequest video | Should -BeNullOrEmpty
        }

        It 'that is a file is an error of each item' {
            Set-Content ./out 'a file'
            $id = Add-EmulatorVideo
            $id | Save-KlingVideo ./out @quiet | Should -BeNullOrEmpty

            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingDownloadFailed,*'
            $failures[0].CategoryInfo.Category | Should -Be ReadError
            Get-Content ./out | Should -Be 'a file'
        }
    }

    Context 'the name' {
        It 'is made by the template <Template>' -ForEach @(
            @{ Template = '{TaskId}'; Names = { "$($ids[0]).mp4", "$($ids[1]).mp4" } }
            @{ Template = '{ExternalTaskId}'; Names = { 'order-1.mp4', 'order-2.mp4' } }
            @{ Template = '{Index:000}_{Scene}'; Names = { '001_3d_cartoon_2.mp4', '002_3d_cartoon_2.mp4' } }
            @{ Template = 'clip {index}.mp4'; Names = { 'clip 1.mp4', 'clip 2.mp4' } }
        ) {
            $ids = 'order-1', 'order-2' | ForEach-Object { Add-EmulatorVideo -ExternalId $_ }
            $files = $ids | Get-KlingTask -ThrottleLimit 1 | ForEach-Object { [pscustomobject]@{ TaskId = $_.TaskId; Scene = '3d_cartoon_2' } } |
                Save-KlingVideo ./out -Name $Template | Sort-Object Name

            $files.Name | Should -Be (& $Names | Sort-Object)
            for ($i = 0; $i -lt 2; $i++) { Assert-SavedVideo $files[$i] $files[$i].TaskId }
        }

        It 'numbers a batch by the place of each job, whichever ends first' {
            Set-EmulatorOption @{ sceneSeconds = @{ daily_ootd = 1; birthday_board = 0.2 } }
            $files = 'daily_ootd', 'birthday_board' | ForEach-Object { [pscustomobject]@{ Scene = $_; Image = 'https://images.example/a.jpg' } } |
                New-KlingEffect | Wait-KlingTask -PollIntervalSec 0.1 | Save-KlingVideo ./out -Name '{Index}-{Scene}'

            $files.Name | Should -Be 2-birthday_board.mp4, 1-daily_ootd.mp4
        }

        It 'is checked before anything is asked for: <_>' -ForEach '{Nope}', 'a{', 'sub/folder' {
            $id = Add-EmulatorVideo
            { $id | Save-KlingVideo ./out -Name $_ } | Should -Throw -ErrorId 'KlingInvalidRequest,*'
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }

        It 'never leads out of the folder: <Name>' -ForEach @(
            @{ Name = 'a way up'; Own = '../../escaped' }
            @{ Name = 'a way up as Windows writes it'; Own = '..\escaped' }
            @{ Name = 'a rooted path'; Own = '/etc/escaped' }
            @{ Name = 'a path with a drive'; Own = 'C:\escaped' }
            @{ Name = 'a device'; Own = 'CON' }
            @{ Name = 'a line break'; Own = "a`nb" }
        ) {
            $id = Add-EmulatorVideo
            $file = [pscustomobject]@{ TaskId = $id; ExternalTaskId = $Own } | Save-KlingVideo ./out/deep -Name '{ExternalTaskId}'

            $file.DirectoryName | Should -BeExactly ([IO.Path]::Combine($folder, 'out', 'deep'))
            $file.Name | Should -Match '^[^\\/:\p{Cc}]+\.mp4$'
            $file.BaseName | Should -Not -Be CON
            (Get-ChildItem $folder -Recurse -File).FullName | Should -Be $file.FullName
        }

        It 'shared by two tasks does not lose one of them' {
            $ids = 1..2 | ForEach-Object { Add-EmulatorVideo }
            $files = $ids | ForEach-Object { [pscustomobject]@{ TaskId = $_; Scene = '3d_cartoon_2' } } | Save-KlingVideo ./out -Name '{Scene}'

            $files.FullName | Select-Object -Unique | Should -HaveCount 2
            $files | ForEach-Object { Assert-SavedVideo $_ $_.TaskId }
        }
    }

    Context 'the host' {
        It 'is told what the client is, or what -UserAgent says' {
            $ids = 1..2 | ForEach-Object { Add-EmulatorVideo }
            $null = $ids[0] | Save-KlingVideo ./out
            $null = $ids[1] | Save-KlingVideo ./out -UserAgent 'Mozilla/5.0 (mine)'
            $told = (Get-EmulatorRequest video).headers.'User-Agent'
            $told[0] | Should -Match '^KlingEffects/\d'
            $told[1] | Should -BeExactly 'Mozilla/5.0 (mine)'
            { $ids[0] | Save-KlingVideo ./out -UserAgent "a`nb" } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }
    }

    Context 'a file that is there' {
        It 'is passed on without a download' {
            $id = Add-EmulatorVideo
            $first = Get-KlingTask $id | Save-KlingVideo ./out
            $again = Get-KlingTask $id | Save-KlingVideo ./out

            $again.FullName | Should -BeExactly $first.FullName
            $again.TaskId | Should -BeExactly $id
            Get-EmulatorRequest video | Should -HaveCount 1
        }

        It 'that is no whole video is fetched anew: <Name>' -ForEach @(
            @{ Name = 'half of it'; Make = { [IO.File]::WriteAllBytes("$pwd/out/$id.mp4", (Get-EmulatorVideo $id 0)[0..30000]) } }
            @{ Name = 'no bytes'; Make = { $null = New-Item "./out/$id.mp4" } }
        ) {
            $id = Add-EmulatorVideo
            $null = New-Item -ItemType Directory ./out
            . $Make
            Assert-SavedVideo ($id | Save-KlingVideo ./out) $id
            Get-ChildItem ./out | Should -HaveCount 1
        }

        It 'of another batch with the same ExternalTaskId is another''s: a warning, and another name' {
            $null = New-Item -ItemType Directory ./out
            Set-Content ./out/order-1.mp4 'the other batch''s'
            (Get-Item ./out/order-1.mp4).LastWriteTimeUtc = [datetime]::UtcNow.AddHours(-1)
            $id = Add-EmulatorVideo -ExternalId order-1
            $file = Get-KlingTask $id | Save-KlingVideo ./out -Name '{ExternalTaskId}' -WarningVariable warnings -WarningAction SilentlyContinue

            $file.Name | Should -BeExactly "order-1-$id.mp4"
            $warnings | Should -HaveCount 1
            $warnings[0].Message | Should -BeLike "*order-1.mp4' is older than task $id*"
            Get-Content ./out/order-1.mp4 | Should -Be 'the other batch''s'
            (Get-KlingTask $id | Save-KlingVideo ./out -Name '{ExternalTaskId}' -WarningVariable again).Name | Should -BeExactly "order-1-$id.mp4"
            $again | Should -BeNullOrEmpty
            Get-EmulatorRequest video | Should -HaveCount 1
        }

        It 'is asked about with -Force by ShouldProcess, and stays where the answer is no' {
            $id = Add-EmulatorVideo
            $null = New-Item -ItemType Directory ./out
            Set-Content "./out/$id.mp4" 'mine'
            $id | Save-KlingVideo ./out -Force -WhatIf | Should -BeNullOrEmpty
            $other = Add-EmulatorVideo
            $other | Save-KlingVideo ./out -WhatIf | Should -BeNullOrEmpty
            & { $WhatIfPreference = $true; $other | Save-KlingVideo ./out } | Should -BeNullOrEmpty

            Get-Content "./out/$id.mp4" | Should -Be 'mine'
            Get-ChildItem ./out | Should -HaveCount 1
            Get-EmulatorRequest video | Should -BeNullOrEmpty
            (Get-Command Save-KlingVideo).Parameters.Keys | Should -Contain Confirm
        }

        It 'is replaced with -Force' {
            $id = Add-EmulatorVideo
            $null = New-Item -ItemType Directory ./out
            Set-Content "./out/$id.mp4" 'something else'
            $file = $id | Save-KlingVideo ./out -Force

            Assert-SavedVideo $file $id
        }

        It 'stays as it is when the download with -Force fails' {
            $id = Add-EmulatorVideo -Age 86400
            $null = New-Item -ItemType Directory ./out
            Set-Content "./out/$id.mp4" 'something else'
            Add-EmulatorFault @{ operation = 'video'; times = 0; effect = @{ kind = 'status'; code = 400 } }
            $id | Save-KlingVideo ./out -Force @quiet | Should -BeNullOrEmpty

            $failures[0].FullyQualifiedErrorId | Should -BeLike 'KlingDownloadFailed,*'
            Get-Content "./out/$id.mp4" | Should -Be 'something else'
        }
    }
}
