<#
.SYNOPSIS
Makes one video of two people, then a batch of videos from a CSV file.
.DESCRIPTION
Run it in the folder of the pictures and of jobs.csv, with your key in $env:COMETAPI_KEY. Run it again whenever you like:
what is in the journal is not submitted again, and what is in ./videos is not downloaded again.
.EXAMPLE
./quickstart.ps1 -Verbose
Shows each change of each task as it happens.
#>
[CmdletBinding()]
param()

# A job that fails does not stop the others, whatever the caller has set: all errors are collected for the exit code.
$ErrorActionPreference = 'Continue'
$failed = @()
$PSDefaultParameterValues = @{ '*:ErrorVariable' = '+failed' }

# Where the module is installed: Import-Module KlingEffects
Import-Module $PSScriptRoot/../../KlingEffects.psd1 -Verbose:$false -ErrorAction Stop

# At Kling's own API, with $env:KLING_API_KEY: New-KlingEffect hug_pro -Image ./ana.png, ./ben.png -Gateway Kling | …
New-KlingEffect hug_pro -Image ./ana.png, ./ben.png -JournalPath ./jobs.journal |
    Wait-KlingTask |
    Save-KlingVideo ./videos

# The batch has its journal and its report here, and goes on with the same journal.
Invoke-KlingBatch ./jobs.csv -StatePath . -Destination ./videos | Format-Table ExternalTaskId, Scene, State, Message

exit [int]($failed.Count -gt 0)
