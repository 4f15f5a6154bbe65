#if NETSTANDARD2_0
using System.Reflection;
#endif

namespace KlingEffects;

/// <summary>Creates URIs that are requested exactly as written.</summary>
internal static class ExactUris
{
#if NETSTANDARD2_0
    // powershell.exe names no target framework, so .NET Framework's System.Uri keeps its oldest rules: "%2F" in a path becomes "/"
    // (ansible #45188, ansible.windows #788). No option prevents that; clearing these flags of the parsed Uri does.
    private static readonly string[] Marks =
    [
        "PathNotCanonical", "QueryNotCanonical", "E_PathNotCanonical", "E_QueryNotCanonical", "ShouldBeCompressed", "FirstSlashAbsent",
        "BackslashInPath",
    ];

    private static readonly FieldInfo? Flags = Field("m_Flags") ?? Field("_flags");
    private static readonly FieldInfo? Text = Field("m_String") ?? Field("_string");

    private static readonly ulong Mask = Flags?.FieldType is { IsEnum: true } type
        ? Marks.Where(mark => Enum.IsDefined(type, mark))
            .Aggregate(0UL, (mask, mark) => mask | Convert.ToUInt64(Enum.Parse(type, mark), null))
        : 0;

#endif
    /// <summary>The URI; null if it is invalid, or if this runtime would request another one.</summary>
    public static Uri? TryCreate(string authority, string target)
    {
#if NETSTANDARD2_0
        if (!Uri.TryCreate(authority + target, UriKind.Absolute, out Uri? uri))
        {
            return null;
        }

        // .NET Framework sets the flags in the getter, newer runtimes when parsing, so they are cleared before and after it.
        _ = uri.Fragment;
        Forget(uri);
        if (uri.PathAndQuery != target)
        {
            Forget(uri);
        }

        return uri.PathAndQuery == target ? uri
            : Replace(authority, target) is { } replaced && replaced.PathAndQuery == target ? replaced
            : null;
#else
        UriCreationOptions exact = new() { DangerousDisablePathAndQueryCanonicalization = true };
        return Uri.TryCreate(authority + target, exact, out Uri? uri) && uri.PathAndQuery == target ? uri : null;
#endif
    }
#if NETSTANDARD2_0

    // The IRI rules change the text itself: a URI of the same shape that needs no change gets the original text.
    private static Uri? Replace(string authority, string target)
    {
        int query = target.IndexOf('?');
        string shape = string.Concat(target.Select((_, at) => at == 0 ? '/' : at == query ? '?' : 'x'));
        if (Text?.FieldType != typeof(string)
            || !Uri.TryCreate(authority + shape, UriKind.Absolute, out Uri? uri)
            || uri.Fragment.Length > 0
            || (string?)Text.GetValue(uri) != authority + shape)
        {
            return null;
        }

        Text.SetValue(uri, authority + target);
        return uri;
    }

    private static void Forget(Uri uri)
    {
        if (Mask != 0)
        {
            Flags!.SetValue(uri, Enum.ToObject(Flags.FieldType, Convert.ToUInt64(Flags.GetValue(uri), null) & ~Mask));
        }
    }

    private static FieldInfo? Field(string name) => typeof(Uri).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic);
#endif
}
