namespace KlingEffects.Rows;

/// <summary>Reads a table as spreadsheets save it (RFC 4180, and what is usual beside it).</summary>
internal static class CsvRows
{
    private static readonly char[] Delimiters = [',', ';', '\t'];

    // A spreadsheet's delimiter, or the type line of Windows PowerShell's Export-Csv.
    private static readonly Regex Preamble = new(
        "^(?:\"?(?i:sep)=(?<delimiter>.)\"?\r?(?:\n|$)|#TYPE [^\n]*\n?)", RegexOptions.CultureInvariant);

    /// <exception cref="KlingException">RowsInvalid: no header, or a quotation mark that nothing closes.</exception>
    public static IReadOnlyList<SourceRow> Read(string path, string text)
    {
        Match preamble = Preamble.Match(text);
        string table = text.Substring(preamble.Length);
        char delimiter = preamble.Groups["delimiter"] is { Success: true } told ? told.Value[0]
            : Delimiters.OrderByDescending(candidate => Fit(table, candidate)).First();
        List<(int Line, List<string> Cells)> records = [.. Records(path, table, delimiter, preamble.Success ? 2 : 1)];
        return records.Count == 0
            ? throw RowsFault.Create(path, "there are no rows.", "Give a header with Scene and Image, and a row for each job.")
            : [.. records.Skip(1).Select(record => Row(record.Line, records[0].Cells, record.Cells))];
    }

    private static SourceRow Row(int line, List<string> header, List<string> cells)
    {
        bool hasMore = cells.Skip(header.Count).Any(static cell => PastedText.Trim(cell).Length > 0);
        SafeText? fault = !hasMore ? null
            : (SafeText)($"the row has {cells.Count} cells, and the header has {header.Count}: "
                + $"a cell that holds the delimiter needs quotation marks around it");
        return new SourceRow(
            FormattableString.Invariant($"line {line}"),
            [.. header.Select((name, column) => new KeyValuePair<string, object?>(name, column < cells.Count ? cells[column] : null))],
            fault);
    }

    // The delimiter that finds the most known columns, or else the most columns.
    private static (int Known, int Columns) Fit(string table, char delimiter)
    {
        List<string> header = Records(null, table, delimiter, 1).FirstOrDefault().Cells ?? [];
        return (header.Count(static name => RowColumn.Find(name) is not null), header.Count);
    }

    // The records that are not blank.
    private static IEnumerable<(int Line, List<string> Cells)> Records(string? path, string table, char delimiter, int line)
    {
        // A quoted cell with what follows it, or everything to the cell's end. Blanks are those of PastedText.
        string mark = $@"\u{(int)delimiter:x4}";
        Regex form = new(
            $@"\G(?:[\s\p{{Cc}}\p{{Cf}}-[{mark}\r\n]]*""(?<quoted>(?>[^""]+|"""")*)(?<closed>""?))?"
                + $@"(?<rest>[^{mark}\r\n]*)(?<end>{mark}|\r\n?|\n|\z)",
            RegexOptions.CultureInvariant);
        List<string> cells = [];
        int begun = line;
        for (Match cell = form.Match(table); ; cell = cell.NextMatch())
        {
            if (cell.Groups["quoted"].Success && cell.Groups["closed"].Length == 0 && path is not null)
            {
                const string Remedy = "Close it, or write it twice where it is part of the cell.";
                throw RowsFault.Create(path, $"a quotation mark on line {line} is never closed.", Remedy);
            }

            cells.Add(cell.Groups["quoted"].Value.Replace("\"\"", "\"") + cell.Groups["rest"].Value);
            line += cell.Value.Split(["\r\n", "\r", "\n"], StringSplitOptions.None).Length - 1;
            string end = cell.Groups["end"].Value;
            if (end.Length > 0 && end[0] == delimiter)
            {
                continue;
            }

            if (cells.Any(static text => PastedText.Trim(text).Length > 0))
            {
                yield return (begun, cells);
            }

            if (end.Length == 0)
            {
                yield break;
            }

            (cells, begun) = ([], line);
        }
    }
}
