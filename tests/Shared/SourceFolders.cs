using System.Text.RegularExpressions;

namespace KlingEffects.Tests;

/// <summary>Which folder of a project each of its types is declared in.</summary>
internal sealed partial class SourceFolders
{
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);
    private readonly List<(string Name, string Folder, string Namespace, bool IsPublic)> _types = [];
    private readonly List<string> _crowded = [];

    /// <param name="project">The project's folder, relative to the repository's root.</param>
    public SourceFolders(string project)
    {
        string root = Path.Combine(RepositoryRoot(), project);
        foreach (string file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/');
            if (folder.Split('/')[0] is not ("bin" or "obj"))
            {
                string source = File.ReadAllText(file);
                _crowded.AddRange(source.Split('\n').Select((line, at) => (line, at))
                    .Where(static read => read.line.TrimEnd('\r').Length >= 140 || read.at > 300)
                    .Select(read => $"{file}:{read.at + 1}"));
                string home = Home().Match(source).Groups["name"].Value;
                foreach (Match declared in Declaration().Matches(source))
                {
                    string name = declared.Groups["name"].Value;
                    _folders[name] = folder == "." ? "" : folder;
                    _types.Add((name, _folders[name], home, declared.Value.StartsWith("public", StringComparison.Ordinal)));
                }
            }
        }
    }

    /// <summary>The folder, with <c>/</c> between its parts; empty for the project's own, and a name that no room has for an unknown type.</summary>
    /// <param name="fullName">The type's name, nested and generic ones as reflection has them.</param>
    public string Of(string fullName)
    {
        string outermost = fullName.Split('+', '/')[0];
        string name = outermost[(outermost.LastIndexOf('.') + 1)..].Split('`')[0];
        return _folders.GetValueOrDefault(name, $"? ({fullName})");
    }

    /// <summary>The types whose namespace is not their folder's.</summary>
    /// <param name="root">The project's own namespace.</param>
    /// <param name="rootFolders">The folders whose types all have that one; null if public types have their folder's too.</param>
    public IEnumerable<string> Strays(string root, params string[]? rootFolders) => _types
        .Where(type => type.Namespace != (type.Folder.Length == 0 || (rootFolders is not null && (type.IsPublic || rootFolders.Contains(type.Folder)))
            ? root : $"{root}.{type.Folder.Replace('/', '.')}"))
        .Select(static type => $"{type.Namespace}.{type.Name} stands in '{type.Folder}'");

    /// <summary>Where lines do not end before column 140, and files not before line 301.</summary>
    public IReadOnlyList<string> Crowded => _crowded;

    /// <summary>The text of a file of the repository.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(RepositoryRoot(), path));

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Module.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    // File-scoped namespaces: what is declared there begins its line.
    [GeneratedRegex(@"^(?:public|internal|file)[a-z ]*\b(?:class|struct|record struct|record|interface|enum) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Home();
}
