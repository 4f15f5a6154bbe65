namespace KlingEffects.Rows;

/// <summary>One row as it was read: text, or what JSON and PowerShell have.</summary>
/// <param name="Place">Where it stands, as messages say it: <c>line 7</c>, or <c>row 3</c> where there is no file.</param>
/// <param name="Cells">The columns' names as they stand there, with their values.</param>
/// <param name="Fault">Why its cells can't be told apart; null where they can.</param>
internal sealed record SourceRow(string Place, IReadOnlyList<KeyValuePair<string, object?>> Cells, SafeText? Fault = null)
{
    public bool IsBlank => Cells.All(static cell =>
        cell.Value is null or DBNull || (cell.Value is string text && PastedText.Trim(text).Length == 0));
}
