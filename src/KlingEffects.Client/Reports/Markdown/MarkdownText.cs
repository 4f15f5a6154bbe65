using System.Globalization;
using System.Text;

namespace KlingEffects.Reports.Markdown;

/// <summary>GitHub's Markdown in which no value can be markup: whatever stands in a hole is escaped for a cell of a table.</summary>
internal static class MarkdownText
{
    public static string Of(FormattableString text) => text.ToString(Escaping.Instance);

    private sealed class Escaping : IFormatProvider, ICustomFormatter
    {
        public static readonly Escaping Instance = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider)
        {
            string value = Convert.ToString(arg, CultureInfo.InvariantCulture) ?? "";
            StringBuilder escaped = new(value.Length + 8);
            for (int at = 0; at < value.Length; at++)
            {
                _ = value[at] switch
                {
                    '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '~' or '$' or '#' or '!' => escaped.Append('\\').Append(value[at]),
                    '<' => escaped.Append("&lt;"),
                    '>' => escaped.Append("&gt;"),
                    '&' => escaped.Append("&amp;"),
                    '@' => escaped.Append("@<!-- -->"), // an address or a mention otherwise, however it is escaped
                    ':' when string.CompareOrdinal(value, at, "://", 0, 3) == 0 => escaped.Append("\\:"),
                    '.' when at >= 3 && string.Compare(value, at - 3, "www", 0, 3, StringComparison.OrdinalIgnoreCase) == 0 => escaped.Append("\\."),
                    char c => escaped.Append(c),
                };
            }

            return escaped.ToString();
        }
    }
}
