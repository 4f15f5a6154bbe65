using System.Text.RegularExpressions;

namespace KlingEffects.Api.Answers;

/// <summary>What a code or a type means where it is a word, in capitals, small letters or camel case.</summary>
internal static class ErrorWords
{
    private const string Money = @"quota|balance|credits?|funds?|allowance|billing|arrears|wallet";
    private const string Lacking =
        @"insufficient|not_enough|exhausted|exceeded|deplet(ed|ion)|too_low|zero|empty|overdue|failed|hard_limit|out_of|no";

    // The edges of camel case, and what is no letter.
    private static readonly Regex Gap = new(@"(?<=[a-z0-9])(?=[A-Z])|[\s.:/-]+", RegexOptions.CultureInvariant);

    // The first that fits counts.
    private static readonly (Regex Word, ErrorRule Rule)[] Specific =
    [
        (Words(@"^task_(id_)?(is_)?(not_exists?|not_found|does_not_exist)$|^no_such_task$"), new(KlingErrorId.TaskNotFound)),

        // The upstream had been called, so that a submit may have made a task (new-api relay_task.go and service/error.go, 2026).
        (Words("^(read_response_body|unmarshal_response(_body)?|do_request|copy_response_body)_failed$"), ErrorRules.Server),

        // Said before the upstream is called (the same sources).
        (Words("^(model_(price_error|mapping_failed|(is_)?not_(found|supported|exists?|available))|(unsupported|unknown|invalid)_model)$"),
            new(KlingErrorId.ModelNotFound)),
        (Words("^(build_request_failed|invalid_api_platform)$"), new(KlingErrorId.InvalidRequest)),

        // insufficient_user_quota, pre_consume_token_quota_failed, insufficient_quota, billing_hard_limit_reached and their kin
        // (public tests and logs that quote new-api gateways, 2026).
        (Words($"(^|_)({Lacking})_(.*_)?({Money})(_|$)|(^|_)({Money})_(.*_)?({Lacking})(_|$)|^payment_required$"
            + "|(^|_)(arrearage|account_overdue|in_arrears)(_|$)"),
            new(KlingErrorId.QuotaExceeded)),
        (Words("^((.*_)?rate_limit(_.*)?|rate_limited|too_many_requests|too_fast|(concurren(cy|t)|parallel)_.*(limit|exceed).*"
            + "|throttl(ed|ing.*)|slow_down)$"),
            new(KlingErrorId.RateLimited, Repeatable: true)),
        (Words("permission|^(forbidden|access_denied|not_allowed|unauthorized_access)$"
            + "|(^|_)(account|user|token|key|ip|model)_(is_)?(not_allowed|forbidden|disabled|suspended|banned|blocked|frozen)(_|$)"),
            new(KlingErrorId.PermissionDenied)),
        (Words("^(un(authorized|authenticated)|authentication_(error|failed)|auth_(error|failed)|(api_?key|token)_(is_)?(invalid|expired)"
            + "|(invalid|expired|incorrect)_(api_?key|token|access_?key|authentication|authorization|credentials?))$"),
            new(KlingErrorId.Unauthorized)),
        (Words("(^|_)(content_(policy|filter|moderation|safety|security)|risk_control|moderation_blocked|sensitive_(content|words?)(_.*)?"
            + "|policy_violation|prohibited_content)(_|$)"),
            new(KlingErrorId.ContentRejected)),
    ];

    private static readonly Regex OfRequest = Words("^(invalid_(request(_error)?|parameters?|params?|argument|input)|bad_request"
        + "|validation_(error|failed)|missing_(parameter|field).*|param(eter)?_error)$");

    /// <summary>The rule of a word that says one thing only, or null.</summary>
    public static ErrorRule? Rule(string? word)
    {
        const int LongestWord = 100;
        if (word is null or { Length: > LongestWord })
        {
            return null;
        }

        string plain = Plain(word);
        return Specific.Where(known => known.Word.IsMatch(plain)).Select(static known => (ErrorRule?)known.Rule).FirstOrDefault();
    }

    /// <summary>The rule of a word that says no more than that the request is at fault, or null.</summary>
    public static ErrorRule? GeneralRule(string? word) =>
        word is not null && OfRequest.IsMatch(Plain(word)) ? new(KlingErrorId.InvalidRequest) : null;

    public static string Plain(string word) => Gap.Replace(word.Trim(), "_").ToLowerInvariant();

    private static Regex Words(string pattern) => new(pattern, RegexOptions.CultureInvariant);
}
