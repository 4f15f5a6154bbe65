using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using KlingEffects.Policies;

namespace KlingEffects.Videos;

/// <summary>What a host says a version of a video by: a strong entity tag, else its date of change. As in an If-Range header.</summary>
internal sealed record Validator(string Text)
{
    public RangeConditionHeaderValue Condition => RangeConditionHeaderValue.Parse(Text);

    /// <summary>The validator as part of a file name (base64url).</summary>
    public string Encoded => Convert.ToBase64String(Encoding.UTF8.GetBytes(Text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>The answer's validator, or null if it has none that is strong. RFC 9110, 8.8.2.2 and 13.1.5.</summary>
    public static Validator? Of(HttpResponseMessage response)
    {
        if (response.Headers.ETag is { IsWeak: false } tag && CanBeSent(tag.Tag))
        {
            return new Validator(tag.Tag);
        }

        DateTimeOffset? modified = response.Content.Headers.LastModified;
        return response.Headers.Date - modified >= Policy.ValidatorAge
            ? new Validator(modified!.Value.ToString("R", CultureInfo.InvariantCulture))
            : null;
    }

    // A tag may hold bytes of any encoding (RFC 9110, 8.8.3), which no request can be made to repeat.
    private static bool CanBeSent(string text) => text.All(static c => c is >= ' ' and <= '~');

    /// <summary>The validator in a part of a file name, or null if that is none.</summary>
    public static Validator? Decode(string encoded)
    {
        try
        {
            string base64 = encoded.Replace('-', '+').Replace('_', '/').PadRight((encoded.Length + 3) / 4 * 4, '=');
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(base64));
            bool strong = RangeConditionHeaderValue.TryParse(text, out RangeConditionHeaderValue? condition)
                && condition.EntityTag is not { IsWeak: true }
                && CanBeSent(text);
            return strong ? new Validator(text) : null;
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException)
        {
            return null;
        }
    }
}
