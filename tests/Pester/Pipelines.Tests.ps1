#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:emulator = Start-Emulator @{ 'record-bodies' = $true }

    # Word for word what the README promises.
    $script:oneVideo = 'New-KlingEffect hug_pro -Image ./ana.jpg, ./ben.jpg | Wait-KlingTask | Save-KlingVideo ./out'
    $script:batch = 'Import-Csv jobs.csv | New-KlingEffect -JournalPath ./jobs.journal | Wait-KlingTask | Save-KlingVideo ./out'
    $script:folderful = 'Get-ChildItem ./photos/*.jpg | New-KlingEffect 3d_cartoon_2 | Wait-KlingTask | Save-KlingVideo ./out -Name ''{Image}'''

    function Invoke-Line([string] $Line) {
        & ([scriptblock]::Create($Line)) -WarningAction SilentlyContinue
    }

    function Get-Task([string] $Name) { (Get-EmulatorState).tasks | Where-Object externalId -EQ $Name }

    # The names are the tasks' ids unless others are given.
    function Assert-SavedAsServed([IO.FileInfo[]] $File, [string[]] $Name) {
        $tasks = (Get-EmulatorState).tasks
        $File | Should -HaveCount $tasks.Count
        foreach ($one in $File) {
            $task = $tasks | Where-Object id -CEQ $one.TaskId
            $task | Should -HaveCount 1
            if (-not $Name) { $one.Name | Should -BeExactly "$($task.id).mp4" }
            $one.VideoId | Should -Not -BeNullOrEmpty
            Assert-SavedVideo $one $one.TaskId
        }

        if ($Name) { $File.Name | Sort-Object | Should -BeExactly ($Name | Sort-Object) }
    }
}

AfterAll { Stop-Emulator $emulator }

