#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# A wrong call says which parameter is missing, without a key and without a request.

BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'A call without what it needs' {
    It 'names <Missing>: <Call>' -ForEach @(
        @{ Call = 'Get-KlingTask'; Missing = '-TaskId', '-ExternalTaskId', '-JournalPath' }
        @{ Call = 'Get-KlingTask -Kind image2video'; Missing = '-TaskId', '-ExternalTaskId', '-JournalPath' }
        @{ Call = 'Get-KlingTask -ApiKey k -ThrottleLimit 2'; Missing = '-TaskId', '-ExternalTaskId', '-JournalPath' }
        @{ Call = 'Get-KlingTask -TaskId'; Missing = 'TaskId' }
        @{ Call = 'Get-KlingTask -ExternalTaskId'; Missing = 'ExternalTaskId' }
        @{ Call = 'Get-KlingTask -JournalPath'; Missing = 'JournalPath' }
        @{ Call = 'Wait-KlingTask'; Missing = 'TaskId' }
        @{ Call = 'Wait-KlingTask -TimeoutSec 5'; Missing = 'TaskId' }
        @{ Call = 'Wait-KlingTask -ExternalTaskId order-1'; Missing = 'TaskId' }
        @{ Call = 'Save-KlingVideo'; Missing = 'TaskId' }
        @{ Call = 'Save-KlingVideo ./out -Force'; Missing = 'TaskId' }
        @{ Call = 'New-KlingEffect'; Missing = 'Scene', 'Image' }
        @{ Call = 'New-KlingEffect hug_pro'; Missing = 'Image' }
        @{ Call = 'New-KlingEffect hug_pro -SecondImage ./b.jpg'; Missing = 'Image' }
        @{ Call = 'New-KlingEffect -Image ./a.jpg'; Missing = 'Scene' }
        @{ Call = 'Export-KlingReport'; Missing = 'Path' }
        @{ Call = 'Export-KlingReport ./report.html'; Missing = 'InputObject' }
        @{ Call = 'Get-KlingScene -Name'; Missing = 'Name' }
    ) {
        # A shell that asks nobody: one that does would prompt for the parameter by its name.
        $shell = [powershell]::Create().AddScript("Remove-Item Env:COMETAPI_KEY -ErrorAction Ignore; Import-Module '$ModuleUnderTest'; $Call")
        try {
            $null = $shell.Invoke()
            $record = $shell.Streams.Error | Select-Object -Last 1
            $record | Should -Not -BeNullOrEmpty
            $text = "$($record.Exception.Message) $($record.ErrorDetails.RecommendedAction)"
            foreach ($name in $Missing) { $text | Should -Match "$name\b" -Because $text }
            $record.FullyQualifiedErrorId | Should -Not -Match 'AmbiguousParameterSet'
        } finally {
            $shell.Dispose()
        }
    }
}

Describe 'Get-KlingTask' {
    It 'passes over a pipeline without tasks' {
        @() | Get-KlingTask -ApiKey none -ErrorAction Stop | Should -BeNullOrEmpty
    }
}
