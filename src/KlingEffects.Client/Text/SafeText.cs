namespace KlingEffects;

/// <summary>Text that is safe for every stream, file and log. Literals of an interpolated string are kept; every value, and every other
/// string, goes through <see cref="ServerText"/>. There is no other way to create one.</summary>
[InterpolatedStringHandler]
internal sealed class SafeText
{
    private const int LongestHole = 2000;
    private const int LongestWhole = 8000;

    private readonly StringBuilder _text;

    public SafeText(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (formattedCount * 16));

    public static implicit operator SafeText(string text)
    {
        SafeText safe = new(text.Length, 0);
        ServerText.Append(safe._text, text, text.Length, LongestWhole);
        return safe;
    }

    /// <summary>All texts, however many: a list of ids is never cut.</summary>
    public static SafeText Join(string separator, IEnumerable<string> texts)
    {
        SafeText all = new(0, 0);
        bool isFirst = true;
        foreach (string text in texts)
        {
            all.AppendLiteral(isFirst ? "" : separator);
            isFirst = false;
            all.AppendFormatted(text);
        }

        return all;
    }

    /// <summary>A text with line breaks of our own, such as JSON that was written here.</summary>
    public static SafeText Lines(string text) => Join("\n", text.Split('\n'));

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(SafeText? text) => _text.Append(text?._text);

    public void AppendFormatted(string? text) => ServerText.Append(_text, text ?? "", text?.Length ?? 0, LongestHole);

    public void AppendFormatted<T>(T value, string? format = null) =>
        AppendFormatted(value is IFormattable number ? number.ToString(format, CultureInfo.InvariantCulture) : value?.ToString());

    public override string ToString() => _text.ToString();
}
