namespace KlingEffects.Pipeline;

/// <summary>The one way onto PowerShell's streams and its screen, for texts that are fit for them, but for errors.</summary>
internal static class Streams
{
    /// <summary>Writes a verbose line, unless it is only -Debug that has PowerShell look at it, and ask after each.</summary>
    public static void WriteDetail(this PSCmdlet cmdlet, SafeText line)
    {
        if (cmdlet.Asked("Debug") != true || cmdlet.Asked("Verbose") is not null || cmdlet.Shows("VerbosePreference"))
        {
            cmdlet.WriteVerbose(line.ToString());
        }
    }

    public static void WriteRequest(this PSCmdlet cmdlet, SafeText line) => cmdlet.WriteDebug(line.ToString());

    public static void WriteCaution(this PSCmdlet cmdlet, SafeText line) => cmdlet.WriteWarning(line.ToString());

    /// <summary>Writes a warning that ends no command, whatever the caller has set.</summary>
    public static void WriteHarmlessCaution(this PSCmdlet cmdlet, SafeText line)
    {
        if (cmdlet.GoesOn("Warning"))
        {
            cmdlet.WriteCaution(line);
        }
        else
        {
            cmdlet.Host.UI.WriteWarningLine(line.ToString());
        }
    }

    /// <summary>Writes an error's message where a record of it would end the command.</summary>
    public static void WriteErrorLine(this PSCmdlet cmdlet, SafeText line) => cmdlet.Host.UI.WriteErrorLine(line.ToString());

    /// <summary>Writes a line of a build's log, as Write-Host does where the caller lets it.</summary>
    public static void WriteLogLine(this PSCmdlet cmdlet, SafeText line)
    {
        if (cmdlet.GoesOn("Information") && cmdlet.ActionOf("Information") != ActionPreference.Ignore)
        {
            cmdlet.WriteInformation(new HostInformationMessage { Message = line.ToString() }, ["PSHOST"]);
        }
        else
        {
            cmdlet.WriteLastWords(line);
        }
    }

    /// <summary>Writes to the screen what must be seen although the pipeline has ended.</summary>
    public static void WriteLastWords(this PSCmdlet cmdlet, SafeText line) => cmdlet.Host.UI.WriteLine(line.ToString());

    /// <summary>Writes to the process's own output, where no host answers any more.</summary>
    public static void WriteLastWords(SafeText line) => Console.Out.WriteLine(line.ToString());

    public static bool Asks(this PSCmdlet cmdlet, SafeText target, SafeText action) =>
        cmdlet.ShouldProcess(target.ToString(), action.ToString());

    public static bool Asks(this PSCmdlet cmdlet, SafeText description, SafeText question, SafeText caption) =>
        cmdlet.ShouldProcess(description.ToString(), question.ToString(), caption.ToString());

    public static ProgressRecord Progress(int id, SafeText activity, SafeText status) => new(id, activity.ToString(), status.ToString());
}
