using System.Collections;
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
            throw PipelineValue.Unfit($"{refused.Message}");
        }
    }

    /// <summary>An object of the pipeline as a row; null for one that is none.</summary>
    /// <param name="given">A hashtable, or what Import-Csv or ConvertFrom-Json give.</param>
    /// <param name="number">Its place in the input, from 1.</param>
    public static SourceRow? ToRow(object? given, int number) =>
        PipelineValue.Members(given) is not { } members ? null : new SourceRow(
            FormattableString.Invariant($"row {number}"),
            [.. members.Select(static cell => new KeyValuePair<string, object?>(cell.Key, Plain(cell.Value)))]);

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
        using JsonDocument document = JsonDocument.Parse(PlainJson.Serialize(table));
        return document.RootElement.Clone();
    }
}
