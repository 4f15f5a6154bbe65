using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace KlingEffects.Api.Answers;

/// <summary>The four envelopes that answers come in, as one: a code, a message, a request id, and the data.</summary>
internal sealed class Envelope
{
    private const int DeepestNesting = 3;
    private const int LongestTail = 1000;
    private const int LongestCode = 100;

    private static readonly Regex RequestIdInMessage =
        new(@"\(request id: ([^)\s]{1,128})\)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private readonly KeyMask? _mask;

    private Envelope(JsonElement root, KeyMask? mask)
    {
        _mask = mask;
        Root = root;
        JsonElement? error = root.Object("error");
        string? rootCode = Normalise(root.Text("code"));
        RawCode = Normalise(error?.Text("code")) ?? rootCode;
        ErrorType = error?.Text("type");
        string? message = error?.Text("message") ?? root.FirstText("message", "msg", "error", "detail");
        Message = ServerText.WithoutData(ServerText.Clean(message, mask));
        RequestId = ServerText.Clean(root.Text("request_id") ?? IdInside(message), mask);
        Data = root.Object("data") ?? (IsTask(root) ? root : null);
        Levels = LevelsOf(Data);
        CodeSaysSuccess = SaysSuccess(rootCode);
        HasError = !CodeSaysSuccess || error?.FirstText("code", "message", "type") is not null || root.Text("error") is not null;
    }

    public JsonElement Root { get; }

    public JsonElement? Data { get; }

    /// <summary>The data and what is nested in it as such, outermost first: gateways wrap a task up to twice.</summary>
    public IReadOnlyList<JsonElement> Levels { get; }

    public string? RawCode { get; }

    /// <summary>The class of the error in the gateway's own envelope, where a code may be empty.</summary>
    public string? ErrorType { get; }

    /// <summary>Kling's numeric code, or null where the code is a word.</summary>
    public int? Number => int.TryParse(RawCode, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : null;

    public string? Message { get; }

    public string? RequestId { get; }

    /// <summary>Whether the answer as a whole is an error's.</summary>
    public bool HasError { get; }

    /// <summary>Whether the envelope's own code, without regard to an error beside it, says that the call was done.</summary>
    public bool CodeSaysSuccess { get; }

    /// <summary>The code as an error should show it: null where it says nothing.</summary>
    public string? Code => (RawCode ?? ErrorType) is { } code and not "0" ? ServerText.Clean(code, code.Length, _mask, LongestCode) : null;

    public static Envelope? Read(JsonElement root, KeyMask? mask) =>
        root.ValueKind == JsonValueKind.Object ? new Envelope(root, mask) : null;

    // A missing code beside data is a reseller's success; a null code is the gateway's quota error.
    private bool SaysSuccess(string? code) =>
        code is "0" or "200" || string.Equals(code, "success", StringComparison.OrdinalIgnoreCase) || (code is null && Data is not null);

    private static bool IsTask(JsonElement root) =>
        root.FirstText("task_id", "task_status") is not null || (root.Text("id") is not null && root.Text("status") is not null);

    private static JsonElement[] LevelsOf(JsonElement? data)
    {
        JsonElement[] levels = new JsonElement[DeepestNesting];
        int count = 0;
        for (JsonElement? level = data; level is { } found && count < DeepestNesting; level = found.Object("data"))
        {
            levels[count++] = found;
        }

        Array.Resize(ref levels, count);
        return levels;
    }

    private static string? Normalise(string? code) =>
        double.TryParse(code, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number == Math.Floor(number) && Math.Abs(number) < 1e9
            ? ((int)number).ToString(CultureInfo.InvariantCulture)
            : code;

    private static string? IdInside(string? message)
    {
        string? tail = message?.Length > LongestTail ? message.Substring(message.Length - LongestTail) : message;
        return tail is not null && RequestIdInMessage.Match(tail) is { Success: true } match ? match.Groups[1].Value : null;
    }
}
