using System.Globalization;
using System.Text.Json;

namespace KlingEffects.Api.Answers;

/// <summary>Reads members that may be missing, null, or a number where a string was promised.</summary>
internal static class JsonFields
{
    public static JsonElement? Member(this JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object
                && element.TryGetProperty(name, out JsonElement member)
                && member.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
                ? member
                : null;
        }
        catch (InvalidOperationException)
        {
            return null; // another member's name, met on the way, is half of a surrogate pair
        }
    }

    public static JsonElement? Object(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Object } member ? member : null;

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

    public static double? Number(this JsonElement element, string name) =>
        double.TryParse(element.Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && !double.IsNaN(number) && !double.IsInfinity(number)
            ? number
            : null;

    /// <summary>An instant in milliseconds since 1970, or in seconds (a value below 1e11).</summary>
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
        }

        return null;
    }

    private static string? AsText(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Number:
                return element.GetRawText();
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
}
