using System.Management.Automation;

namespace KlingEffects.Binding;

/// <summary>Looks at what the pipeline or a user gives, whether PowerShell has wrapped it or not.</summary>
internal static class PipelineValue
{
    /// <summary>The object itself; a row, which is nothing but its wrapping, stays a <see cref="PSObject"/>.</summary>
    public static object? Unwrap(object? value) =>
        value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    /// <summary>The first of these properties that the row has.</summary>
    public static bool First(PSObject row, string[] names, out object? value)
    {
        PSPropertyInfo? property = names.Select(name => row.Properties[name]).FirstOrDefault(static found => found?.Value is not null);
        value = property?.Value;
        return property is not null;
    }
}
