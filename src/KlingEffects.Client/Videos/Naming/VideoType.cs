namespace KlingEffects.Videos;

/// <summary>The video types that are known by their extension, and how their files begin.</summary>
internal static class VideoType
{
    public const string DefaultExtension = ".mp4";

    /// <summary>How many bytes of a file tell its type.</summary>
    public const int HeadLength = 12;

    private static readonly string[] Extensions = [DefaultExtension, ".mov", ".m4v", ".webm", ".mkv", ".avi"];
    private static readonly byte[] Ebml = [0x1A, 0x45, 0xDF, 0xA3];
    private static readonly string[] QuickTimeBoxes = ["ftyp", "moov", "mdat", "wide", "free", "skip"];

    /// <summary>The URL's own extension if it is one of a video, else <c>.mp4</c>.</summary>
    public static string ExtensionOf(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) ? Known(uri.AbsolutePath) ?? DefaultExtension : DefaultExtension;

    /// <summary>The extension, in lower case, if the name ends in one of a video.</summary>
    public static string? Known(string name) =>
        Extensions.FirstOrDefault(extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>What is wrong with a file of this extension that begins so, in words; null if it looks right.</summary>
    public static string? Fault(ReadOnlySpan<byte> head, string extension)
    {
        if (head.Length == 0)
        {
            return "nothing";
        }

        bool right = Known(extension) switch
        {
            DefaultExtension or ".m4v" => IsBox(head, "ftyp"),
            ".mov" => IsQuickTime(head),
            ".webm" or ".mkv" => head.StartsWith(Ebml),
            ".avi" => IsText(head, 0, "RIFF") && IsText(head, 8, "AVI "),
            _ => !IsMarkup(head),
        };
        return right ? null
            : IsMarkup(head) ? "a page of text"
            : $"something that is no {extension.TrimStart('.').ToUpperInvariant()} video";
    }

    /// <summary>Whether files of this extension are made of boxes that tell their own length.</summary>
    public static bool HasBoxes(string extension) => Known(extension) is DefaultExtension or ".m4v" or ".mov";

    private static bool IsQuickTime(ReadOnlySpan<byte> head)
    {
        foreach (string box in QuickTimeBoxes)
        {
            if (IsBox(head, box))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBox(ReadOnlySpan<byte> head, string type) => IsText(head, 4, type);

    private static bool IsText(ReadOnlySpan<byte> head, int start, string text)
    {
        if (head.Length < start + text.Length)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            if (head[start + i] != text[i])
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsMarkup(ReadOnlySpan<byte> head)
    {
        int start = head.StartsWith("\uFEFF"u8) ? 3 : 0;
        while (start < head.Length && head[start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            start++;
        }

        return start < head.Length && head[start] is (byte)'<' or (byte)'{' or (byte)'[';
    }
}
