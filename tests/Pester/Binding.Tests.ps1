#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    $script:forms = @(
        @{ Form = 'a live object'; Make = { $task } }
        @{ Form = 'its id as text'; Make = { $task.TaskId } }
        @{ Form = 'an Import-Csv row'; Make = { $task | Export-Csv "$folder/t.csv"; Import-Csv "$folder/t.csv" } }
        @{ Form = 'ConvertFrom-Json of the object'; Make = { $task | ConvertTo-Json -Depth 5 | ConvertFrom-Json } }
        @{ Form = 'ConvertFrom-Json -AsHashtable'; Make = { $task | ConvertTo-Json -Depth 5 | ConvertFrom-Json -AsHashtable } }
        @{ Form = 'Import-Clixml'; Make = { $task | Export-Clixml "$folder/t.xml"; Import-Clixml "$folder/t.xml" } }
        @{ Form = 'Start-Job output'; Make = { $jobTask } }
        @{ Form = 'what remoting makes of it'; Make = { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($task, 1)) } }
        @{ Form = 'an answer of the API'; Make = { "{`"task_id`":`"$($task.TaskId)`",`"task_status`":`"submitted`",`"task_result`":{}}" | ConvertFrom-Json } }
        @{ Form = 'an id that JSON has as a number'; Make = { ConvertFrom-Json "{`"TaskId`":$($task.TaskId)}" } }
        @{ Form = 'a hashtable'; Make = { @{ TaskId = $task.TaskId } } }
        @{ Form = 'some of its properties'; Make = { $task | Select-Object TaskId, Scene } }
        @{ Form = 'a saved file'; Make = { $task | Wait-KlingTask -PollIntervalSec 0.1 | Save-KlingVideo "$folder/saved" } }
    )
    $script:rubbish = @(
        @{ Name = 'an object without an id'; Value = { [pscustomobject]@{ foo = 'bar' } } }
        @{ Name = 'a hashtable without an id'; Value = { @{ foo = 'bar' } } }
        @{ Name = 'a file'; Value = { Get-Item $PSCommandPath } }
        @{ Name = 'a folder'; Value = { Get-Item $PSScriptRoot } }
        @{ Name = 'a process, which has an Id of another kind'; Value = { Get-Process -Id $PID } }
        @{ Name = 'a date'; Value = { Get-Date } }
        @{ Name = 'a number that is not exact'; Value = { 1.4593567933616620e18 } }
        @{ Name = 'a text with blanks'; Value = { 'no id at all' } }
        @{ Name = 'an empty text'; Value = { '' } }
        @{ Name = 'an empty cell'; Value = { [pscustomobject]@{ TaskId = '' } } }
        @{ Name = 'a way up'; Value = { '..' } }
        @{ Name = 'a path'; Value = { '../../v1/models' } }
        @{ Name = 'a path as Windows writes it'; Value = { 'C:\videos\1.mp4' } }
        @{ Name = 'a query'; Value = { '1?x=1' } }
        @{ Name = 'an id that is longer than any'; Value = { 'a' * 300 } }
        @{ Name = 'nothing'; Value = { , $null } }
    )
    $script:cmdlets = @(
        @{ Cmdlet = 'Get-KlingTask'; Option = @{} }
        @{ Cmdlet = 'Wait-KlingTask'; Option = @{ PollIntervalSec = 0.1 } }
        @{ Cmdlet = 'Save-KlingVideo'; Option = @{} }
    )
}

BeforeAll {
    . $PSScriptRoot/common.ps1
    $script:emulator = Start-Emulator
    $script:folder = (New-Item -ItemType Directory TestDrive:/forms).FullName
    Set-Content "$folder/t.csv" ''
    Push-Location -LiteralPath $folder
    $script:task = [pscustomobject]@{ Image = 'https://images.example/a.jpg'; ExternalTaskId = 'order-1' } | New-KlingEffect 3d_cartoon_2
    $script:jobTask = Start-Job -ArgumentList $ModuleUnderTest, $task.TaskId {
        param($Module, $Id)
        Import-Module $Module
        Wait-KlingTask $Id -PollIntervalSec 0.1
    } | Receive-Job -Wait -AutoRemoveJob
}

AfterAll {
    Pop-Location
    try { Assert-EmulatorTraffic $emulator } finally { Stop-Emulator $emulator }
}

Describe '<Cmdlet>' -ForEach $cmdlets {
    BeforeEach { Remove-Item "$folder/*.mp4" }

    It 'takes <Form> from the pipeline' -ForEach $forms {
        $result = & $Make | & $Cmdlet @Option -ErrorVariable failures

        $failures | Should -BeNullOrEmpty
        $result | Should -HaveCount 1
        $result.TaskId | Should -BeExactly $task.TaskId
        if ($Cmdlet -eq 'Save-KlingVideo') { Assert-SavedVideo $result $task.TaskId }
    }

    It 'refuses <Name> with a plain sentence, asks nothing, and goes on' -ForEach $rubbish {
        $before = (Invoke-Emulator Get counters).queries
        $bad = & $Value
        $result = & { $task.TaskId; , $bad } | & $Cmdlet @Option -ErrorAction SilentlyContinue -ErrorVariable failures

        $result.TaskId | Should -BeExactly $task.TaskId
        $failures | Should -HaveCount 1
        $sentence = if ($Name -eq 'a number that is not exact') { 'was rounded as a number, .*: take the id from the journal .*, and keep its column as text\.' }
        else { '(is no task id|has no TaskId property).*: give the id as text, or an object with a TaskId property\.' }
        $failures[0].Exception.Message | Should -Match $sentence
        (Invoke-Emulator Get counters).queries - $before | Should -Be 1 -Because 'only the good id is asked for'
    }

    It 'goes on with what the object knew' {
        $row = $task | Select-Object TaskId, ExternalTaskId, Scene, Kind
        $result = $row | & $Cmdlet @Option

        $result.ExternalTaskId | Should -BeExactly order-1
        if ($Cmdlet -ne 'Save-KlingVideo') { $result.Scene, $result.Kind | Should -BeExactly 3d_cartoon_2, effects }
    }
}

Describe 'A task that was kept' {
    It 'is what it was, after <Name>' -ForEach @(
        @{ Name = 'Export-Clixml'; Keep = { $args[0] | Export-Clixml "$folder/k.xml"; Import-Clixml "$folder/k.xml" }; At = { $args[0].UtcDateTime } }
        @{ Name = 'ConvertTo-Json'; Keep = { $args[0] | ConvertTo-Json -Depth 5 | ConvertFrom-Json }; At = { ([DateTimeOffset] $args[0]).UtcDateTime } }
    ) {
        $ended = $task | Wait-KlingTask -PollIntervalSec 0.1
        $kept = & $Keep $ended

        foreach ($name in 'TaskId', 'ExternalTaskId', 'Kind', 'Scene', 'StatusMessage', 'RequestId') { $kept.$name | Should -BeExactly $ended.$name }
        [KlingEffects.KlingTaskStatus] $kept.Status | Should -Be Succeed
        & $At $kept.CreatedAt | Should -Be $ended.CreatedAt.UtcDateTime
        & $At $kept.UpdatedAt | Should -Be $ended.UpdatedAt.UtcDateTime
        @($kept.Videos).Count | Should -Be 1
    }

    It 'keeps the URL and the length of its videos through JSON' {
        $ended = $task | Wait-KlingTask -PollIntervalSec 0.1
        $kept = $ended | ConvertTo-Json -Depth 5 | ConvertFrom-Json

        $kept.Videos[0].Url | Should -BeExactly $ended.Videos[0].Url
        $kept.Videos[0].Duration | Should -Be $ended.Videos[0].Duration
    }

    It 'names its files by its scene and its own id: <Name>' -ForEach @(
        @{ Name = 'Import-Csv'; Keep = { $task | Export-Csv "$folder/k.csv"; Import-Csv "$folder/k.csv" } }
        @{ Name = 'Import-Clixml'; Keep = { $task | Export-Clixml "$folder/k.xml"; Import-Clixml "$folder/k.xml" } }
        @{ Name = 'ConvertFrom-Json'; Keep = { $task | ConvertTo-Json -Depth 5 | ConvertFrom-Json } }
        @{ Name = 'live'; Keep = { $task } }
    ) {
        $file = & $Keep | Wait-KlingTask -PollIntervalSec 0.1 | Save-KlingVideo "$folder/named" -Name '{Scene} {ExternalTaskId}' -Force
        $file.Name | Should -BeExactly '3d_cartoon_2 order-1.mp4'
    }
}

Describe 'New-KlingEffect' {
    It 'refuses <Name> for an image, sends nothing, and goes on' -ForEach @(
        @{ Name = 'a date'; Value = { Get-Date } }
        @{ Name = 'a folder'; Value = { Get-Item $PSScriptRoot } }
        @{ Name = 'an object without one'; Value = { [pscustomobject]@{ foo = 'bar' } } }
        @{ Name = 'a hashtable without one'; Value = { @{ foo = 'bar' } } }
        @{ Name = 'a number'; Value = { 42 } }
    ) {
        $before = (Invoke-Emulator Get counters).submits
        $result = & { & $Value; "https://images.example/$([guid]::NewGuid()).jpg" } |
            New-KlingEffect 3d_cartoon_2 -ErrorAction SilentlyContinue -ErrorVariable failures

        $result | Should -HaveCount 1
        $failures | Should -HaveCount 1
        $failures[0].Exception.Message | Should -Match '((is no image|has no Image property): give a path, an http\(s\) URL or a data: URI|is a folder, not an image file)\.'
        (Invoke-Emulator Get counters).submits - $before | Should -Be 1
    }
}
