namespace KlingEffects.Reports;

/// <summary>A full path of Windows or Unix, because a journal may come from another machine. The root is a drive (<c>C:</c>), a share's
/// server (<c>//server</c>) or, on Unix, empty; the names have no dots.</summary>
internal sealed record FilePath(string Root, IReadOnlyList<string> Names)
{
    private const string Verbatim = @"\\?\";

    private string Authority => Root.Length == 0 ? "//" : Root is ['/', '/', .. string server] ? "//" + Escape(server) : "///" + Root;

    public static FilePath? Parse(string text)
    {
        string path = text.StartsWith(Verbatim, StringComparison.Ordinal) ? text.Substring(Verbatim.Length) : text;
        if (path is [(>= 'A' and <= 'Z') or (>= 'a' and <= 'z'), ':', '\\' or '/', ..])
        {
            return new FilePath(path.Substring(0, 2).ToUpperInvariant(), Split(path.Substring(3), '\\', '/'));
        }

        if (path is ['/' or '\\', '/' or '\\', ..] && Split(path, '\\', '/') is [var server, ..] share)
        {
            return new FilePath("//" + server.ToLowerInvariant(), [.. share.Skip(1)]);
        }

        return path is ['/', ..] ? new FilePath("", Split(path, '/')) : null;
    }

    /// <summary>The link to this file from a page in the folder: relative, else a <c>file:</c> URL.</summary>
    public string UrlFrom(FilePath folder)
    {
        if (Root != folder.Root)
        {
            return $"file:{Authority}/{string.Join("/", Names.Select(Escape))}";
        }

        StringComparer names = Root.Length > 0 ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        int shared = 0;
        while (shared < folder.Names.Count && shared < Names.Count - 1 && names.Equals(folder.Names[shared], Names[shared]))
        {
            shared++;
        }

        IEnumerable<string> up = Enumerable.Repeat("..", folder.Names.Count - shared);
        return string.Join("/", up.Concat(Names.Skip(shared).Select(Escape)));
    }

    // Half a surrogate pair can't be escaped, so it becomes U+FFFD.
    private static string Escape(string name) => Uri.EscapeDataString(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)));

    private static List<string> Split(string path, params char[] separators)
    {
        List<string> names = [];
        foreach (string name in path.Split(separators, StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == "..")
            {
                names.RemoveRange(Math.Max(0, names.Count - 1), Math.Min(1, names.Count));
            }
            else if (name != ".")
            {
                names.Add(name);
            }
        }

        return names;
    }
}