Describe 'The pipelines of the README' {
    BeforeEach {
        $script:folder = (New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
        Push-Location -LiteralPath $folder
        $null = New-TestPhoto ./ana.jpg
        $null = New-TestPhoto ./ben.jpg 480 320
        $WarningPreference = 'SilentlyContinue'
    }

    AfterEach {
        Pop-Location
        Assert-EmulatorTraffic $emulator
    }

    It 'stand in it word for word' {
        $readme = Get-Content $RepositoryRoot/README.md
        $readme | Should -Contain $oneVideo
        $readme | Should -Contain $batch
        $readme | Should -Contain $folderful
    }

    Context 'one video' {
        It 'is on the disk, byte for byte, at the end' {
            $file = Invoke-Line $oneVideo

            Assert-SavedAsServed $file
            $file.DirectoryName | Should -BeExactly (Join-Path $folder out)
            $task = (Get-EmulatorState).tasks
            $task.scene | Should -BeExactly hug_pro
            $task.images.sha256 | Should -Be (Get-FileHash ./ana.jpg, ./ben.jpg).Hash
        }

        It 'is made in a fresh shell too' {
            $run = Invoke-Shell -WorkingDirectory $folder "$oneVideo | ForEach-Object { `$_.Name + ' of ' + `$_.TaskId }"

            $run.Error | Should -BeNullOrEmpty
            $run.ExitCode | Should -Be 0
            $id = (Get-EmulatorState).tasks.id
            $run.Output | Should -BeLike "*$id.mp4 of $id*"
            Assert-SavedVideo "$folder/out/$id.mp4" $id
        }
    }

    Context 'a batch from a CSV' {
        BeforeEach {
            Set-Content ./jobs.csv @'
Scene,Image,SecondImage,Duration,Mode,ExternalTaskId
hug,./ana.jpg,./ben.jpg,5,std,two-local
3d_cartoon_2,./ana.jpg,,,,one-local
daily_ootd,https://images.example/left.jpg,https://images.example/right.jpg,10,,two-urls
birthday_board,https://images.example/one.jpg,,,pro,one-url
daily_ootd,./ben.jpg,https://images.example/right.jpg,,,one-of-each
summer_fireworks,ana.jpg,,,,
'@
        }

        It 'submits each row as it stands there, empty cells left out' {
            $null = Invoke-Line $batch

            $bodies = @{}
            foreach ($body in Get-EmulatorRequest submit | ForEach-Object { $_.bodyText | ConvertFrom-Json -AsHashtable }) { $bodies[$body.effect_scene + $body.external_task_id] = $body }
            $bodies.Count | Should -Be 6
            $bodies['hugtwo-local'].input.Keys | Sort-Object | Should -Be duration, images, mode
            $bodies['3d_cartoon_2one-local'].input.Keys | Sort-Object | Should -Be duration, image
            $bodies['daily_ootdtwo-urls'].input.images | Should -Be https://images.example/left.jpg, https://images.example/right.jpg
            $bodies['daily_ootdtwo-urls'].input.duration | Should -BeExactly '10'
            $bodies['birthday_boardone-url'].input.Keys | Sort-Object | Should -Be duration, image, mode
            $bodies['daily_ootdone-of-each'].input.images[1] | Should -BeExactly https://images.example/right.jpg
            (Get-Task two-local).images.sha256 | Should -Be (Get-FileHash ./ana.jpg, ./ben.jpg).Hash
            (Get-Task one-local).images.sha256 | Should -Be (Get-FileHash ./ana.jpg).Hash
        }

        It 'saves every video, and says whose each is' {
            $files = Invoke-Line $batch

            Assert-SavedAsServed $files
            foreach ($name in 'two-local', 'one-local', 'two-urls', 'one-url', 'one-of-each') {
                ($files | Where-Object ExternalTaskId -CEQ $name).TaskId | Should -BeExactly (Get-Task $name).id
            }
        }

        It 'run again submits nothing and downloads nothing' {
            $first = Invoke-Line $batch
            $before = (Get-EmulatorState).counters
            $second = Invoke-Line $batch

            $after = (Get-EmulatorState).counters
            $after.submits | Should -Be $before.submits
            $after.downloads | Should -Be $before.downloads
            $second.FullName | Sort-Object | Should -Be ($first.FullName | Sort-Object)
            $second.TaskId | Sort-Object | Should -Be ($first.TaskId | Sort-Object)
        }

        It 'does the rest where rows fail, each in its own way' {
            Add-Content ./jobs.csv @'
3d_cartoon_2,./nobody.jpg,,,,no-file
not_a_scene,./ana.jpg,,,,no-scene
3d_cartoon_2,./thumb.png,,,,too-small
3d_cartoon_2,./ben.jpg,,,,ends-badly
'@
            $null = New-TestImage ./thumb.png 64 64
            Add-EmulatorFault @{ operation = 'submit'; externalTaskId = 'ends-badly'; effect = @{ kind = 'failTask'; reason = 'No face was found' } }
            $Error.Clear()
            $files = & ([scriptblock]::Create($batch)) 2>$null

            $files | Should -HaveCount 6
            $Error | ForEach-Object { ($_.FullyQualifiedErrorId -split ',')[0] } | Sort-Object |
                Should -Be KlingImageInvalid, KlingImageNotFound, KlingInvalidRequest, KlingTaskFailed
            Assert-EmulatorTraffic $emulator -Expected '*not_a_scene is not offered'
        }
    }

    Context 'every picture of a folder' {
        BeforeEach {
            foreach ($name in 'one', 'two words', 'three [3]', 'vier ä') { $null = New-TestPhoto "./photos/$name.jpg" }
            Set-Content ./photos/notes.txt 'not a picture'
        }

        It 'is submitted, and its video saved' {
            $files = Invoke-Line $folderful

            Assert-SavedAsServed $files (Get-ChildItem ./photos/*.jpg | ForEach-Object { "$($_.BaseName).mp4" })
            $tasks = (Get-EmulatorState).tasks
            $tasks.scene | Select-Object -Unique | Should -BeExactly 3d_cartoon_2
            $tasks.images.sha256 | Sort-Object | Should -Be ((Get-FileHash ./photos/*.jpg).Hash | Sort-Object)
        }

        It 'has its first video on the disk while others are still being made' {
            Set-EmulatorOption @{ generationSeconds = 600 }
            $begun = [Collections.Generic.List[string]]::new()
            $stillActive = Get-ChildItem ./photos/*.jpg | New-KlingEffect 3d_cartoon_2 | ForEach-Object {
                $begun.Add($_.TaskId)
                if ($begun.Count -eq 4) { $null = Invoke-Emulator Post "tasks/$($begun[1])/succeed" }
                $_
            } | Wait-KlingTask -PollIntervalSec 0.1 | Save-KlingVideo ./out | ForEach-Object {
                Test-Path -LiteralPath $_.FullName | Should -BeTrue
                (Invoke-Emulator Get counters).activeTasks
                foreach ($id in $begun) { $null = Invoke-Emulator Post "tasks/$id/succeed" }
            }

            $stillActive | Should -Be 3, 0, 0, 0
        }
    }

    Context 'with a user''s own commands in between' {
        It 'take <Name>' -ForEach @(
            @{ Name = 'Where-Object'; Between = 'Where-Object TaskId' }
            @{ Name = 'ForEach-Object'; Between = 'ForEach-Object { $_ }' }
            @{ Name = 'Select-Object'; Between = 'Select-Object *' }
            @{ Name = 'Sort-Object'; Between = 'Sort-Object TaskId' }
            @{ Name = 'Tee-Object'; Between = 'Tee-Object -Variable seen' }
            @{ Name = 'ids only'; Between = 'Select-Object -ExpandProperty TaskId' }
        ) {
            $line = '1..3 | ForEach-Object { "https://images.example/$_.jpg" } | New-KlingEffect 3d_cartoon_2 | BETWEEN | Wait-KlingTask -PollIntervalSec 0.1 | BETWEEN | Save-KlingVideo ./out'
            $files = Invoke-Line $line.Replace('BETWEEN', $Between)

            Assert-SavedAsServed $files
        }
    }
}
