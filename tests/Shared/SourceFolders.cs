using System.Text.RegularExpressions;

namespace KlingEffects.Tests;

/// <summary>Which folder of a project each of its types is declared in.</summary>
internal sealed partial class SourceFolders
{
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    /// <param name="project">The project's folder, relative to the repository's root.</param>
    public SourceFolders(string project)
    {
        string root = Path.Combine(RepositoryRoot(), project);
        foreach (string file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/');
            if (folder.Split('/')[0] is not ("bin" or "obj"))
            {
                foreach (Match declared in Declaration().Matches(File.ReadAllText(file)))
                {
                    _folders[declared.Groups["name"].Value] = folder == "." ? "" : folder;
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
}
