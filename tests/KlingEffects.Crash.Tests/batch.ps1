# The batch that is killed and run again: what a user's script looks like, with a report of what was left open.
param([string] $Module, [string] $Folder, [string] $Retry)

Import-Module $Module
Set-Location $Folder
$retries = @{ RetryFailed = $Retry -match 'Failed'; RetryUncertain = $Retry -match 'Uncertain' }
Import-Csv jobs.csv |
    New-KlingEffect -JournalPath jobs.journal @retries -TimeoutSec 120 -ErrorAction SilentlyContinue -ErrorVariable +failures |
    Wait-KlingTask -ErrorAction SilentlyContinue -ErrorVariable +failures |
    Save-KlingVideo out -ErrorAction SilentlyContinue -ErrorVariable +failures |
    Out-Null
$report = @($failures).Where{ $_ -is [System.Management.Automation.ErrorRecord] }.ForEach{
    "$($_.FullyQualifiedErrorId -replace ',.*')`t$($_.TargetObject)`t$($_.Exception.Message)"
}
# Not from the pipeline, which makes no file where nothing was left open.
Set-Content report.tsv -Value @($report)
