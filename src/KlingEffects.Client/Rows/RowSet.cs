using System.Collections;

namespace KlingEffects.Rows;

/// <summary>The jobs of a batch's rows, checked together before any is sent.</summary>
internal sealed class RowSet(
    string? source, Func<string, string> resolvePath, KlingGatewayName? gateway = null, bool skipImageCheck = false)
{
    private readonly List<SafeText> _warnings = [];

    public IReadOnlyList<SafeText> Warnings => _warnings;

    /// <exception cref="KlingException">RowsInvalid: no rows, a column missing or there twice, two rows of an id that differ.</exception>
    public IReadOnlyList<BatchRow> Read(IEnumerable<SourceRow> rows)
    {
        List<SourceRow> given = [.. rows.Where(static row => !row.IsBlank)];
        if (given.Count == 0)
        {
            throw RowsFault.Create(source, "there are no rows.", "Give a row for each job.");
        }

        CheckColumns(given);
        Dictionary<string, (BatchRow Row, string Words)> known = new(StringComparer.Ordinal);
        List<BatchRow> jobs = [];
        foreach (SourceRow row in given)
        {
            BatchRow read = Read(row, jobs.Count + 1);
            if (read.ExternalTaskId is not { } id)
            {
                jobs.Add(read);
            }
            else if (!known.TryGetValue(id, out (BatchRow Row, string Words) first))
            {
                known.Add(id, (read, Words(row)));
                jobs.Add(read);
            }
            else if (first.Words == Words(row))
            {
                _warnings.Add($"{first.Row.Place} and {read.Place} are one job: they are equal, under the external id {id}.");
            }
            else
            {
                SafeText twice = $"{first.Row.Place} and {read.Place} have the external id {id} both, and differ.";
                throw RowsFault.Create(source, twice, "Give each job an ExternalTaskId of its own.");
            }
        }

        return jobs;
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
                    const string Remedy = "Take one of them out, or give it another name.";
                    throw RowsFault.Create(source, $"two columns are {name} ({row.Place}).", Remedy);
                }

                if (seen.Add(name) && RowColumn.Find(header) is null)
                {
                    string meant = RowColumn.Nearest(name) is { } nearest ? $" Is {nearest} meant?" : "";
                    _warnings.Add($"The column '{name}' is not known, and nothing of it is sent.{meant}");
                }
            }
        }

        if (new[] { RowColumn.Scene, RowColumn.Image }.FirstOrDefault(needed => !seen.Contains(needed)) is { } missing)
        {
            SafeText what = $"there is no column {missing}. The columns are {string.Join(", ", seen.Select(static name => $"'{name}'"))}.";
            throw RowsFault.Create(source, what, "Name the columns Scene, Image, SecondImage and so on.");
        }
    }

    private BatchRow Read(SourceRow row, int index)
    {
        Dictionary<string, object?> cells = row.Cells.Where(static cell => RowColumn.Find(cell.Key) is not null)
            .ToDictionary(static cell => RowColumn.Find(cell.Key)!, static cell => cell.Value, StringComparer.Ordinal);
        object? cell(string name) => cells.TryGetValue(name, out object? value) ? value : null;
        string? text(string name) => CellReader.Text(cell(name), name);
        BatchRow read = new()
        {
            Index = index,
            Place = row.Place,
            Scene = Shown(cell(RowColumn.Scene)).FirstOrDefault(),
            Images = [.. Shown(cell(RowColumn.Image)), .. Shown(cell(RowColumn.SecondImage))],
        };
        try
        {
            read.ExternalTaskId = row.Fault is null ? CellReader.Id(cell(RowColumn.ExternalTaskId))
                : throw new KlingException(KlingErrorId.InvalidRequest, $"{row.Fault}.");
            EffectJob given = new()
            {
                Scene = text(RowColumn.Scene) ?? "",
                Images = [],
                Duration = CellReader.Seconds(cell(RowColumn.Duration)),
                Mode = text(RowColumn.Mode),
                ModelName = text(RowColumn.ModelName),
                CallbackUrl = text(RowColumn.CallbackUrl),
                ExternalTaskId = read.ExternalTaskId,
                AdditionalBody = CellReader.Body(cell(RowColumn.AdditionalBody)),
                Gateway = CellReader.Gateway(cell(RowColumn.Gateway)) ?? gateway,
                SkipImageCheck = skipImageCheck,
            };
            string?[] images = cell(RowColumn.Image) is IList { Count: > 1 } list
                ? [.. list.Cast<object?>().Select(static image => CellReader.Text(image, RowColumn.Image))]
                : [Untrimmed(cell(RowColumn.Image), RowColumn.Image)];
            string? second = Untrimmed(cell(RowColumn.SecondImage), RowColumn.SecondImage);
            read.Job = given.WithImages(images, second, resolvePath);
        }
        catch (KlingException refusal)
        {
            read.Refusal = refusal;
        }

        return read;
    }

    // A file's name may have blanks around it.
    private static string? Untrimmed(object? value, string column) =>
        CellReader.Single(value, column) as string ?? CellReader.Text(value, column);

    private static IEnumerable<string> Shown(object? value) => (value is IList list ? list.Cast<object?>() : [value])
        .Select(static cell => PastedText.Trim(cell as string ?? ""))
        .Where(static text => text.Length > 0)
        .Select(static text => text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? "data:…" : text);

    // The content of a row, in any order of columns.
    private static string Words(SourceRow row) => string.Join("\n", row.Cells
        .Select(static cell => (Name: RowColumn.Find(cell.Key), Value: string.Join("\t", Plain(cell.Value))))
        .Where(static cell => cell.Name is not null && cell.Value.Length > 0)
        .OrderBy(static cell => cell.Name, StringComparer.Ordinal)
        .Select(static cell => $"{cell.Name}={cell.Value}"));

    private static IEnumerable<string> Plain(object? value) => value is IList list
        ? list.Cast<object?>().SelectMany(Plain)
        : [PastedText.Trim(FormattableString.Invariant($"{value}"))];
}
