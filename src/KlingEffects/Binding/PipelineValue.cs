using System.Collections;

namespace KlingEffects.Binding;

/// <summary>Looks at what the pipeline or a user gives, whether PowerShell has wrapped it or not.</summary>
internal static class PipelineValue
{
    /// <summary>The object itself; a row, which is nothing but its wrapping, stays a <see cref="PSObject"/>.</summary>
    public static object? Unwrap(object? value) =>
        value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    /// <summary>The members of a hashtable, or of a row as Import-Csv and ConvertFrom-Json make it; null where it is neither.</summary>
    public static IEnumerable<KeyValuePair<string, object?>>? Members(object? value) => Unwrap(value) switch
    {
        IDictionary table => table.Keys.Cast<object>()
            .Select(key => new KeyValuePair<string, object?>(FormattableString.Invariant($"{key}"), table[key])),
        PSObject row => row.Properties.Select(static property => new KeyValuePair<string, object?>(property.Name, property.Value)),
        _ => null,
    };

    /// <summary>The first of these properties that the row has.</summary>
    public static bool First(PSObject row, string[] names, out object? value)
    {
        PSPropertyInfo? property = names.Select(name => row.Properties[name]).FirstOrDefault(static found => found?.Value is not null);
        value = property?.Value;
        return property is not null;
    }

    /// <summary>What the binder is told of a value that fits no parameter.</summary>
    public static ArgumentTransformationMetadataException Unfit(SafeText what) => new(what.ToString());
}
