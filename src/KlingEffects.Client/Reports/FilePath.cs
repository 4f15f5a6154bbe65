namespace KlingEffects.Reports;

/// <summary>A full path of Windows or of Unix, wherever it is read: a journal may have come from another machine.</summary>
/// <param name="Root">A drive (<c>C:</c>), a share's server (<c>//server</c>) or, on Unix, nothing.</param>
/// <param name="Names">The names from the root on, without dots.</param>
internal sealed record FilePath(string Root, IReadOnlyList<string> Names)
{
    private const string Verbatim = @"\\?\";

    private string Authority => Root switch
    {
        "" => "//",
        ['/', '/', .. string server] => "//" + Escape(server),
        _ => "///" + Root,
    };

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

    /// <summary>How a page in the folder refers to this file: relative, or by a <c>file:</c> URL where no relative way leads.</summary>
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

    // Half a surrogate pair can't be escaped, and no URL leads to a file that has one in its name: it becomes U+FFFD.
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
