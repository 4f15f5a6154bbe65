using System.Text.RegularExpressions;

namespace KlingEffects.Videos.Transfer;

/// <summary>Which part of a video an answer has (RFC 9110, 14.4), read as leniently as hosts write it.</summary>
/// <param name="From">The first byte's place; null where the host has none of what was asked for.</param>
/// <param name="End">The place after the last byte; null likewise.</param>
/// <param name="Total">The video's length; null where the host does not tell it.</param>
internal sealed record ContentRange(long? From, long? End, long? Total)
{
    // The unit in any case, and an equals sign for the blank, as in the request's header.
    private static readonly Regex Form = new(
        @"^\s*bytes[ =]\s*(?:(\d{1,18})\s*-\s*(\d{1,18})|\*)\s*/\s*(\d{1,18}|\*)\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>The answer's range; null where it has none, or one that contradicts itself.</summary>
    public static ContentRange? Parse(HttpResponseMessage response)
    {
        if (!response.Content.Headers.TryGetValues("Content-Range", out IEnumerable<string>? values)
            || Form.Match(values.First()) is not { Success: true } match)
        {
            return null;
        }

        long? from = Number(match.Groups[1]);
        long? end = Number(match.Groups[2]) + 1;
        long? total = Number(match.Groups[3]);
        return from >= end || end > total ? null : new ContentRange(from, end, total);
    }

    private static long? Number(Group digits) =>
        digits.Success && long.TryParse(digits.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
