#Requires -Version 5.1

# Shells of their own, for what a prompt, an exit code or a fresh process shows.

function Get-PlainText {
    <#
    .SYNOPSIS
    What a user would read of the objects, without colours.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(ValueFromPipeline)] [object] $InputObject)

    end { ($input | Out-String -Width 4000) -replace '\x1b\[[0-9;]*m' }
}

function Get-ProcessStart {
    <#
    .SYNOPSIS
    How to start a program that can be interrupted: its streams are read by the test, and it has no colours.
    #>
    [CmdletBinding()]
    [OutputType([Diagnostics.ProcessStartInfo])]
    param([Parameter(Mandatory)] [string[]] $Command, [string] $WorkingDirectory = $PWD.ProviderPath)

    # What runs in the background of a shell script ignores interrupts, and hands that down to what it starts.
    if ($IsLinux -and [IO.File]::ReadAllText('/proc/self/status') -match '(?m)^SigIgn:.*[2367abef]$') {
        $Command = @('env', '--default-signal=INT') + $Command
    }

    $start = New-ProcessStart $Command
    $start.WorkingDirectory = $WorkingDirectory
    $start.Environment['NO_COLOR'] = '1'
    # The tests may themselves be run by a build system, to which what they start is not to speak.
    foreach ($name in @($start.Environment.Keys) -match '^(GITHUB_|GITLAB_CI$|TF_BUILD$)') { $null = $start.Environment.Remove($name) }
    $start
}

function Get-ShellCommand {
    <#
    .SYNOPSIS
    What starts a PowerShell like this one: itself, or dotnet and its assembly.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $program = (Get-Process -Id $PID).Path
    $program
    if ([IO.Path]::GetFileNameWithoutExtension($program) -eq 'dotnet') { [Environment]::GetCommandLineArgs()[0] }
}

function New-ShellFolder {
    <#
    .SYNOPSIS
    Makes a folder in which a PowerShell like this one is called pwsh, for a PATH, and gives its path.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'A test fixture')]
    param([Parameter(Mandatory, Position = 0)] [string] $Path)

    $folder = (New-Item $Path -ItemType Directory -Force).FullName
    $command = (Get-ShellCommand | ForEach-Object { "`"$_`"" }) -join ' '
    [IO.File]::WriteAllText("$folder/pwsh", "#!/bin/sh`nexec $command `"`$@`"`n")
    if ($IsWindows) { [IO.File]::WriteAllText("$folder/pwsh.cmd", "@$command %*`r`n") } else { & chmod +x $folder/pwsh }

    $folder
}

function Start-Shell {
    <#
    .SYNOPSIS
    A pwsh of its own, at a prompt, that has the module. It reads its commands from StandardInput.
    #>
    [CmdletBinding()]
    [OutputType([Diagnostics.Process])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'A test fixture')]
    param(
        [string[]] $Argument = @('-Interactive'),
        [string] $WorkingDirectory = $PWD.ProviderPath)

    $start = Get-ProcessStart (@(Get-ShellCommand) + '-NoLogo' + '-NoProfile' + $Argument) $WorkingDirectory
    $start.RedirectStandardInput = $true
    $process = [Diagnostics.Process]::Start($start)
    $process.StandardInput.AutoFlush = $true
    $process
}

function Read-ShellLine {
    <#
    .SYNOPSIS
    Reads what a shell writes up to a line like this one, and gives all of it; throws when the line does not come in time.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory, Position = 0)] [Diagnostics.Process] $Shell,
        [Parameter(Mandatory, Position = 1)] [string] $Like,
        [double] $TimeoutSec = 60)

    $patience = [Diagnostics.Stopwatch]::StartNew()
    $seen = [Collections.Generic.List[string]]::new()
    do {
        $reading = $Shell.StandardOutput.ReadLineAsync()
        $left = [int] [Math]::Max(0, 1000 * $TimeoutSec - $patience.ElapsedMilliseconds)
        if (-not $reading.Wait($left) -or $null -eq $reading.Result) {
            throw "The line '$Like' did not come within $TimeoutSec s. Before: $($seen -join '; ')"
        }

        $seen.Add($reading.Result)
    } until ($reading.Result -like $Like)
    $seen
}

function Stop-Shell {
    <#
    .SYNOPSIS
    Ends a shell that a test has started.
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'A test fixture')]
    param([Parameter(Mandatory)] [AllowNull()] [Diagnostics.Process] $Shell)

    if ($Shell) {
        if (-not $Shell.HasExited) { Stop-ProcessTree $Shell }
        $Shell.Dispose()
    }
}

function Invoke-Shell {
    <#
    .SYNOPSIS
    Runs a script in a pwsh of its own that has the module, and gives its exit code, output and errors.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Script,
        [string] $WorkingDirectory = $PWD.ProviderPath,
        [int] $TimeoutSec = 90)

    $file = Join-Path ([IO.Path]::GetTempPath()) "kling-$([guid]::NewGuid()).ps1"
    [IO.File]::WriteAllText($file, "Import-Module '$($ModuleUnderTest -replace "'", "''")' -ErrorAction Stop`n$Script")
    $shell = Start-Shell -Argument '-NonInteractive', '-File', $file -WorkingDirectory $WorkingDirectory
    try {
        $shell.StandardInput.Close()
        $output = $shell.StandardOutput.ReadToEndAsync()
        $complaints = $shell.StandardError.ReadToEndAsync()
        if (-not $shell.WaitForExit(1000 * $TimeoutSec)) { throw "The script did not end within $TimeoutSec s: $Script" }

        [pscustomobject]@{ ExitCode = $shell.ExitCode; Output = $output.Result; Error = $complaints.Result }
    } finally {
        Stop-Shell $shell
        Remove-Item -LiteralPath $file
    }
}
