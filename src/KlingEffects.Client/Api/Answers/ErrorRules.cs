using System.Text.RegularExpressions;

namespace KlingEffects.Api.Answers;

/// <summary>What an error answer means: its kind, whether it may be repeated, and whether a submit made a task.</summary>
/// <param name="Id">The kind of failure.</param>
/// <param name="Repeatable">Whether a query may ask again, and a submit that made nothing may be sent again.</param>
/// <param name="Creation">Whether a submit that got this answer made a task.</param>
internal readonly record struct ErrorRule(KlingErrorId Id, bool Repeatable = false, Creation Creation = Creation.NotCreated);

/// <summary>The table of errors: Kling's codes, the gateway's words, and the HTTP status where neither helps.</summary>
internal static class ErrorRules
{
    private static readonly ErrorRule Server = new(KlingErrorId.ServerError, Repeatable: true, Creation.Uncertain);
    private static readonly Regex QuotaWords = new(@"\b(quota|balance|arrears)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private const string NoSuchTask = "task_not_exist";

    public static ErrorRule For(Operation operation, int httpStatus, Envelope? envelope)
    {
        ErrorRule? byBody = envelope is null ? null : ByNumber(operation, envelope.Number) ?? ByWord(envelope);
        return byBody ?? ByStatus(httpStatus, envelope);
    }

    /// <summary>Whether a status that came without the API's JSON tells that something else than the API stands at the address.</summary>
    public static bool SpeaksOfAddress(int httpStatus) =>
        httpStatus is >= 200 and < 500 and not (401 or 402 or 403 or 408 or 429);

    private static ErrorRule? ByNumber(Operation operation, int? code) => code switch
    {
        >= 1000 and <= 1004 => new(KlingErrorId.Unauthorized),
        >= 1100 and <= 1102 => new(KlingErrorId.QuotaExceeded),
        1103 or 1304 => new(KlingErrorId.PermissionDenied),
        1200 or 1201 => new(KlingErrorId.InvalidRequest),
        1202 or 1203 => new(operation == Operation.Submit ? KlingErrorId.ModelNotFound : KlingErrorId.TaskNotFound),
        1300 or 1301 => new(KlingErrorId.ContentRejected),
        1302 or 1303 => new(KlingErrorId.RateLimited, Repeatable: true),
        >= 5000 and <= 5002 => Server,
        _ => null,
    };

    private static ErrorRule? ByWord(Envelope envelope) =>
        OfWord(envelope.RawCode) ?? OfWord(envelope.ErrorType)
        ?? (envelope.Message?.StartsWith(NoSuchTask, StringComparison.OrdinalIgnoreCase) == true ? OfWord(NoSuchTask) : null);

    private static ErrorRule? OfWord(string? word) => word switch
    {
        NoSuchTask => new(KlingErrorId.TaskNotFound),
        "model_not_found" => new(KlingErrorId.ModelNotFound),
        "invalid_request" or "invalid_request_error" => new(KlingErrorId.InvalidRequest),
        "permission_denied" => new(KlingErrorId.PermissionDenied),
        "insufficient_user_quota" or "pre_consume_token_quota_failed" => new(KlingErrorId.QuotaExceeded),
        _ => null,
    };

    private static ErrorRule ByStatus(int status, Envelope? envelope) => status switch
    {
        401 => new(KlingErrorId.Unauthorized),
        402 => new(KlingErrorId.QuotaExceeded),
        403 => new(SpeaksOfQuota(envelope) ? KlingErrorId.QuotaExceeded : KlingErrorId.PermissionDenied),
        408 => Server,
        429 => SpeaksOfQuota(envelope) && envelope!.RawCode is null
            ? new(KlingErrorId.QuotaExceeded)
            : new(KlingErrorId.RateLimited, Repeatable: true),
        >= 300 and < 400 => new(KlingErrorId.ProtocolError),
        >= 400 and < 500 => new(KlingErrorId.InvalidRequest),
        501 or 505 => Server with { Repeatable = false },
        >= 500 => Server,
        _ when envelope is { RawCode: null } && SpeaksOfQuota(envelope) => new(KlingErrorId.QuotaExceeded),
        _ => new(KlingErrorId.ProtocolError, Repeatable: true, Creation.Uncertain),
    };

    private static bool SpeaksOfQuota(Envelope? envelope) => envelope?.Message is { } message && QuotaWords.IsMatch(message);
}
