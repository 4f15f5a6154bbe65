#if NETSTANDARD2_0
using System.Reflection;
#endif

namespace KlingEffects;

/// <summary>URIs that the HTTP client asks for as they are written.</summary>
internal static class ExactUris
{
    /// <summary>The URI, or null if it is none, or if this runtime would ask for something else.</summary>
    /// <param name="authority">Scheme and authority, as in <c>https://host:443</c>.</param>
    /// <param name="target">The request target: path and query, in ASCII without blanks, from its slash on.</param>
    public static Uri? TryCreate(string authority, string target)
    {
#if NETSTANDARD2_0
        if (!Uri.TryCreate(authority + target, UriKind.Absolute, out Uri? uri))
        {
            return null;
        }

        // The parser decides in this getter what it would change; only then there are marks to take away.
        if (uri.PathAndQuery != target)
        {
            Canonicalisation.Forget(uri);
        }

        return uri.PathAndQuery == target ? uri : null;
#else
        UriCreationOptions exact = new() { DangerousDisablePathAndQueryCanonicalization = true };
        return Uri.TryCreate(authority + target, exact, out Uri? uri) && uri.PathAndQuery == target ? uri : null;
#endif
    }
#if NETSTANDARD2_0

    // powershell.exe names no target framework, so that .NET Framework's System.Uri keeps its oldest rules there: "%2F" in a path
    // becomes "/" (ansible #45188, ansible.windows #788). No option prevents it; the marks by which a parsed Uri is changed do.
    private static class Canonicalisation
    {
        private static readonly string[] Marks =
        [
            "PathNotCanonical", "QueryNotCanonical", "E_PathNotCanonical", "E_QueryNotCanonical", "ShouldBeCompressed", "FirstSlashAbsent", "BackslashInPath",
        ];

        private static readonly FieldInfo? Flags =
            typeof(Uri).GetField("m_Flags", BindingFlags.Instance | BindingFlags.NonPublic)
            ?? typeof(Uri).GetField("_flags", BindingFlags.Instance | BindingFlags.NonPublic);

        private static readonly ulong Mask = Flags?.FieldType is { IsEnum: true } type
            ? Marks.Where(mark => Enum.IsDefined(type, mark)).Aggregate(0UL, (mask, mark) => mask | Convert.ToUInt64(Enum.Parse(type, mark), null))
            : 0;

        public static void Forget(Uri uri)
        {
            if (Mask != 0)
            {
                Flags!.SetValue(uri, Enum.ToObject(Flags.FieldType, Convert.ToUInt64(Flags.GetValue(uri), null) & ~Mask));
            }
        }
    }
#endif
}
