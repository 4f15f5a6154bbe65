using System.Collections;
using System.Text.Json;

namespace KlingEffects.Rows;

/// <summary>The jobs of a batch's rows, checked as a whole before any of them is sent.</summary>
internal sealed class RowSet
{
    private readonly string? _source;
    private readonly Func<string, string> _resolvePath;
    private readonly JobFields _defaults;
    private readonly List<SafeText> _warnings = [];

    /// <param name="source">The file, or null.</param>
    /// <param name="resolvePath">Makes a full path of what a row calls one.</param>
    /// <param name="defaults">What holds for rows that do not say it.</param>
    public RowSet(string? source, Func<string, string> resolvePath, JobFields defaults)
    {
        _source = source;
        _resolvePath = resolvePath;
        _defaults = defaults;
    }

    /// <summary>What the user should know although the rows are a batch.</summary>
    public IReadOnlyList<SafeText> Warnings => _warnings;

    /// <exception cref="KlingException">RowsInvalid: no rows, a column that is missing or there twice, or two rows of one id that differ.</exception>
    public IReadOnlyList<BatchRow> Read(IEnumerable<SourceRow> source)
    {
        List<SourceRow> given = [.. source.Where(static row => !row.IsBlank)];
        if (given.Count == 0)
        {
            throw RowsFault.Create(_source, "there are no rows.", "Give a row for each job.");
        }

        CheckColumns(given);
        Dictionary<string, (BatchRow Row, string Words)> known = new(StringComparer.Ordinal);
        List<BatchRow> rows = [];
        foreach (SourceRow row in given)
        {
            BatchRow read = Read(row, rows.Count + 1);
            if (read.ExternalTaskId is not { } id)
            {
                rows.Add(read);
            }
            else if (!known.TryGetValue(id, out (BatchRow Row, string Words) first))
            {
                known.Add(id, (read, Words(row)));
                rows.Add(read);
            }
            else if (first.Words == Words(row))
            {
                _warnings.Add($"{first.Row.Place} and {read.Place} are one job: they are equal, under the external id {id}.");
            }
            else
            {
                throw RowsFault.Create(
                    _source,
                    $"{first.Row.Place} and {read.Place} have the external id {id} both, and differ.",
                    "Give each job an ExternalTaskId of its own.");
            }
        }

        return rows;
    }

    private void CheckColumns(List<SourceRow> rows)
    {
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (SourceRow row in rows)
        {
            HashSet<string> own = new(StringComparer.OrdinalIgnoreCase);
            foreach (string header in row.Cells.Select(static cell => cell.Key).Where(static header => PastedText.Trim(header).Length > 0))
            {
                string name = RowColumn.Find(header) ?? PastedText.Trim(header);
                if (!own.Add(name))
                {
                    throw RowsFault.Create(_source, $"two columns are {name} ({row.Place}).", "Take one of them out, or give it another name.");
                }

                if (seen.Add(name) && RowColumn.Find(header) is null)
                {
                    string meant = RowColumn.Nearest(name) is { } nearest ? $" Is {nearest} meant?" : "";
                    _warnings.Add($"The column '{name}' is not known, and nothing of it is sent.{meant}");
                }
            }
        }

        foreach (string needed in (string[])[RowColumn.Scene, RowColumn.Image])
        {
            if (!seen.Contains(needed))
            {
                throw RowsFault.Create(
                    _source,
                    $"there is no column {needed}. The columns are {string.Join(", ", seen.Select(static name => $"'{name}'"))}.",
                    "Name the columns Scene, Image, SecondImage and so on.");
            }
        }
    }

    private BatchRow Read(SourceRow row, int index)
    {
        Dictionary<string, object?> cells = new(StringComparer.Ordinal);
        foreach (KeyValuePair<string, object?> cell in row.Cells)
        {
            if (RowColumn.Find(cell.Key) is { } name)
            {
                cells[name] = cell.Value;
            }
        }

        object? cellOf(string name) => cells.TryGetValue(name, out object? value) ? value : null;
        BatchRow read = new()
        {
            Index = index,
            Place = row.Place,
            Scene = Shown(cellOf(RowColumn.Scene)).FirstOrDefault(),
            Images = [.. Shown(cellOf(RowColumn.Image)), .. Shown(cellOf(RowColumn.SecondImage))],
        };
        try
        {
            if (row.Fault is not null)
            {
                throw new KlingException(KlingErrorId.InvalidRequest, $"{row.Fault}.");
            }

            read = read with { ExternalTaskId = CellReader.Id(cellOf(RowColumn.ExternalTaskId)) };
            return read with { Job = Fields(cellOf, read.ExternalTaskId).ToJob(_resolvePath) };
        }
        catch (KlingException refusal)
        {
            return read with { Refusal = refusal };
        }
    }

    private JobFields Fields(Func<string, object?> cellOf, string? id) => _defaults with
    {
        Scene = CellReader.Text(cellOf(RowColumn.Scene), RowColumn.Scene),
        Images = cellOf(RowColumn.Image) is IList { Count: > 1 } list
            ? [.. list.Cast<object?>().Select(static image => CellReader.Text(image, RowColumn.Image))]
            : [Untrimmed(cellOf(RowColumn.Image), RowColumn.Image)],
        SecondImage = Untrimmed(cellOf(RowColumn.SecondImage), RowColumn.SecondImage),
        Duration = CellReader.Seconds(cellOf(RowColumn.Duration)),
        Mode = CellReader.Text(cellOf(RowColumn.Mode), RowColumn.Mode),
        ModelName = CellReader.Text(cellOf(RowColumn.ModelName), RowColumn.ModelName),
        CallbackUrl = CellReader.Text(cellOf(RowColumn.CallbackUrl), RowColumn.CallbackUrl),
        ExternalTaskId = id,
        AdditionalBody = CellReader.Single(cellOf(RowColumn.AdditionalBody), RowColumn.AdditionalBody) is JsonElement body
            ? AdditionalBody.Parse(body.GetRawText())
            : CellReader.Text(cellOf(RowColumn.AdditionalBody), RowColumn.AdditionalBody) is { } json ? AdditionalBody.Parse(json) : null,
        Gateway = CellReader.Gateway(cellOf(RowColumn.Gateway)) ?? _defaults.Gateway,
    };

    // A file may be called just so: who looks for it takes blanks off.
    private static string? Untrimmed(object? value, string column) => CellReader.Single(value, column) as string ?? CellReader.Text(value, column);

    private static IEnumerable<string> Shown(object? value) => (value is IList list ? list.Cast<object?>() : [value])
        .Select(static cell => PastedText.Trim(cell as string ?? ""))
        .Where(static text => text.Length > 0)
        .Select(static text => text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? "data:…" : text);

    // What tells two rows apart, whatever the order of their columns.
    private static string Words(SourceRow row) => string.Join("\n", row.Cells
        .Select(static cell => (Name: RowColumn.Find(cell.Key), Value: string.Join("\t", Plain(cell.Value))))
        .Where(static cell => cell.Name is not null && cell.Value.Length > 0)
        .OrderBy(static cell => cell.Name, StringComparer.Ordinal)
        .Select(static cell => $"{cell.Name}={cell.Value}"));

    private static IEnumerable<string> Plain(object? value) => value is IList list
        ? list.Cast<object?>().SelectMany(Plain)
        : [PastedText.Trim(FormattableString.Invariant($"{value}"))];
}
