#Requires -Version 5.1

# Processes, in what both .NET and .NET Framework offer.

function New-ProcessStart {
    <#
    .SYNOPSIS
    How to start a program whose output and errors the test reads.
    #>
    [CmdletBinding()]
    [OutputType([Diagnostics.ProcessStartInfo])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It starts nothing')]
    param([Parameter(Mandatory)] [string[]] $Command)

    $start = New-Object Diagnostics.ProcessStartInfo $Command[0]
    # A quotation mark and the backslashes before it, or before the end, are escaped by backslashes.
    $quoted = $Command | Select-Object -Skip 1 | ForEach-Object { '"' + ($_ -replace '(\\*)"', '$1$1\"' -replace '(\\+)$', '$1$1') + '"' }
    $start.Arguments = $quoted -join ' '
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start
}

function Stop-ProcessTree {
    <#
    .SYNOPSIS
    Ends a process and all that it has started.
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'A test fixture')]
    param([Parameter(Mandatory)] [Diagnostics.Process] $Process)

    if ($PSEdition -eq 'Desktop') { $null = taskkill /T /F /PID $Process.Id 2>&1 } else { $Process.PSObject.Methods['Kill'].Invoke($true) }
}
