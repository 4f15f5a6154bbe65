using System.Management.Automation;

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
    public static ActionPreference ActionOf(this PSCmdlet cmdlet, string parameter, string variable) =>
        LanguagePrimitives.TryConvertTo(
            cmdlet.MyInvocation.BoundParameters.TryGetValue(parameter, out object? asked) ? asked : cmdlet.GetVariableValue(variable),
            out ActionPreference action) ? action : ActionPreference.Continue;
}
