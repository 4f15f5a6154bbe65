<#
.SYNOPSIS
Makes the videos of a CSV file. Run it again after whatever has happened: it goes on where it stopped.
.DESCRIPTION
Writes one plain line for each thing that happens, then a report: results.xml (JUnit), report.html and summary.md in the folder
-StatePath, and annotations, outputs and the summary of the step where GitHub Actions, Azure Pipelines or GitLab run it. Ends with 1 if
something went wrong, else with 0. The key is in $env:COMETAPI_KEY, or in $env:KLING_API_KEY for Kling. Keep the folder -StatePath
from one run to the next: it holds the journal, by which nothing is paid for twice, and the videos, by which nothing is downloaded twice.
.PARAMETER JobsPath
The jobs: Scene, Image, SecondImage and so on, and ExternalTaskId, which names each job and its video. Collect does without the
file, and then takes every job of the journal.
.PARAMETER StatePath
The folder of the journal, the reports and, unless -OutputPath says otherwise, the videos.
.PARAMETER Step
All submits, waits and saves. Submit submits and leaves; Collect, later and as often as you like, saves what has ended since. A
job that has not ended is an error of All, and none of Submit and Collect.
.PARAMETER OutputPath
The folder of the videos.
.PARAMETER TimeoutSec
For how many seconds a task is waited for, 0 for as long as it takes: an hour unless given, and a minute for Collect.
.PARAMETER Gateway
Whose API it is, for rows that do not say it themselves.
.PARAMETER Shard
Which part of the jobs to make, from 1 to ShardCount.
.PARAMETER ShardCount
Among how many machines the jobs are split. Another count deals them out anew, so keep it until all are done.
#>
[CmdletBinding()]
param(
    [string] $JobsPath = './jobs.csv',
    [string] $StatePath = './state',
    [ValidateSet('All', 'Submit', 'Collect')] [string] $Step = 'All',
    [string] $OutputPath = (Join-Path $StatePath videos),
    [ValidateRange(0, 2147483)] [int] $TimeoutSec = $(if ($Step -eq 'Collect') { 60 } else { 3600 }),
    [ValidateSet('CometApi', 'Kling')] [string] $Gateway,
    [ValidateRange(1, 10000)] [int] $Shard = 1,
    [ValidateRange(1, 10000)] [int] $ShardCount = 1)

if ($Shard -gt $ShardCount) { throw "There is no shard $Shard of ${ShardCount}: shards count from 1." }

$hasRows = Test-Path -LiteralPath $JobsPath
if (-not $hasRows -and $Step -ne 'Collect') { throw "There is no file of jobs at $JobsPath." }

# One job's failure does not stop the others, whatever the build system has set.
$ErrorActionPreference = 'Continue'
$ProgressPreference = 'SilentlyContinue'
$env:PSModulePath = (Join-Path $PSScriptRoot modules) + [IO.Path]::PathSeparator + $env:PSModulePath
Import-Module KlingEffects -ErrorAction Stop

# A log's dates are Gregorian and of the same form on every machine, whatever calendar its user has. What others have
# named or said stays on its line, and is no command to Azure Pipelines or GitHub, which look for theirs within lines too.
function Format-Line([string] $Text) {
    $now = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [cultureinfo]::InvariantCulture)
    "$now $($Text -replace '\p{Cc}+', ' ' -replace '##(?=\[|vso\[)', '# #')"
}

function ConvertTo-Escaped([string] $Text, [Collections.IDictionary] $Code) {
    foreach ($character in $Code.Keys) { $Text = $Text.Replace($character, $Code[$character]) }
    $Text
}

# What a build system shows beside its log.
function Format-Finding([string] $Level, [string] $Title, [string] $Message) {
    if ($env:GITHUB_ACTIONS) {
        $data = [ordered] @{ '%' = '%25'; "`r" = '%0D'; "`n" = '%0A' }
        $property = $data + [ordered] @{ ':' = '%3A'; ',' = '%2C' }
        "::$Level title=$(ConvertTo-Escaped $Title $property)::$(ConvertTo-Escaped $Message $data)"
    } elseif ($env:TF_BUILD) {
        $data = [ordered] @{ '%' = '%AZP25'; "`r" = '%0D'; "`n" = '%0A' }
        $property = $data + [ordered] @{ ';' = '%3B'; ']' = '%5D' }
        "##vso[task.logissue type=$Level;code=$(ConvertTo-Escaped $Title $property)]$(ConvertTo-Escaped $Message $data)"
    } elseif ($env:GITLAB_CI) {
        Format-Line "$($Level.ToUpperInvariant()): ${Title}: $Message"
    }
}

