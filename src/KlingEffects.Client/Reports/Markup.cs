namespace KlingEffects.Reports;

/// <summary>HTML in which every value is escaped: only <see cref="From"/> creates it.</summary>
internal readonly record struct Markup
{
    private readonly string? _text;

    private Markup(string text) => _text = text;

    public bool IsEmpty => string.IsNullOrEmpty(_text);

    /// <summary>The HTML with the values in its holes escaped; markup is not.</summary>
    public static Markup From(FormattableString html) => new(ReportText.Fill(html, Escape));

    public static Markup If(bool condition, FormattableString html) => condition ? From(html) : default;

    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts));

    public static Markup Resource(string name)
    {
        using Stream stream = typeof(Markup).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream);
        // Browsers compute the digest with these line ends.
        return new Markup(reader.ReadToEnd().Replace("\r\n", "\n"));
    }

    public static Markup Icon(string name) =>
        From($"""<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{name}"/></svg>""");

    public override string ToString() => _text ?? "";

    private static string Escape(string value) =>
        value.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;").Replace("'", "&#39;");
}
