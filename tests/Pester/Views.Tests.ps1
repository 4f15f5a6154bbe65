#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# What a reader sees of tasks and videos, as text.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $culture = [cultureinfo]::CurrentCulture
    [cultureinfo]::CurrentCulture = 'en-US'
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'

    function Get-Task([hashtable] $Property, [timespan] $Age, [double[]] $VideoSecond) {
        $videos = foreach ($second in $VideoSecond) {
            [KlingEffects.KlingVideo] @{ Id = 'f1c5'; Duration = $second; Url = 'https://cdn.example.com/f1c5.mp4?sig=93aa' }
        }
        [KlingEffects.KlingTask] ($Property + @{
                CreatedAt = [DateTimeOffset]::UtcNow.Subtract($Age)
                Videos    = [KlingEffects.KlingVideo[]] @($videos)
            })
    }

    # Ages in the middle of what they are shown as, so that a slow machine shows the same.
    $tasks = @(
        Get-Task @{ TaskId = '2032273960331935744'; Scene = 'hug_pro' } '00:05:30'
        Get-Task @{ TaskId = '2032273960331935745'; Scene = '3d_cartoon_2'; Status = 'Processing' } '00:09:30'
        Get-Task @{ TaskId = '2032273960331935746'; Scene = 'pet_fitness'; Status = 'Processing'; Progress = 30 } '00:10:30'
        Get-Task @{ TaskId = '2032273960331935747'; Scene = 'smooth_transition'; Status = 'Succeed' } '01:15:30' 5.1
        Get-Task @{ TaskId = '2032273960331935748'; Scene = "let's_ride"; Status = 'Failed'; StatusMessage = 'Image pixel is invalid' } '05:30:00'
        Get-Task @{ TaskId = 'CjI17WevH1IAAAAAAHmgsw'; Scene = 'snow_night_kiss'; Status = 'Succeed' } '23:30:00' 10, 10
        Get-Task @{ TaskId = 'LtDJkGfaP/8AAAAAAQ+Q9wCjMT7WdSwWcAA='; Scene = 'hug'; Status = 'Failed'; StatusMessage = 'Failure to pass the risk control system' } '1.12:30:00'
        Get-Task @{ TaskId = '2032273960331935749'; Status = 'Succeed' } '3.12:00:00' 5
        Get-Task @{ TaskId = '2032273960331935750'; Scene = 'smile_at_the_old_camera'; Status = 'Submitted' } '40.12:00:00'
        Get-Task @{ TaskId = '2032273960331935751'; Scene = 'kiss_pro'; Status = 'Succeed' } '400.12:00:00'
    )

    function Get-Shown([object[]] $InputObject, [int] $Width) {
        ($InputObject | Out-String -Width $Width) -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ }
    }

    function Get-Line([string] $Text) {
        $Text -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ }
    }
}

AfterAll {
    [cultureinfo]::CurrentCulture = $culture
    $PSStyle.OutputRendering = $rendering
}