function Format-Section([string] $Mark, [string] $Name, [string] $Header) {
    if ($env:GITLAB_CI) { "`e[0Ksection_${Mark}:$([DateTimeOffset]::UtcNow.ToUnixTimeSeconds()):$Name`r`e[0K$Header" }
}

# The jobs of this shard, each under its name.
$rows = [Collections.Specialized.OrderedDictionary]::new([StringComparer]::Ordinal)
if ($hasRows) {
    $all = @(Import-Csv -Path $JobsPath -ErrorAction Stop)
    $withoutName = @($all | Where-Object { -not "$($_.ExternalTaskId)".Trim() })
    if ($withoutName) { throw "Each row of $JobsPath needs an ExternalTaskId, which names its video; $($withoutName.Count) have none." }

    $sha = [Security.Cryptography.SHA256]::Create()
    $ours = @($all | Where-Object {
            $digest = $sha.ComputeHash([Text.Encoding]::UTF8.GetBytes($_.ExternalTaskId))
            [BitConverter]::ToUInt32($digest, 0) % $ShardCount -eq $Shard - 1
        })
    foreach ($row in $ours) {
        if ($Gateway -and -not $row.Gateway) { Add-Member -InputObject $row -NotePropertyName Gateway -NotePropertyValue $Gateway -Force }
        $rows[$row.ExternalTaskId.Trim()] = $row
    }
}

$journal = Join-Path $StatePath "jobs-$Shard-of-$ShardCount.journal"
function Get-OwnJob {
    if (Test-Path -LiteralPath $journal) { Get-KlingJob -JournalPath $journal | Where-Object { -not $hasRows -or $rows.Contains("$($_.ExternalTaskId)") } }
}

$failures = [Collections.Generic.Dictionary[string, object]]::new([StringComparer]::Ordinal)
$others = [Collections.Generic.List[object]]::new()
$warnings = [Collections.Generic.List[string]]::new()
$waiting = @{ TimeoutSec = $TimeoutSec; Verbose = $true }
$saving = @{ Destination = $OutputPath; Name = '{ExternalTaskId}'; Verbose = $true }

Format-Section start kling_videos "Kling effects: $Step"
. {
    switch ($Step) {
        All { $ours | New-KlingEffect -JournalPath $journal -Verbose | Wait-KlingTask @waiting | Save-KlingVideo @saving }
        Submit { $ours | New-KlingEffect -JournalPath $journal -Verbose | Out-Null }
        Collect {
            if (-not (Test-Path -LiteralPath $journal)) { Write-Warning "There is no journal ${journal}: nothing was submitted, or the folder was not kept." }
            Get-OwnJob | Where-Object TaskId | Wait-KlingTask @waiting | Save-KlingVideo @saving
        }
    }
} *>&1 | ForEach-Object {
    $text = switch ($_) {
        { $_ -is [Management.Automation.ErrorRecord] } {
            $id = $_.FullyQualifiedErrorId -replace ',.*'
            if ($Step -eq 'Collect' -and $id -eq 'KlingWaitTimeout') { "WAITING $_"; continue }
            $job = [string] $_.Exception.ExternalTaskId
            if (-not $job) { $others.Add($_) } elseif (-not $failures.ContainsKey($job)) { $failures[$job] = $_ }
            "ERROR ${id}: $_"
        }
        { $_ -is [Management.Automation.WarningRecord] } { $warnings.Add("$_"); "WARNING $_" }
        { $_ -is [IO.FileInfo] } { continue }
        default { "$_" }
    }
    if ($text) { Format-Line $text }
}
Format-Section end kling_videos

