using System.Globalization;
using System.Text;

namespace KlingEffects.Reports.Html;

/// <summary>HTML that holds no value unescaped: it is made by <see cref="Of"/> only, which escapes whatever stands in a hole.</summary>
internal readonly record struct Markup
{
    public static readonly Markup None = new("");

    private readonly string? _text;

    private Markup(string text) => _text = text;

    public bool IsEmpty => string.IsNullOrEmpty(_text);

    /// <summary>The markup as written, with the values in its holes escaped; markup in a hole stays markup.</summary>
    public static Markup Of(FormattableString html) => new(html.ToString(Escaping.Instance));

    /// <summary>One after the other.</summary>
    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts));

    /// <summary>A style sheet, a script or an image that this assembly holds.</summary>
    public static Markup Resource(string name)
    {
        using Stream stream = typeof(Markup).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        // Browsers take the digest of a text after they have made its line ends their own.
        return new Markup(reader.ReadToEnd().Replace("\r\n", "\n"));
    }

    public override string ToString() => _text ?? "";

    private sealed class Escaping : IFormatProvider, ICustomFormatter
    {
        public static readonly Escaping Instance = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) =>
            arg is Markup markup ? markup.ToString() : Escape(Convert.ToString(arg, CultureInfo.InvariantCulture) ?? "");

        private static string Escape(string value)
        {
            if (value.IndexOfAny(['&', '<', '>', '"', '\'']) < 0)
            {
                return value;
            }

            StringBuilder escaped = new(value.Length + 16);
            foreach (char c in value)
            {
                _ = c switch
                {
                    '&' => escaped.Append("&amp;"),
                    '<' => escaped.Append("&lt;"),
                    '>' => escaped.Append("&gt;"),
                    '"' => escaped.Append("&quot;"),
                    '\'' => escaped.Append("&#39;"),
                    _ => escaped.Append(c),
                };
            }

            return escaped.ToString();
        }
    }
}
