using System.Collections;

namespace KlingEffects;

/// <summary>The names of a job's images: a list, and one text where a cell holds no list, as in a CSV file.</summary>
internal sealed class ImageNames(IReadOnlyList<string> names) : IReadOnlyList<string>
{
    // Stands in no URL and hardly ever in a path.
    private const string Separator = " | ";

    /// <summary>No image is known.</summary>
    public static ImageNames None { get; } = new([]);

    public int Count => names.Count;

    public string this[int index] => names[index];

    public static ImageNames Of(IEnumerable<string> names) => names as ImageNames ?? new(names.ToArray());

    /// <summary>The names of what may be the text of several.</summary>
    public static ImageNames Read(IEnumerable<string?> texts) => Of(texts
        .SelectMany(static text => (text ?? "").Split([Separator], StringSplitOptions.RemoveEmptyEntries))
        .Where(static name => !string.IsNullOrWhiteSpace(name)));

    /// <summary>A name without its folders: of a URL the last part of its path.</summary>
    public static string ShortOf(string name)
    {
        string path = name.TrimEnd('/', '\\');
        string last = path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
        return last.Length == 0 ? name : IsUrl(name) ? Uri.UnescapeDataString(last) : last;
    }

    public IEnumerator<string> GetEnumerator() => names.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(Separator, names);

    private static bool IsUrl(string name) => name.Contains("://", StringComparison.Ordinal);
}
