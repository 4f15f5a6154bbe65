using System.Text.Json;

namespace KlingEffects.Binding;

/// <summary>What the pipeline or a user gives, whether PowerShell has wrapped it or not, and as the client takes rows and cells.</summary>
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

    /// <summary>The first of these properties that the object has, or null.</summary>
    public static object? First(object row, string[] names) =>
        names.Select(name => PSObject.AsPSObject(row).Properties[name]?.Value).FirstOrDefault(static found => found is not null);

    /// <summary>An object of the pipeline as the row of this number, from 1; null for one that is none.</summary>
    public static SourceRow? ToRow(object? given, int number) => Members(given) is not { } members ? null : new SourceRow(
        FormattableString.Invariant($"row {number}"),
        [.. members.Select(static cell => new KeyValuePair<string, object?>(cell.Key, Plain(cell.Value)))]);

    /// <summary>Reads a parameter as the client's reader does a cell.</summary>
    public static object? ReadCell(object? given, Func<object?, object?> read)
    {
        try
        {
            return read(Plain(given));
        }
        catch (KlingException refused)
        {
            throw Unfit($"{refused.Message}");
        }
    }

    /// <summary>What the binder is told of a value that fits no parameter.</summary>
    public static ArgumentTransformationMetadataException Unfit(SafeText what) => new(what.ToString());

    /// <summary>A value as the client's readers know it: tables and rows are JSON, files their paths.</summary>
    public static object? Plain(object? given)
    {
        switch (Unwrap(given))
        {
            case IDictionary or PSObject:
                using (JsonDocument document = JsonDocument.Parse(PlainJson.Serialize(given!)))
                {
                    return document.RootElement.Clone();
                }

            case FileInfo file:
                return file.FullName;
            case IList list:
                return list.Cast<object?>().Select(Plain).ToList();
            case var other:
                return other;
        }
    }
}
