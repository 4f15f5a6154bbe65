using System.Collections.ObjectModel;

namespace KlingEffects;

/// <summary>A list of names whose text contains all of them, so that CSV loses none.</summary>
internal sealed class TextList : ReadOnlyCollection<string>
{
    // Occurs in no Windows path and no URL.
    private const string Separator = " | ";

    private readonly bool _isPrintable;

    private TextList(string[] names, bool isPrintable) : base(names) => _isPrintable = isPrintable;

    public static TextList None { get; } = new([], isPrintable: true);

    public static TextList From(IEnumerable<string> names) => names as TextList ?? new([.. names], isPrintable: false);

    public static TextList Printable(IEnumerable<string> names) =>
        names is TextList { _isPrintable: true } list ? list : new([.. names.Select(ServerText.Kept).OfType<string>()], isPrintable: true);

    /// <summary>The names in texts that may each hold several.</summary>
    public static TextList Parse(IEnumerable<string?> texts) => From(texts
        .SelectMany(static text => (text ?? "").Split([Separator], StringSplitOptions.RemoveEmptyEntries))
        .Where(static name => !string.IsNullOrWhiteSpace(name)));

    /// <summary>A name without its folders: of a URL the last part of its path.</summary>
    public static string ShortOf(string name)
    {
        string path = name.TrimEnd('/', '\\');
        string last = path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
        return last.Length == 0 ? name : name.Contains("://", StringComparison.Ordinal) ? Uri.UnescapeDataString(last) : last;
    }

    public override string ToString() => string.Join(Separator, this);
}