# What the journal tells of each job, and what this run has met with where the journal does not tell it.
$known = [Collections.Specialized.OrderedDictionary]::new([StringComparer]::Ordinal)
foreach ($job in Get-OwnJob) { $known["$($job.ExternalTaskId)"] = $job }
$missing = 0
$jobs = @(foreach ($name in $(if ($hasRows) { $rows.Keys } else { $known.Keys })) {
        $job = $known[$name]
        $why = $failures[$name]
        if (-not $job -and -not $why) { $why = $others | Select-Object -First 1 }
        if (-not $job -and ($Step -eq 'Collect' -or -not $why)) { $missing++; continue }
        if (-not $why -or $job.State -eq 'Failed') { $job; continue }

        $told = if ($job) { Select-Object -InputObject $job -Property * } else {
            $images = @(@($rows[$name].Image, $rows[$name].SecondImage) | Where-Object { $_ })
            [pscustomobject] @{ ExternalTaskId = $name; Scene = $rows[$name].Scene; Images = $images; State = 'Refused'; TaskId = $null; ErrorId = ''; Code = ''; Message = '' }
        }
        if ($told.State -eq 'Saved') { $told.State = 'Succeeded' }
        $told.ErrorId = $why.FullyQualifiedErrorId -replace ',.*'
        $told.Code = $why.Exception.Code
        $told.Message = "$why"
        $told
    })
foreach ($name in @($failures.Keys)) { if (-not $known.Contains($name) -and -not $rows.Contains($name)) { $others.Add($failures[$name]) } }

$suffix = if ($ShardCount -gt 1) { "-$Shard-of-$ShardCount" }
$forms = [ordered] @{ results = 'xml'; report = 'html'; summary = 'md' }
$files = [ordered] @{}
try {
    $null = New-Item -Path $StatePath -ItemType Directory -Force -ErrorAction Stop
    foreach ($name in $forms.Keys) {
        $files[$name] = ($jobs | Export-KlingReport -Path (Join-Path $StatePath "$name$suffix.$($forms[$name])") -ErrorAction Stop).FullName
    }
} catch {
    $others.Add($_)
    Format-Line "ERROR $($_.FullyQualifiedErrorId -replace ',.*'): $_"
}

$bad = @($jobs | Where-Object { $_.ErrorId -or $_.State -in 'Failed', 'Refused', 'Uncertain' })
foreach ($text in $warnings) { Format-Finding warning Warning $text }
foreach ($record in $others) { Format-Finding error ($record.FullyQualifiedErrorId -replace ',.*') "$record" }
foreach ($job in $bad) { Format-Finding error "$(if ($job.ErrorId) { $job.ErrorId } else { $job.State })" "$($job.ExternalTaskId): $($job.Message)" }

$open = 'Submitting', 'Running'
$counts = [ordered] @{
    jobs      = $jobs.Count
    submitted = @($jobs | Where-Object TaskId).Count
    saved     = @($jobs | Where-Object State -EQ Saved).Count
    failed    = @($bad | Where-Object { $_.State -notin $open -and $_.State -ne 'Uncertain' }).Count
    uncertain = @($jobs | Where-Object State -EQ Uncertain).Count
    waiting   = @($jobs | Where-Object { $_.State -in $open -or ($_.State -eq 'Succeeded' -and -not $_.ErrorId) }).Count
}
if ($env:GITHUB_STEP_SUMMARY -and $files.summary) { [IO.File]::AppendAllText($env:GITHUB_STEP_SUMMARY, [IO.File]::ReadAllText($files.summary) + "`n") }
if ($env:GITHUB_OUTPUT) { [IO.File]::AppendAllLines($env:GITHUB_OUTPUT, [string[]] @(($counts, $files).ForEach{ foreach ($name in $_.Keys) { "$name=$($_[$name])" } })) }
if ($env:TF_BUILD -and $files.summary) { "##vso[task.uploadsummary]$($files.summary)" }

if ($missing) { Format-Line "not submitted yet: $missing" }
Format-Line (@($counts.Keys | ForEach-Object { "${_}: $($counts[$_])" }) -join ', ')
Format-Line "done, problems: $($bad.Count + $others.Count)"
exit [int] ($bad.Count + $others.Count -gt 0)
