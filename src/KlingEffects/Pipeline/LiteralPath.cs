namespace KlingEffects.Pipeline;

/// <summary>Resolves a user's path: literal, relative to <c>$PWD</c>, with PSDrives.</summary>
internal static class LiteralPath
{
    private const string FileSystem = "Microsoft.PowerShell.Core\\FileSystem::";

    /// <exception cref="KlingException">InvalidRequest: no such drive, or one without files.</exception>
    /// <remarks>Completion escapes brackets, so a path that only exists without the escapes is meant.</remarks>
    public static string Resolve(PSCmdlet cmdlet, string path)
    {
        string literal = ResolveAsIs(cmdlet, path);
        string unescaped = path.IndexOf('`') < 0 || IsThere(literal) ? path : WildcardPattern.Unescape(path);
        return unescaped != path && ResolveAsIs(cmdlet, unescaped) is var meant
            && (IsThere(meant) || (IsInFolder(meant) && !IsInFolder(literal)))
            ? meant
            : literal;
    }

    /// <summary>The path, or null if it is invalid here: a journal may name one of another machine.</summary>
    public static string? Find(PSCmdlet cmdlet, string path) => FileFault.Try(() => Resolve(cmdlet, path));

    /// <summary>A file as Get-Item returns it, with the PSPath that other cmdlets bind.</summary>
    public static PSObject FileAt(PSCmdlet cmdlet, string path)
    {
        try
        {
            return cmdlet.InvokeProvider.Item.Get([FileSystem + path], force: true, literalPath: true).First();
        }
        catch (Exception gone) when (gone is SessionStateException or IOException or InvalidOperationException)
        {
            return PSObject.AsPSObject(new FileInfo(path));
        }
    }

    private static bool IsThere(string path) => File.Exists(path) || Directory.Exists(path);

    private static bool IsInFolder(string path) => Directory.Exists(Path.GetDirectoryName(path));

    private static string ResolveAsIs(PSCmdlet cmdlet, string path)
    {
        try
        {
            // A colon in a rooted Unix path is no drive.
            if (Path.DirectorySeparatorChar == '/' && path.Length > 0 && path[0] == '/')
            {
                return Path.GetFullPath(path);
            }

            string resolved = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            if (provider.Name == "FileSystem")
            {
                return PathRules.Fault(resolved) is { } why ? throw new ArgumentException(why + ".") : Path.GetFullPath(resolved);
            }

            // The current location may be of another provider.
            return !Path.IsPathRooted(path) && path.IndexOf(':') < 0
                ? Path.GetFullPath(Path.Combine(cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath, path))
                : throw Refused(path, $"'{path}' is a path of the provider {provider.Name}, which has no files.");
        }
        catch (Exception fault) when (fault is SessionStateException or ArgumentException or NotSupportedException or IOException)
        {
            throw Refused(path, $"'{path}' is no path: {fault.Message}");
        }
    }

    private static KlingException Refused(string path, SafeText why) => new(KlingErrorId.InvalidRequest, why) { Target = path };
}
