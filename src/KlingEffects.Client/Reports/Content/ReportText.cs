namespace KlingEffects.Reports.Content;

/// <summary>The names and texts that every form of report shows, as the gate passes them.</summary>
internal static class ReportText
{
    /// <summary>The text fit to show; empty where nothing of it is left.</summary>
    public static string Of(string? text) => ServerText.Line(text ?? "").Trim();

    /// <summary>A name of a path: what stands behind its last separator, of any system.</summary>
    public static string NameOf(string path)
    {
        string whole = path.TrimEnd('/', '\\');
        return Of(whole.Substring(whole.LastIndexOfAny(['/', '\\']) + 1));
    }

    /// <summary>What a reader calls an image: the name of its file, also of one on the web, or the words that stand for its data.</summary>
    public static string OfImage(string image) => IsWeb(image)
        ? NameOf(ServerText.WithoutQuery(image))
        : image.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? Of(image) : NameOf(image);

    public static bool IsWeb(string value) =>
        value.StartsWith("https:", StringComparison.OrdinalIgnoreCase) || value.StartsWith("http:", StringComparison.OrdinalIgnoreCase);
}
