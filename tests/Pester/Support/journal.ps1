#Requires -Version 5.1

# Jobs on the journal at $journal; $failures are the errors of the last.

function Submit-Job([string[]] $Name, [hashtable] $Option = @{}) {
    $Name | ForEach-Object { "https://images.example/$_.jpg" } |
        New-KlingEffect 3d_cartoon_2 -JournalPath $journal @Option -ErrorAction SilentlyContinue -ErrorVariable script:failures
}

function Get-JournalLine { Get-Content -LiteralPath $journal | Select-Object -Skip 1 | ConvertFrom-Json }

function Start-Submit {
    $script = "Import-Module '$ModuleUnderTest'; New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -JournalPath '$journal'"
    Start-Shell -Argument '-NonInteractive', '-Command', $script
}

# The same submit in another pipeline of this process.
function Start-Thread {
    $shell = [powershell]::Create()
    $null = $shell.AddScript('param($Module, $Journal) Import-Module $Module; New-KlingEffect 3d_cartoon_2 https://images.example/a.jpg -JournalPath $Journal')
    $null = $shell.AddArgument($ModuleUnderTest).AddArgument($journal)
    @{ Shell = $shell; Run = $shell.BeginInvoke() }
}

function Wait-Thread([hashtable] $Thread) {
    $Thread.Shell.EndInvoke($Thread.Run)
    $Thread.Shell.Dispose()
}

# Its locks are gone once it has ended.
function Remove-Shell($Shell) {
    Stop-ProcessTree $Shell
    $Shell.WaitForExit()
    Stop-Shell $Shell
}

function Assert-Doubt($Record) {
    $Record | Should -HaveCount 1
    $Record.FullyQualifiedErrorId | Should -BeLike 'KlingSubmitUncertain,*'
    $Record.CategoryInfo.Category | Should -Be ConnectionError
    $Record.Exception.Message | Should -Match '3d_cartoon_2 \(https://images\.example/\w+\.jpg\) with the external id \S+'
    $Record.ErrorDetails.RecommendedAction | Should -BeLike '*provider''s task list*-RetryUncertain*'
}
