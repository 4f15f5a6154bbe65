namespace KlingEffects.Api.Answers;

/// <summary>Reads members that may be missing, spelt differently or of an unexpected type; an unreadable one counts as missing.</summary>
internal static class JsonFields
{
    private const int LongestNumber = 256;

    private static readonly ConcurrentDictionary<string, string[]> Spellings = new(StringComparer.Ordinal);

    /// <summary>The member of this name; resellers spell it taskId or TaskId (apimodels.app and kie.ai docs, 2026-11).</summary>
    public static JsonElement? Member(this JsonElement element, string name)
    {
        bool isObject = element.ValueKind == JsonValueKind.Object;
        foreach (string spelling in isObject ? Spellings.GetOrAdd(name, static name => SpellingsOf(name)) : [])
        {
            try
            {
                if (element.TryGetProperty(spelling, out JsonElement member) && member.ValueKind != JsonValueKind.Null)
                {
                    return member;
                }
            }
            catch (InvalidOperationException)
            {
                // another member's name is half of a surrogate pair
            }
        }

        return null;
    }

    /// <summary>The object itself, the only one of an array, or either of them as text; else null.</summary>
    public static JsonElement? AsObject(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element,
        JsonValueKind.Array => element.GetArrayLength() == 1 ? element[0].AsObject() : null,
        JsonValueKind.String => JsonText.Whole(AsText(element)) is { ValueKind: not JsonValueKind.String } inner ? inner.AsObject() : null,
        _ => null,
    };

    public static JsonElement? Object(this JsonElement element, params ReadOnlySpan<string> names) => First(element, names, AsObject);

    /// <summary>The first of these members that is a string or number and not blank.</summary>
    public static string? Text(this JsonElement element, params ReadOnlySpan<string> names) =>
        First(element, names, static member => AsText(member) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null);

    public static DateTimeOffset? Time(this JsonElement element, params ReadOnlySpan<string> names) =>
        First(element, names, static member => AsText(member) is { } text ? ToTime(text) : null);

    /// <summary>The text as a finite number, or null. Bounded: .NET Framework needs half a minute for a number of a megabyte.</summary>
    public static double? ToNumber(string? text) =>
        text is { Length: <= LongestNumber } && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && !double.IsNaN(number) && !double.IsInfinity(number) ? number : null;

    /// <summary>Units or money: not negative, and bounded so that sums can't overflow.</summary>
    public static decimal? Amount(this JsonElement element, string name) =>
        decimal.TryParse(element.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal amount)
            && amount is >= 0 and < 1_000_000_000_000m ? amount : null;

    /// <summary>A string or number as text; else null.</summary>
    public static string? AsText(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Number => element.GetRawText() is { Length: <= LongestNumber } number ? number : null,
                JsonValueKind.String => element.GetString(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair, or invalid UTF-8
        }
    }

    public static TFound? FirstOf<TPlace, TFound>(this IEnumerable<TPlace> places, Func<TPlace, TFound?> find)
    {
        foreach (TPlace place in places)
        {
            if (find(place) is { } found)
            {
                return found;
            }
        }

        return default;
    }

    private static T? First<T>(JsonElement element, ReadOnlySpan<string> names, Func<JsonElement, T?> read)
    {
        foreach (string name in names)
        {
            if (element.Member(name) is { } member && read(member) is { } value)
            {
                return value;
            }
        }

        return default;
    }

    // Milliseconds since 1970, seconds (a value below 1e11), or ISO 8601.
    private static DateTimeOffset? ToTime(string text)
    {
        const double SecondsBelow = 1e11;
        const double LastMillisecond = 253402300799999;
        if (ToNumber(text) is { } number)
        {
            double milliseconds = number < SecondsBelow ? number * 1000 : number;
            return milliseconds is > 0 and <= LastMillisecond ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : null;
        }

        return Regex.IsMatch(text, @"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d|$)", RegexOptions.CultureInvariant)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time : null;
    }

    private static string[] SpellingsOf(string name)
    {
        string pascal = string.Concat(name.Split('_').Select(static word => char.ToUpperInvariant(word[0]) + word.Substring(1)));
        string camel = char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
        return [.. ((string[])[name, camel, pascal]).Distinct()];
    }
}