Describe 'The table of ten tasks' {
    It 'fits 80 columns, ids and reasons whole' {
        Get-Shown $tasks 80 | Should -BeExactly (Get-Line @'
TaskId                 Scene              Status        Age Image: videos
------                 -----              ------        --- -------------
2032273960331935744    hug_pro            Submitted   5 min
2032273960331935745    3d_cartoon_2       Processing  9 min
2032273960331935746    pet_fitness        Processing 10 min 30 %
2032273960331935747    smooth_transition  Succeed    75 min 1 (5.1 s)
2032273960331935748    let's_ride         Failed        5 h Image pixel is
                                                            invalid
CjI17WevH1IAAAAAAHmgsw snow_night_kiss    Succeed      23 h 2 (10 s, 10 s)
LtDJkGfaP/8AAAAAAQ+Q9w hug                Failed       36 h Failure to pass the
CjMT7WdSwWcAA=                                              risk control system
2032273960331935749                       Succeed       3 d 1 (5 s)
2032273960331935750    smile_at_the_old_c Submitted    40 d
                       amera
2032273960331935751    kiss_pro           Succeed     400 d
'@)
    }

    It 'has more of a reason on a line of 120 columns' {
        Get-Shown $tasks 120 | Should -BeExactly (Get-Line @'
TaskId                 Scene              Status        Age Image: videos
------                 -----              ------        --- -------------
2032273960331935744    hug_pro            Submitted   5 min
2032273960331935745    3d_cartoon_2       Processing  9 min
2032273960331935746    pet_fitness        Processing 10 min 30 %
2032273960331935747    smooth_transition  Succeed    75 min 1 (5.1 s)
2032273960331935748    let's_ride         Failed        5 h Image pixel is invalid
CjI17WevH1IAAAAAAHmgsw snow_night_kiss    Succeed      23 h 2 (10 s, 10 s)
LtDJkGfaP/8AAAAAAQ+Q9w hug                Failed       36 h Failure to pass the risk control system
CjMT7WdSwWcAA=
2032273960331935749                       Succeed       3 d 1 (5 s)
2032273960331935750    smile_at_the_old_c Submitted    40 d
                       amera
2032273960331935751    kiss_pro           Succeed     400 d
'@)
    }

    It 'is the same for tasks that went through Export-Clixml' {
        $tasks | Export-Clixml TestDrive:/tasks.xml
        Get-Shown (Import-Clixml TestDrive:/tasks.xml) 100 | Should -BeExactly (Get-Shown $tasks 100)
    }
}

Describe 'The table of a task with images' {
    It 'names them in front of what it came to' {
        $task = Get-Task -Age '00:05:30' -VideoSecond 5.1 -Property @{
            TaskId = '2032273960331935744'; Scene = 'hug_pro'; Status = 'Succeed'; Images = [string[]] ('/p/ana.jpg', 'https://host.example/ben%20o.jpg')
        }
        Get-Shown $task 100 | Select-Object -Last 1 | Should -BeExactly '2032273960331935744    hug_pro            Succeed     5 min ana.jpg, ben o.jpg: 1 (5.1 s)'
    }
}

Describe 'The list of a task' {
    It 'tells everything, and URLs without their signatures' {
        $task = Get-Task -Age '00:05:30' -VideoSecond 5.1, 10 -Property @{
            TaskId = '2032273960331935744'; ExternalTaskId = 'order-1042'; Scene = 'hug_pro'; Status = 'Succeed'; RequestId = 'req-7'; Progress = 100
            Images = [string[]] ('/p/ana.jpg', 'https://host.example/ben.jpg'); Units = 2; Cost = 0.28; JournalPath = '/p/jobs.journal'
        }
        Get-Shown ($task | Format-List) 100 | Should -BeExactly (Get-Line @"
TaskId         : 2032273960331935744
ExternalTaskId : order-1042
Kind           : effects
Gateway        :
Scene          : hug_pro
Images         : /p/ana.jpg, https://host.example/ben.jpg
Status         : Succeed
StatusMessage  :
Progress       : 100 %
CreatedAt      : $($task.CreatedAt.LocalDateTime.ToString('yyyy-MM-dd HH:mm:ss', [cultureinfo]::InvariantCulture)) (5 min ago)
UpdatedAt      :
Units          : 2
Cost           : 0.28
RequestId      : req-7
JournalPath    : /p/jobs.journal
Videos         : f1c5  5.1 s  https://cdn.example.com/f1c5.mp4
                 f1c5  10 s  https://cdn.example.com/f1c5.mp4
"@)
    }

    It 'names every property of a task' {
        $list = $tasks[0] | Format-List | Out-String
        foreach ($name in [KlingEffects.KlingTask].GetProperties().Name) { $list | Should -Match "(?m)^$name +:" }
    }
}

Describe 'The table of videos' {
    It 'has the id, the length and the URL' {
        Get-Shown $tasks[3].Videos 100 | Should -BeExactly (Get-Line @'
Id                                      Duration Url
--                                      -------- ---
f1c5                                       5.1 s https://cdn.example.com/f1c5.mp4?sig=93aa
'@)
    }
}

Describe 'Jobs' {
    BeforeAll {
        $jobs = @(
            @{ ExternalTaskId = 'order-1042'; Scene = 'smooth_transition'; State = 'Saved'; Units = [decimal] 2.5; Cost = [decimal] 0.28; Files = [string[]] '/out/order-1042.mp4' }
            @{ Images = [string[]] @('/photos/ana.jpg', 'https://images.example/ben.jpg?sig=93aa'); Scene = 'hug_pro'; State = 'Failed'; Attempt = 2; Message = 'Image pixel is invalid' }
            @{ TaskId = '2032273960331935744'; State = 'Uncertain'; ErrorId = 'KlingSubmitUncertain' }
            @{ ExternalTaskId = 'order-1043'; Scene = 'smile_at_the_old_camera'; State = 'Running' }
        ).ForEach{ [KlingEffects.KlingJob] ($_ + @{ SubmittedAt = [DateTimeOffset]::UtcNow.AddSeconds(-330) }) }
    }

    It 'fit 100 columns: what each is known by, and what went wrong' {
        Get-Shown $jobs 100 | Should -BeExactly (Get-Line @'
Job                  Scene             State      Try Units  Cost    Age Problem
---                  -----             -----      --- -----  ----    --- -------
order-1042           smooth_transition Saved        1   2.5  0.28  5 min
ana.jpg, ben.jpg     hug_pro           Failed       2              5 min Image pixel is invalid.
2032273960331935744                    Uncertain    1              5 min The submit was begun and
                                                                         no answer to it is known:
                                                                         it may have been accepted.
order-1043           smile_at_the_old_ Running      1              5 min
                     camera
'@)
    }

    It 'are the same after Export-Clixml' {
        $jobs | Export-Clixml TestDrive:/jobs.xml
        Get-Shown (Import-Clixml TestDrive:/jobs.xml) 100 | Should -BeExactly (Get-Shown $jobs 100)
        $list = Get-Shown (Import-Clixml TestDrive:/jobs.xml | Format-List) 100
        $list | Should -BeExactly (Get-Shown ($jobs | Format-List) 100)
        foreach ($name in [KlingEffects.KlingJob].GetProperties().Name) { $list -match "^$name +:" | Should -HaveCount 4 }
    }

    It 'keep every name in a cell of a CSV file' {
        ($jobs[1] | ConvertTo-Csv | ConvertFrom-Csv).Images | Should -BeExactly '/photos/ana.jpg | https://images.example/ben.jpg?sig=93aa'
    }
}

Describe 'Scenes' {
    It 'are a table' {
        Get-Shown (Get-KlingScene hug, hug_pro -IncludeRetired) 80 | Should -BeExactly (Get-Line @'
Name                             ImageCount IsCurrent LastSeen
----                             ---------- --------- --------
hug                                       2 False     2026-01
hug_pro                                   2 True      2026-11
'@)
    }
}

Describe 'What the views compute' {
    It 'is shown in ConstrainedLanguage too' {
        $shell = [powershell]::Create([Management.Automation.Runspaces.InitialSessionState]::CreateDefault2())
        try {
            $shown = $shell.AddScript({
                    param($Module, $Tasks, $Jobs)
                    Import-Module $Module
                    $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
                    $Tasks | Out-String -Width 100
                    $Tasks[0].Videos | Out-String -Width 100
                    $Jobs | Out-String -Width 100
                }).AddArgument($ModuleUnderTest).AddArgument(@($tasks[3])).AddArgument(@([KlingEffects.KlingJob] @{ ExternalTaskId = 'a'; State = 'Failed'; Message = 'no face'; Units = [decimal] 2; SubmittedAt = [DateTimeOffset]::UtcNow.AddHours(-5) })).Invoke()
        } finally {
            $shell.Dispose()
        }

        $shown[0] | Should -Match 'Succeed.* 75 min 1 \(5\.1 s\)'
        $shown[1] | Should -Match ' 5\.1 s '
        $shown[2] | Should -Match 'a +.*Failed.* 1 +2 +5 h no face'
    }

    It 'is no property of what is exported, and every property is' {
        foreach ($object in $tasks[3], $tasks[3].Videos[0], [KlingEffects.KlingJob] @{ State = 'Saved' }) {
            $names = $object.GetType().GetProperties().Name
            ($object | ConvertTo-Csv | ConvertFrom-Csv).PSObject.Properties.Name | Should -BeExactly $names
            [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($object)).PSObject.Properties.Name | Sort-Object |
                Should -BeExactly ($names | Sort-Object) -Because 'KlingEffects.Types.ps1xml names what is serialised'
        }
    }
}

Describe 'Colour' {
    AfterEach {
        $PSStyle.OutputRendering = 'PlainText'
    }

    It 'marks the status where the host shows it' {
        $PSStyle.OutputRendering = 'Ansi'
        $shown = $tasks | Out-String -Width 100
        $shown | Should -Match ([regex]::Escape("$($PSStyle.Foreground.Green)Succeed$($PSStyle.Reset)"))
        $shown | Should -Match ([regex]::Escape("$($PSStyle.Foreground.Red)Failed$($PSStyle.Reset)"))
        $shown | Should -Match ([regex]::Escape("$($PSStyle.Foreground.Yellow)Processing$($PSStyle.Reset)"))
    }

    It 'is not in plain text' {
        $tasks | Out-String -Width 100 | Should -Not -Match '\x1b'
    }

    It 'is not in a file' {
        $PSStyle.OutputRendering = 'Host'
        $tasks > TestDrive:/tasks.txt
        Get-Content TestDrive:/tasks.txt -Raw | Should -Match 'Succeed'
        Get-Content TestDrive:/tasks.txt -Raw | Should -Not -Match '\x1b'
    }

    It 'is not where NO_COLOR is set' {
        $run = Invoke-Shell "[KlingEffects.KlingTask] @{ TaskId = '1'; Status = 'Failed' }"
        $run.Output | Should -Match 'Failed'
        $run.Output | Should -Not -Match '\x1b'
    }
}

Describe 'What a task shows where no view applies' {
    It 'is its id as text' {
        "$($tasks[0])" | Should -BeExactly 2032273960331935744
    }

    It 'is its default properties' {
        $tasks[0].PSStandardMembers.DefaultDisplayPropertySet.ReferencedPropertyNames | Should -Be TaskId, Scene, Status, StatusMessage, Videos
        $tasks[0].PSStandardMembers.DefaultKeyPropertySet.ReferencedPropertyNames | Should -Be TaskId
    }
}
