using System.Text.Json;

namespace KlingEffects.Binding;

/// <summary>Unwraps values of the pipeline, and converts them for the client's readers.</summary>
internal static class PipelineValue
{
    /// <summary>The object itself; a row, which has none, stays a <see cref="PSObject"/>.</summary>
    public static object? Unwrap(object? value) =>
        value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    /// <summary>The members of a hashtable, or of a row from Import-Csv or ConvertFrom-Json; or null.</summary>
    public static IEnumerable<KeyValuePair<string, object?>>? Members(object? value) => Unwrap(value) switch
    {
        IDictionary table => table.Keys.Cast<object>()
            .Select(key => new KeyValuePair<string, object?>(FormattableString.Invariant($"{key}"), table[key])),
        PSObject row => row.Properties.Select(static property => new KeyValuePair<string, object?>(property.Name, property.Value)),
        _ => null,
    };

    public static object? First(object row, string[] names) =>
        names.Select(name => PSObject.AsPSObject(row).Properties[name]?.Value).FirstOrDefault(static found => found is not null);

    /// <summary>The object as a row with this number, from 1: a hashtable, or whatever has properties; else null.</summary>
    public static SourceRow? ToRow(object? given, int number)
    {
        IEnumerable<KeyValuePair<string, Func<object?>>>? cells = Unwrap(given) switch
        {
            null => [],
            IDictionary table => table.Keys.Cast<object>()
                .Select(key => new KeyValuePair<string, Func<object?>>(FormattableString.Invariant($"{key}"), () => Plain(table[key]))),
            string or ValueType or IEnumerable => null,
            var row => PSObject.AsPSObject(row is PSObject ? row : given).Properties
                .Select(static property => new KeyValuePair<string, Func<object?>>(property.Name, () => Plain(property.Value))),
        };
        return cells is null ? null : SourceRow.Read(FormattableString.Invariant($"row {number}"), cells);
    }

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

    public static ArgumentTransformationMetadataException Unfit(SafeText what) => new(what.ToString());

    /// <summary>The value for the client's readers: tables and rows as JSON, files as paths.</summary>
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
