using System.Collections.ObjectModel;

namespace KlingEffects;

/// <summary>Names as one property, whose text is the names: what makes text of a list, as CSV does, loses none.</summary>
internal sealed class TextList(IEnumerable<string> items) : ReadOnlyCollection<string>([.. items.Select(ServerText.Kept).OfType<string>()])
{
    /// <summary>Stands between the names: no path of Windows has it, nor does any URL.</summary>
    public const string Separator = " | ";

    public static TextList Of(IEnumerable<string> items) => new(items);

    public static TextList Parse(string text) => Of(text.Split([Separator], StringSplitOptions.RemoveEmptyEntries));

    public override string ToString() => string.Join(Separator, this);
}
