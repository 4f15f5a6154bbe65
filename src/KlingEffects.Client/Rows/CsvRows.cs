using System.Text.RegularExpressions;

namespace KlingEffects.Rows;

/// <summary>Reads a table as spreadsheets save it (RFC 4180, and what is usual beside it).</summary>
internal static class CsvRows
{
    private static readonly char[] Delimiters = [',', ';', '\t'];

    private static readonly Regex Separator = new("^\"?sep=(.)\"?\r?(\n|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <exception cref="KlingException">RowsInvalid: no header, or a quotation mark that nothing closes.</exception>
    public static IReadOnlyList<SourceRow> Read(string path, string text)
    {
        int line = 1;
        int start = 0;
        char? delimiter = null;
        if (Separator.Match(text) is { Success: true } separator)
        {
            (delimiter, start, line) = (separator.Groups[1].Value[0], separator.Length, 2);
        }
        else if (text.StartsWith("#TYPE ", StringComparison.Ordinal))
        {
            // Windows PowerShell's Export-Csv begins so.
            start = text.IndexOf('\n') is > 0 and var end ? end + 1 : text.Length;
            line = 2;
        }

        string rest = text.Substring(start);
        char found = delimiter ?? Delimiters.OrderByDescending(candidate => Fit(rest, candidate)).First();
        using IEnumerator<(int Line, List<string> Cells)> records =
            Records(path, rest, found, line).Where(static record => !IsBlank(record.Cells)).GetEnumerator();
        if (!records.MoveNext())
        {
            throw RowsFault.Create(path, "there are no rows.", "Give a header with Scene and Image, and a row for each job.");
        }

        List<string> header = records.Current.Cells;
        List<SourceRow> rows = [];
        while (records.MoveNext())
        {
            rows.Add(Row(records.Current.Line, header, records.Current.Cells));
        }

        return rows;
    }

    private static SourceRow Row(int line, List<string> header, List<string> cells)
    {
        int more = cells.Skip(header.Count).Count(static cell => PastedText.Trim(cell).Length > 0);
        SafeText? fault = more == 0 ? null
            : (SafeText)($"the row has {cells.Count} cells, and the header has {header.Count}: "
                + $"a cell that holds the delimiter needs quotation marks around it");
        return new SourceRow(
            FormattableString.Invariant($"line {line}"),
            [.. header.Select((name, column) => new KeyValuePair<string, object?>(name, column < cells.Count ? cells[column] : null))],
            fault);
    }

    // The columns that are known tell the delimiter; where none is, their number does.
    private static (int Known, int Columns) Fit(string text, char delimiter)
    {
        List<string> header = Records(null, text, delimiter, 1).Select(static record => record.Cells).FirstOrDefault(static cells => !IsBlank(cells)) ?? [];
        return (header.Count(static name => RowColumn.Find(name) is not null), header.Count);
    }

    private static bool IsBlank(List<string> cells) => cells.All(static cell => PastedText.Trim(cell).Length == 0);

    private static IEnumerable<(int Line, List<string> Cells)> Records(string? path, string text, char delimiter, int line)
    {
        int begun = line;
        List<string> cells = [];
        StringBuilder cell = new();
        int quote = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool isBreak = c == '\n' || (c == '\r' && (i + 1 == text.Length || text[i + 1] != '\n'));
            if (quote > 0)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append(text[++i]);
                }
                else if (c == '"')
                {
                    quote = 0;
                }
                else
                {
                    cell.Append(c);
                }
            }
            else if (c == '"' && PastedText.Trim(cell.ToString()).Length == 0)
            {
                cell.Clear();
                quote = line;
            }
            else if (c == delimiter || isBreak)
            {
                cells.Add(cell.ToString());
                cell.Clear();
                if (isBreak)
                {
                    yield return (begun, cells);
                    cells = [];
                    begun = line + 1;
                }
            }
            else
            {
                cell.Append(c);
            }

            line += isBreak ? 1 : 0;
        }

        if (quote > 0 && path is not null)
        {
            throw RowsFault.Create(
                path, $"a quotation mark on line {quote} is never closed.", "Close it, or write it twice where it is part of the cell.");
        }

        if (cells.Count > 0 || cell.Length > 0)
        {
            cells.Add(cell.ToString());
            yield return (begun, cells);
        }
    }
}
