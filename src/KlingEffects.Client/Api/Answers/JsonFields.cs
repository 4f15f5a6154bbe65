using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace KlingEffects.Api.Answers;

/// <summary>
/// Reads members that may be missing, null, spelt otherwise, or of another type than promised. What can't be read counts as missing:
/// one odd member costs that member and not the answer.
/// </summary>
internal static class JsonFields
{
    private const int LongestNumber = 256;

    private static readonly ConcurrentDictionary<string, string[]> Spellings = new(StringComparer.Ordinal);

    /// <summary>The member of this name, which resellers spell <c>taskId</c> or <c>TaskId</c> (apimodels.app and kie.ai docs, 2026-11).</summary>
    public static JsonElement? Member(this JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (string spelling in Spellings.GetOrAdd(name, static name => SpellingsOf(name)))
        {
            if (Exact(element, spelling) is { } member)
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>The object itself, the only one of an array, or either of them written as text; else null.</summary>
    public static JsonElement? AsObject(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element,
        JsonValueKind.Array => element.GetArrayLength() == 1 ? element[0].AsObject() : null,
        JsonValueKind.String => JsonText.Whole(AsText(element)) is { ValueKind: not JsonValueKind.String } inner ? inner.AsObject() : null,
        _ => null,
    };

    public static JsonElement? Object(this JsonElement element, string name) => element.Member(name)?.AsObject();

    /// <summary>The first of these members that is an object.</summary>
    public static JsonElement? FirstObject(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (element.Object(name) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>A string or number as text; null where there is none, or it is blank.</summary>
    public static string? Text(this JsonElement element, string name)
    {
        string? text = element.Member(name) is { } member ? AsText(member) : null;
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>The first of these members that has a text.</summary>
    public static string? FirstText(this JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (element.Text(name) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    public static double? Number(this JsonElement element, string name) => ToNumber(element.Text(name));

    /// <summary>The text as a number; null where it is none, or longer than any: .NET Framework takes half a minute for one of a megabyte.</summary>
    public static double? ToNumber(string? text) =>
        text is { Length: <= LongestNumber } && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && !double.IsNaN(number) && !double.IsInfinity(number)
            ? number
            : null;

    /// <summary>Units or money: a number that is not negative, bounded so that a sum is one too.</summary>
    public static decimal? Amount(this JsonElement element, string name) =>
        decimal.TryParse(element.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal amount) && amount is >= 0 and < 1_000_000_000_000m
            ? amount
            : null;

    /// <summary>An instant in milliseconds since 1970, in seconds (a value below 1e11), or as ISO 8601 has it.</summary>
    public static DateTimeOffset? Time(this JsonElement element, params ReadOnlySpan<string> names)
    {
        const double SecondsBelow = 1e11;
        const double LastMillisecond = 253402300799999;
        foreach (string name in names)
        {
            if (element.Number(name) is { } number && number > 0)
            {
                double milliseconds = number < SecondsBelow ? number * 1000 : number;
                return milliseconds <= LastMillisecond
                    ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds)
                    : null;
            }

            if (element.Text(name) is { } text && Patterns.IsoTime.IsMatch(text)
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset told))
            {
                return told;
            }
        }

        return null;
    }

    /// <summary>A string or number as text; null where it is neither, or holds what is no text.</summary>
    public static string? AsText(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Number:
                return element.GetRawText() is { Length: <= LongestNumber } number ? number : null;
            case JsonValueKind.String:
                try
                {
                    return element.GetString();
                }
                catch (InvalidOperationException)
                {
                    return null; // half of a surrogate pair, or bytes that are no UTF-8
                }

            default:
                return null;
        }
    }

    private static JsonElement? Exact(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out JsonElement member)
                && member.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
                ? member
                : null;
        }
        catch (InvalidOperationException)
        {
            return null; // another member's name, met on the way, is half of a surrogate pair
        }
    }

    private static string[] SpellingsOf(string name)
    {
        string[] words = name.Split('_');
        string pascal = string.Concat(words.Select(static word => char.ToUpperInvariant(word[0]) + word.Substring(1)));
        string camel = char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
        return camel == name ? [name, pascal] : [name, camel, pascal];
    }

    // Made only for a time that is no number.
    private static class Patterns
    {
        public static readonly Regex IsoTime = new(@"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d|$)", RegexOptions.CultureInvariant);
    }
}
