using System.Globalization;
using System.Text;
using System.Xml;

namespace KlingEffects.Reports.Content;

/// <summary>Makes any value fit to be shown: one line, of characters that every form of report can hold, without the query of a URL.</summary>
internal static class ReportText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text fit to show; empty where nothing of it is left. Joiners stay, which emoji and some scripts are written with.</summary>
    public static string Of(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "";
        }

        string whole = text!.Contains("http", StringComparison.OrdinalIgnoreCase) ? ServerText.Clean(text) ?? "" : text!;
        StringBuilder shown = new(whole.Length);
        for (int at = 0; at < whole.Length; at++)
        {
            if (at + 1 < whole.Length && char.IsSurrogatePair(whole[at], whole[at + 1]))
            {
                shown.Append(whole, at, 2);
                at++;
            }
            else if (!IsDirection(whole[at]))
            {
                shown.Append(Shown(whole[at]));
            }
        }

        return shown.ToString().Trim();
    }

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

    private static char Shown(char c) => CharUnicodeInfo.GetUnicodeCategory(c) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => ' ',
        _ => XmlConvert.IsXmlChar(c) ? c : Replacement,
    };

    // Marks that make text read otherwise than it is, as "gpj.exe" does for "exe.jpg".
    private static bool IsDirection(char c) =>
        c is '\u061C' or '\u200E' or '\u200F' or '\uFEFF' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
