namespace KlingEffects.Pipeline;

/// <summary>PowerShell's streams and host, except for error records, by the caller's preferences.</summary>
internal static class Streams
{
    public static bool IsGiven(this PSCmdlet cmdlet, string parameter) => cmdlet.MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Whether a switch was given as true or false; null if not given.</summary>
    public static bool? Asked(this PSCmdlet cmdlet, string name) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out object? asked) && asked is SwitchParameter wish ? wish.IsPresent : null;

    public static bool Shows(this PSCmdlet cmdlet, string stream) =>
        cmdlet.ActionOf(stream) is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    public static bool IsWhatIf(this PSCmdlet cmdlet) =>
        cmdlet.Asked("WhatIf") ?? LanguagePrimitives.IsTrue(cmdlet.GetVariableValue("WhatIfPreference"));

    /// <summary>Whether a record of the stream neither ends the command nor asks. 6 is PowerShell 7's Break.</summary>
    public static bool GoesOn(this PSCmdlet cmdlet, string stream) =>
        cmdlet.ActionOf(stream)
            is not (ActionPreference.Stop or ActionPreference.Inquire or ActionPreference.Suspend or (ActionPreference)6);

    /// <summary>Writes a verbose line, unless only -Debug would show it, and ask after each.</summary>
    public static void WriteDetail(this PSCmdlet cmdlet, SafeText line)
    {
        if (cmdlet.Asked("Debug") != true || cmdlet.Asked("Verbose") is not null || cmdlet.Shows("Verbose"))
        {
            cmdlet.WriteVerbose(line.ToString());
        }
    }

    /// <summary>Writes a debug line that never ends the command.</summary>
    public static void WriteRequest(this PSCmdlet cmdlet, SafeText line)
    {
        Action<string> write = cmdlet.Asked("Debug") == true || cmdlet.GoesOn("Debug") ? cmdlet.WriteDebug : cmdlet.Host.UI.WriteDebugLine;
        write(line.ToString());
    }

    public static void WriteCaution(this PSCmdlet cmdlet, SafeText line) => cmdlet.WriteWarning(line.ToString());

    /// <summary>Writes a warning that never ends the command.</summary>
    public static void WriteHarmlessCaution(this PSCmdlet cmdlet, SafeText line)
    {
        Action<string> write = cmdlet.GoesOn("Warning") ? cmdlet.WriteWarning : cmdlet.Host.UI.WriteWarningLine;
        write(line.ToString());
    }

    public static void WriteErrorLine(this PSCmdlet cmdlet, SafeText line) => cmdlet.Host.UI.WriteErrorLine(line.ToString());

    /// <summary>Writes a line of a build's log as Write-Host does.</summary>
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

    /// <summary>Writes to the host after the pipeline has ended.</summary>
    public static void WriteLastWords(this PSCmdlet cmdlet, SafeText line) => cmdlet.Host.UI.WriteLine(line.ToString());

    /// <summary>Writes to the process's own output, because no host may answer.</summary>
    public static void WriteLastWords(SafeText line) => Console.Out.WriteLine(line.ToString());

    public static bool Asks(this PSCmdlet cmdlet, SafeText target, SafeText action) =>
        cmdlet.ShouldProcess(target.ToString(), action.ToString());

    public static bool Asks(this PSCmdlet cmdlet, SafeText description, SafeText question, SafeText caption) =>
        cmdlet.ShouldProcess(description.ToString(), question.ToString(), caption.ToString());

    public static ProgressRecord Progress(int id, SafeText activity, SafeText status) => new(id, activity.ToString(), status.ToString());

    public static ProgressRecord ProgressDone(int id, SafeText activity) =>
        new(id, activity.ToString(), "Done") { RecordType = ProgressRecordType.Completed };

    private static ActionPreference ActionOf(this PSCmdlet cmdlet, string stream) => LanguagePrimitives.TryConvertTo(
        cmdlet.MyInvocation.BoundParameters.TryGetValue(stream + "Action", out object? asked) ? asked
            : cmdlet.GetVariableValue(stream + (stream == "Error" ? "ActionPreference" : "Preference")),
        out ActionPreference action) ? action : ActionPreference.Continue;
}
