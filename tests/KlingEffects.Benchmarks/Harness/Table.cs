using System.Text;

namespace KlingEffects.Benchmarks.Harness;

/// <summary>A table as Markdown has it.</summary>
internal sealed class Table(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        StringBuilder text = new();
        foreach (string[] row in (string[][])[columns, [.. columns.Select(static _ => "---")], .. _rows])
        {
            text.Append("| ").AppendJoin(" | ", row).AppendLine(" |");
        }

        return text.ToString();
    }
}
