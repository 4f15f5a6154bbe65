using System.Management.Automation;

namespace KlingEffects.Pipeline;

/// <summary>Turns what a user calls a path into one of the file system: literal, relative to <c>$PWD</c>, PSDrives included.</summary>
internal static class LiteralPath
{
    /// <exception cref="KlingException">ImageNotFound or InvalidRequest: no such drive, or one that does not lead to files.</exception>
    public static string Resolve(PSCmdlet cmdlet, string path)
    {
        try
        {
            // A colon in a rooted Unix path names no drive.
            if (Path.DirectorySeparatorChar == '/' && path.Length > 0 && path[0] == '/')
            {
                return Path.GetFullPath(path);
            }

            string resolved = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return provider.Name == "FileSystem"
                ? resolved
                : throw new KlingException(KlingErrorId.InvalidRequest, $"'{path}' is a path of the provider {provider.Name}, which has no files.") { Target = path };
        }
        catch (Exception fault) when (fault is SessionStateException or ArgumentException or NotSupportedException or IOException)
        {
            throw new KlingException(KlingErrorId.InvalidRequest, $"'{path}' is no path: {fault.Message}") { Target = path };
        }
    }
}
