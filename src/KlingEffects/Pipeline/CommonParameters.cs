namespace KlingEffects.Pipeline;

/// <summary>What the caller gave of the parameters that PowerShell adds to every cmdlet, and of the preferences behind them.</summary>
internal static class CommonParameters
{
    /// <summary>Whether a switch was given as true or as false; null where it was not given.</summary>
    public static bool? Asked(this PSCmdlet cmdlet, string name) =>
        cmdlet.MyInvocation.BoundParameters.TryGetValue(name, out object? asked) && asked is SwitchParameter wish ? wish.IsPresent : null;

    /// <summary>Whether a preference variable shows its stream.</summary>
    public static bool Shows(this PSCmdlet cmdlet, string variable) =>
        LanguagePrimitives.TryConvertTo(cmdlet.GetVariableValue(variable), out ActionPreference preference)
        && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    /// <summary>What is done with a stream's records: as the caller asked, or as the preference variable has it.</summary>
    /// <param name="cmdlet">The command.</param>
    /// <param name="stream">Error, Warning, Verbose, Debug, Information or Progress.</param>
    public static ActionPreference ActionOf(this PSCmdlet cmdlet, string stream) => LanguagePrimitives.TryConvertTo(
        cmdlet.MyInvocation.BoundParameters.TryGetValue(stream + "Action", out object? asked) ? asked
            : cmdlet.GetVariableValue(stream + (stream == "Error" ? "ActionPreference" : "Preference")),
        out ActionPreference action) ? action : ActionPreference.Continue;

    public static bool IsWhatIf(this PSCmdlet cmdlet) =>
        cmdlet.Asked("WhatIf") ?? LanguagePrimitives.IsTrue(cmdlet.GetVariableValue("WhatIfPreference"));

    /// <summary>Whether a record of the stream neither ends the command nor asks. 6 is Break, which PowerShell 7 has.</summary>
    public static bool GoesOn(this PSCmdlet cmdlet, string stream) =>
        cmdlet.ActionOf(stream) is not (ActionPreference.Stop or ActionPreference.Inquire or ActionPreference.Suspend or (ActionPreference)6);
}
