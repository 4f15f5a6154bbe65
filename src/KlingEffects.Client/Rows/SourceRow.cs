namespace KlingEffects.Rows;

/// <summary>One row as it was read, at <c>line 7</c>, or <c>row 3</c> without a file; a fault tells why its cells are unclear.</summary>
internal sealed record SourceRow(string Place, IReadOnlyList<KeyValuePair<string, object?>> Cells, SafeText? Fault = null)
{
    public bool IsBlank => Cells.All(static cell =>
        cell.Value is null or DBNull || (cell.Value is string text && PastedText.Trim(text).Length == 0));
}
