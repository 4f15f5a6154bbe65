using System.Collections;
using System.Management.Automation;
using System.Text.Json;
using KlingEffects.Rows;

namespace KlingEffects.Binding;

/// <summary>Rows and cells of PowerShell as the client reads them.</summary>
internal static class RowValue
{
    /// <summary>Reads a parameter's cell.</summary>
    /// <exception cref="ArgumentTransformationMetadataException">What the reader refuses.</exception>
    public static object? Read(object? given, Func<object?, object?> read)
    {
        try
        {
            return read(Plain(given));
        }
        catch (KlingException refused)
        {
            throw Unfit.Value($"{refused.Message}");
        }
    }

    /// <summary>An object of the pipeline as a row; null for one that is none.</summary>
    /// <param name="given">A hashtable, or what Import-Csv or ConvertFrom-Json give.</param>
    /// <param name="number">Its place in the input, from 1.</param>
    public static SourceRow? ToRow(object? given, int number)
    {
        IEnumerable<KeyValuePair<string, object?>>? cells = PipelineValue.Unwrap(given) switch
        {
            IDictionary table => table.Keys.Cast<object>().Select(key => new KeyValuePair<string, object?>(FormattableString.Invariant($"{key}"), Plain(table[key]))),
            PSObject row => row.Properties.Select(static cell => new KeyValuePair<string, object?>(cell.Name, Plain(cell.Value))),
            _ => null,
        };
        return cells is null ? null : new SourceRow(FormattableString.Invariant($"row {number}"), [.. cells]);
    }

    private static object? Plain(object? given) => PipelineValue.Unwrap(given) switch
    {
        string text => text,
        IDictionary or PSObject => JsonElementOf(given!),
        FileInfo file => file.FullName,
        IList list => list.Cast<object?>().Select(Plain).ToList(),
        var other => other,
    };

    private static JsonElement JsonElementOf(object table)
    {
        using JsonDocument document = JsonDocument.Parse(PlainJson.Of(table));
        return document.RootElement.Clone();
    }
}
