namespace KlingEffects.Reports;

/// <summary>HTML that holds no value unescaped: it is made by <see cref="From"/> only, which escapes whatever stands in a hole.</summary>
internal readonly record struct Markup
{
    private readonly string? _text;

    private Markup(string text) => _text = text;

    public bool IsEmpty => string.IsNullOrEmpty(_text);

    /// <summary>The markup as written, with the values in its holes escaped; markup in a hole stays markup.</summary>
    public static Markup From(FormattableString html) => new(ReportText.Fill(html, Escape));

    /// <summary>The same where the condition holds, else nothing.</summary>
    public static Markup If(bool condition, FormattableString html) => condition ? From(html) : default;

    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts));

    /// <summary>A style sheet, a script or an image that this assembly holds.</summary>
    public static Markup Resource(string name)
    {
        using Stream stream = typeof(Markup).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        // Browsers take the digest of a text after they have made its line ends their own.
        return new Markup(reader.ReadToEnd().Replace("\r\n", "\n"));
    }

    public static Markup Icon(string name) =>
        From($"""<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{name}"/></svg>""");

    public override string ToString() => _text ?? "";

    private static string Escape(string value) =>
        value.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;").Replace("'", "&#39;");
}
