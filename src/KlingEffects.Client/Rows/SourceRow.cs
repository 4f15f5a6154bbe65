namespace KlingEffects.Rows;

/// <summary>One row as it was read, at <c>line 7</c>, or <c>row 3</c> without a file; a fault tells why its cells are unclear.</summary>
internal sealed record SourceRow(string Place, IReadOnlyList<KeyValuePair<string, object?>> Cells, SafeText? Fault = null)
{
    /// <summary>Reads the cells: whatever a known one throws is the row's fault, and what an unknown one does is nobody's.</summary>
    public static SourceRow Read(string place, IEnumerable<KeyValuePair<string, Func<object?>>> cells)
    {
        List<KeyValuePair<string, object?>> read = [];
        SafeText? fault = null;
        foreach (KeyValuePair<string, Func<object?>> cell in cells)
        {
            try
            {
                read.Add(new(cell.Key, cell.Value()));
            }
            catch (Exception unreadable)
            {
                read.Add(new(cell.Key, true));
                string why = unreadable.Message.TrimEnd('.');
                fault = RowColumn.Find(cell.Key) is { } column ? (SafeText)$"{column} can't be read: {why}" : fault;
            }
        }

        return new SourceRow(place, read, fault);
    }

    public bool IsBlank => Cells.All(static cell =>
        cell.Value is null or DBNull || (cell.Value is string text && PastedText.Trim(text).Length == 0));
}
