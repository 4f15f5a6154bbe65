using System.Collections;
using System.Numerics;

namespace KlingEffects.Rows;

/// <summary>Reads cells of files and of the pipeline. A list of one is its element; ambiguous values are refused.</summary>
internal static class CellReader
{
    // Of spreadsheets that make dates of ids such as 2-3.
    private static readonly string[] Languages = ["", "en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "sv", "tr"];

    // 2.03227E+18 in all cultures, and a whole number that was converted to one with a fraction.
    private static readonly Regex RoundedNumber = new(
        @"^\d+[.,\u066B\u00A0\u202F' ]\d*([eE\u0415\u0435]|\u00D710\^?)[+]?\d{1,3}$|"
            + @"^\d+([eE]|\u00D710\^?)\+\d{1,3}$|^\d{16,}[.,\u066B]0+$",
        RegexOptions.CultureInvariant);

    // Spreadsheets keep 15 digits and fill up with zeros.
    private static readonly Regex ZeroFilled = new(@"^\d{15}0{3,}$", RegexOptions.CultureInvariant);

    // Dates by .NET and spreadsheets: 11/28/2026 10:00:00 AM, 3/2/2026, 2-Mar, 01. Feb, Mar-26. An ISO 8601 date is deliberate.
    private static readonly Regex WrittenDate = new(
        @"^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}[ \u202F]+\d{1,2}[:.]\d{2}|^\d{1,2}[./]\d{1,2}[./]\d{4}$|^\d{1,2}月\d{1,2}日$"
            + @"|^\d{1,2}[-. ]+(?<month>\p{L}+)\.?$|^(?<month>\p{L}+)\.?-\d{2}$",
        RegexOptions.CultureInvariant);

    private static readonly Lazy<HashSet<string>> Months = new(static () => new(
        CultureInfo.GetCultures(CultureTypes.NeutralCultures).Where(static culture => Languages.Contains(culture.Name))
            .SelectMany(static culture => culture.DateTimeFormat.AbbreviatedMonthNames
                .Concat(culture.DateTimeFormat.AbbreviatedMonthGenitiveNames)).Select(static name => name.TrimEnd('.')),
        StringComparer.OrdinalIgnoreCase));

    // The Mode of a file from the pipeline, such as -a---.
    private static readonly Regex FileMode = new(@"^[-adrhsl]{5,}\z", RegexOptions.CultureInvariant);

    // #N/A, #REF!, #NAME? and so on, in any language, and a column that was too narrow.
    private static readonly Regex ErrorValue = new(@"^#(\W?[\p{Lu}/0]+[!?]|N/A|NV|N/D|#{2,})\z", RegexOptions.CultureInvariant);

    public static bool IsRounded(string text) => RoundedNumber.IsMatch(text);

    /// <summary>The value, or the one element of a list; null if blank.</summary>
    public static object? Single(object? value, string column)
    {
        while (value is IList list)
        {
            value = list.Count > 1
                ? throw Refused($"{column} is a list of {list.Count}, and takes one value")
                : list.Count == 1 ? list[0] : null;
        }

        return value is DBNull ? null : value;
    }

    public static string? Text(object? value, string column) => Single(value, column) switch
    {
        null => null,
        string text when column == RowColumn.Mode && FileMode.IsMatch(text) => null,
        string text when ErrorValue.IsMatch(PastedText.Trim(text)) =>
            throw Refused($"{column} is '{PastedText.Trim(text)}', which a spreadsheet shows in the place of a value"),
        string text => PastedText.NullIfBlank(text),
        Uri uri => uri.OriginalString,
        Guid or char or Enum or sbyte or byte or short or ushort or int or uint or long or ulong or BigInteger =>
            FormattableString.Invariant($"{Single(value, column)}"),
        double exact when Math.Truncate(exact) == exact && Math.Abs(exact) < 1e15 => exact.ToString("0", CultureInfo.InvariantCulture),
        decimal whole when decimal.Truncate(whole) == whole => whole.ToString("0", CultureInfo.InvariantCulture),
        DateTime or DateTimeOffset => throw Refused($"{column} was text that has been turned into a date"),
        float or double or decimal => throw Refused($"{column} is the number {Single(value, column)}, which may have been rounded"),
        var other => throw Refused($"{column} is a {other.GetType().Name}, and takes text"),
    };

    private static bool IsDate(string text) => WrittenDate.Match(text) is { Success: true } date
        && (date.Groups["month"] is not { Success: true } month || Months.Value.Contains(month.Value));

    /// <summary>The external id in Unicode's form C.</summary>
    public static string? Id(object? value)
    {
        string text = PastedText.OfCell(Text(value, RowColumn.ExternalTaskId) ?? "");
        SafeText name = $"the {RowColumn.ExternalTaskId} '{PastedText.Visible(text)}'";
        return text.Length == 0 ? null
            : IsDate(text) ? throw Refused($"{name} is what a program has made a date of")
            : IsRounded(text) || ZeroFilled.IsMatch(text)
                ? throw Refused($"{name} was rounded as a number, so that its last digits are lost")
            : ServerText.IsPrintable(text) ? text.Normalize(NormalizationForm.FormC)
            : text;
    }

    public static AdditionalBody? Body(object? value) => Single(value, RowColumn.AdditionalBody) is JsonElement body
        ? AdditionalBody.Parse(body.GetRawText())
        : Text(value, RowColumn.AdditionalBody) is { } json ? AdditionalBody.Parse(json) : null;

    /// <summary>A duration in whole seconds. Thousands and fractions are refused: '5,0' may be 5 or 50.</summary>
    public static int? Seconds(object? value)
    {
        const NumberStyles WholeNumber = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        object? given = Single(value, RowColumn.Duration);
        string text = PastedText.Trim(given is bool or char ? "" : Convert.ToString(given, CultureInfo.InvariantCulture) ?? "");
        return given is null || (given is string && text.Length == 0) ? null
            : decimal.TryParse(text, WholeNumber, CultureInfo.InvariantCulture, out decimal seconds)
                && seconds is >= int.MinValue and <= int.MaxValue && seconds == decimal.Truncate(seconds) ? (int)seconds
            : throw Refused($"'{given}' is no length in whole seconds: most scenes take 5, some 10");
    }

    /// <summary>A gateway by its name, or by its number in JSON.</summary>
    public static KlingGatewayName? Gateway(object? value) => Text(value, RowColumn.Gateway) is not { } text ? null
        : text.Contains(',') || !Enum.TryParse(text, ignoreCase: true, out KlingGatewayName name)
            || name is not (KlingGatewayName.CometApi or KlingGatewayName.Kling)
        ? throw Refused($"'{text}' is no gateway: give {KlingGatewayName.CometApi} or {KlingGatewayName.Kling}")
        : name;

    private static KlingException Refused(SafeText what) => new(
        KlingErrorId.InvalidRequest, $"{what}.",
        advice: "Write the cell as the text or the one value that it is meant to be, and keep columns of ids as text; "
            + "nothing was created.");
}
