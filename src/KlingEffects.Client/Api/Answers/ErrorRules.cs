namespace KlingEffects.Api.Answers;

/// <summary>The meaning of an error: its id, whether a retry may help if nothing was created, and whether a task was created.</summary>
internal readonly record struct ErrorRule(KlingErrorId Id, bool Repeatable = false, Creation Creation = Creation.NotCreated);

/// <summary>The table of errors by Kling's codes, the gateway's codes, the message, and last the HTTP status. Of nested errors the
/// innermost known one counts, because it comes from the server that refused.</summary>
internal static class ErrorRules
{
    /// <summary>Something failed on the way: a query is retried, and a submit may have created a task.</summary>
    public static readonly ErrorRule Server = new(KlingErrorId.ServerError, Repeatable: true, Creation.Uncertain);

    private static readonly Regex QuotaWords = new(
        @"\b(quota|balance|arrears)\b|额度|余额", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    public static ErrorRule For(Operation operation, int httpStatus, Envelope? envelope)
    {
        // "Accepted" within an error: gateways of before 2026-09 told 201 and 202 of their upstream so (new-api #7478).
        if (envelope is { HoldsSuccess: true })
        {
            return new(KlingErrorId.ProtocolError, Repeatable: true, Creation.Uncertain);
        }

        bool hasCode = envelope?.Errors.Any(static error => error.Code is not null) == true;
        Creation creation = SubmitConclusion.FromStatus(httpStatus, hasWords: envelope is { HasError: true });
        return (envelope is null ? null : Find(operation, httpStatus, envelope, envelope.Telling))
            ?? ByStatus(httpStatus, envelope?.Message, hasCode) with { Creation = creation };
    }

    /// <summary>Whether an answer without the API's JSON and with this status means that the address is not the API's.</summary>
    public static bool SpeaksOfAddress(int httpStatus) => httpStatus is >= 200 and < 500 and not (401 or 402 or 403 or 408 or 429);

    public static bool IsKlings(int code) => ByNumber(Operation.Submit, code) is not null;

    /// <summary>The rule of one error; null if neither its code nor its message is known.</summary>
    public static ErrorRule? Find(Operation operation, int httpStatus, Envelope envelope, int index)
    {
        ErrorLayer error = envelope.Errors[index];
        // "Success" in a message contradicts the error, so that only the code counts.
        string? sentence = index == 0 && envelope.CodeSaysSuccess && error.Code is not null ? null : error.Message;
        return ByNumber(operation, error.Number)
            ?? ErrorWords.OfCode(error.Code) ?? ErrorWords.OfCode(error.Type)
            ?? ByNumber(operation, ErrorWords.KlingsCode(sentence))
            ?? ErrorWords.OfSentence(sentence, httpStatus)
            ?? (error.Number is >= 400 and < 600 and var status && httpStatus < 500 && httpStatus != status
                && !(index == 0 && httpStatus >= 300)
                ? ByStatus(status, sentence, true) with { Creation = SubmitConclusion.FromStatus(status, true) } : (ErrorRule?)null)
            ?? ErrorWords.OfGeneralCode(error.Code) ?? ErrorWords.OfGeneralCode(error.Type);
    }

    // Kling's page of error codes (reference, "Errors", 2026-11).
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

    // A gateway's statuses (reference, "Errors", 2026-11); resellers put the same numbers into the code of a 200 (kie.ai docs, 2026-11).
    private static ErrorRule ByStatus(int status, string? sentence, bool hasCode) => status switch
    {
        401 => new(KlingErrorId.Unauthorized),
        402 => new(KlingErrorId.QuotaExceeded),
        403 => new(SpeaksOfQuota(sentence) ? KlingErrorId.QuotaExceeded : KlingErrorId.PermissionDenied),
        408 => Server,
        429 when !hasCode && SpeaksOfQuota(sentence) => new(KlingErrorId.QuotaExceeded),
        429 => new(KlingErrorId.RateLimited, Repeatable: true),
        >= 300 and < 400 => new(KlingErrorId.ProtocolError),
        >= 400 and < 500 => new(KlingErrorId.InvalidRequest),
        501 or 505 => Server with { Repeatable = false },
        >= 500 => Server,
        _ => new(KlingErrorId.ProtocolError, Repeatable: true),
    };

    private static bool SpeaksOfQuota(string? sentence) => sentence is not null && QuotaWords.IsMatch(sentence);
}
