namespace KlingEffects.Api.Answers;

/// <summary>The meaning of an error's words: those of a message, and those in a code or type, in any case or in camel case.</summary>
internal static class ErrorWords
{
    private const int Longest = 600;

    private const string Money = @"quotas?|balance|credits?|funds?|allowance|billing|arrears|wallet|resource pack(age)?s?";
    private const string Lacking =
        "not enough|in ?sufficient|not sufficient|exhausted|used up|(too )?low|exceed(s|ed)?|deplet(ed|ion)|(ran|run|running) out|empty"
        + "|negative|overdrawn";

    private static readonly Regex Gap = new(@"(?<=[a-z0-9])(?=[A-Z])|[\s.:/-]+", RegexOptions.CultureInvariant);

    private static readonly Regex Never = Words("(?!)");

    // The first match counts: in a message or a code, or in a code only, because a message may mean something else by those words.
    // Sources: public tests and logs that quote new-api gateways, 2026.
    private static readonly (ErrorRule Rule, Regex Said, Regex InCode)[] Meanings =
    [
        (new(KlingErrorId.TaskNotFound),
            Words("^(the )?task( id)? ((is |does )?not|doesn't) (exists?|found)|^no such task|任务(id)?不存在|找不到(该)?任务"),
            Never),

        // The upstream was called, so a submit may have created a task (new-api relay_task.go, service/error.go, 2026).
        (ErrorRules.Server,
            Words("请求上游(地址)?失败"),
            Words("^(read response body|unmarshal response( body)?|do request|copy response body) failed$")),

        // Before the upstream is called (same sources).
        (new(KlingErrorId.ModelNotFound),
            Never,
            Words("^(model (price error|mapping failed|(is )?not (found|supported|exists?|available))"
                + "|(unsupported|unknown|invalid) model)$")),
        (new(KlingErrorId.InvalidRequest), Never, Words("^(build request failed|invalid api platform)$")),
        (new(KlingErrorId.RateLimited, Repeatable: true),
            Words(@"rate.?limit|too many (requests|concurrent|parallel|tasks)|too frequent|throttl|\b(qps|rpm|tpm)\b|this minute"
                + @"|(request|call|submi|sent|send)\w*.{0,20}too (fast|frequent)"
                + @"|(requests?|calls?|tasks?|queries|times) (per|a) (second|minute|hour|day)"
                + @"|(limit|quota|exceed)\w*.{0,30}\bper (second|minute|hour|day)"
                + @"|(concurren|parallel).{0,40}(limit|exceed|reach|maximum|full)|(limit|exceed|reach|maximum).{0,40}(concurren|parallel)"
                + @"|频繁|(请求|调用|访问|提交).{0,8}过快|限流|(请求|调用|访问|接口).{0,8}(频率|速率)|(频率|速率).{0,6}(限|超)"
                + @"|并发.{0,10}(限|超|满|不足)|超.{0,6}并发|负载已饱和"),
            Words("^(too fast|slow down)$")),
        (new(KlingErrorId.QuotaExceeded),
            Words($@"\b({Money})\b.{{0,40}}\b({Lacking})\b|\b({Lacking})\b.{{0,40}}\b({Money})\b"
                + $@"|\b(no|zero|out of|lack of) (\w+ )?({Money})\b|\barrear(s|age)\b|payment (is )?(required|overdue)"
                + @"|account (is )?overdue|plan and billing|(please|must|to) (top.?up|recharge)\b"
                + @"|(余额|额度|配额|积分|点数|资源包|套餐).{0,8}(不足|不够|用尽|用完|耗尽|已尽|失败|为0|为零|为负|超限|过期|到期)"
                + @"|(不足|不够).{0,4}(余额|额度|积分|点数)|欠费|请.{0,6}充值|需.{0,4}充值"),
            Words($@"\b({Money})\b.*\b(failed|hard limit|overdue|zero)\b|\b(failed|hard limit|overdue)\b.*\b({Money})\b")),
        (new(KlingErrorId.Unauthorized),
            Words(@"(invalid|incorrect|wrong|expired|revoked) (api.?)?(key|token)\b"
                + @"|\b(api.?key|token)\b.{0,20}\b(invalid|incorrect|expired|revoked|not valid)\b"
                + "|无效的?(令牌|密钥)|令牌.{0,6}(无效|过期|不可用|失败)"),
            Words("^(un(authorized|authenticated)|auth(entication)? (error|failed)"
                + "|(invalid|expired|incorrect) (access ?key|authentication|authorization|credentials?))$")),
        (new(KlingErrorId.PermissionDenied),
            Words(@"permissions? (is |was )?denied"
                + @"|\b(no|(not|don't|doesn't) have|lacks?|without|insufficient|missing)\b.{0,30}\bpermissions?\b"
                + @"|\b(account|user|you|key|token|ip|ip address|plan|group)\b.{0,40}\b(not|never)"
                + " (allowed|permitted|authori[sz]ed|entitled)|access (is |was |has been )?denied"
                + "|(does|do) not have access|no access to|not in (the |your )?(ip )?(white|allow).?list"
                + @"|(account|user|key|token)\b.{0,20}\b(suspended|disabled|banned|blocked|frozen|restricted)"
                + @"|not (available|enabled|supported|open) (for|in) (your|this) (plan|account|region|country)|upgrade your plan"
                + @"|无权(限|访问|使用|调用)?|(没|未)(有|获|开通).{0,10}权限|权限不足|禁止访问|白名单|封禁|冻结|已被禁用"),
            Words("permission|^(forbidden|not allowed|unauthorized access)$"
                + @"|\b(account|user|token|key|ip|model) (is )?(not allowed|forbidden|disabled|suspended|banned|blocked|frozen)\b")),
        (new(KlingErrorId.ContentRejected),
            Words("risk control|content.{0,12}(policy|policies|filter|safety)|violat[a-z]+.{0,40}polic"
                + "|sensitive (content|words?|information)|moderation|prohibited content"
                + "|(内容|图片|图像).{0,10}(违规|安全|审核|敏感)|敏感(词|内容|信息)|风控|违规"),
            Words("content security|policy violation")),
    ];

    private static readonly Regex OfRequest = Words("^(invalid (request( error)?|parameters?|params?|argument|input)|bad request"
        + "|validation (error|failed)|missing (parameter|field).*|param(eter)? error)$");

    // Kling's messages, which gateways pass on without the number, as HTTP 400 task_failed (new-api relay/channel/task/kling/adaptor.go,
    // DoResponse, 2026). Sources: Kling's pages of error codes and of concurrency, and quoted answers, 2026-11.
    private static readonly (Regex Sentence, int Code)[] Klings =
    [
        (Words("concurrency or qps exceeds|over (the )?resource pack(age)? limit"), 1303),
        (Words("api request is too fast|exceed(s|ing) the platform'?s rate limit"), 1302),
        (Words("account balance (is )?not enough"), 1102),
        (Words("resource pack(age)?s? (is |are |has been |have been |was )?(already )?(depleted|exhausted|used up|expired)"), 1102),
        (Words("account (is )?in arrears"), 1101),
        (Words("^account exception"), 1100),
        (Words("unauthorized access to (the )?requested resource"), 1103),
        (Words("authorization is empty"), 1001),
        (Words("authorization is invalid|access key not found"), 1002),
        (Words("authorization is not yet valid"), 1003),
        (Words("authorization has expired"), 1004),
        (Words("^auth(entication)? failed"), 1000),
        (Words("content security policy|risk control system"), 1301),
        (Words("trigger(s|ed|ing)? (the )?(platform )?strategy"), 1300),
        (Words("ip white-?list(ing)? policy"), 1304),
        (Words(@"\binvalid request parameters?\b"), 1200),
        (Words(@"not in a valid base64 format|image pixel is invalid|\binvalid parameters?\b"), 1201),
        (Words("requested method is invalid"), 1202),
        (Words("requested resource does not exist"), 1203),
        (Words("^server internal error|^internal (server )?error"), 5000),
        (Words("server (is )?temporarily unavailable"), 5001),
        (Words("server internal timeout"), 5002),
    ];

    // At any status: Kling answers 400/1201, which has other meanings too (probed by a public client, 2026-09-22); gateways have codes of
    // their own (409 duplicate_external_task_id), or pass on their database's error (500 E11000 duplicate key: commonly #697).
    private static readonly Regex UsedId = Words(
        @"duplicat|\balready[\s_]*(been[\s_]*)?(exist|used|taken|in[\s_]*use|submitted|registered|created)"
        + @"|\b(must|should|has to|not)[\s_]*(be[\s_]*)?unique|\b(re-?used?|in[\s_-]*(use|progress))\b"
        + @"|\bid\b.{0,40}\b(conflict|violat|exists\b)|\bunique\b.{0,40}\b(conflict|violat)"
        + "|已(经)?(被)?(存在|使用|占用|提交|注册)|重复|(必须|需|应|不)(是|为|保持)?唯一");

    /// <summary>Whether an external id was used before. The caller looks the id up, so a false match does no harm.</summary>
    public static bool TellUsedId(KlingException refusal) => refusal.Id is KlingErrorId.InvalidRequest or KlingErrorId.SubmitUncertain
        && (UsedId.IsMatch(refusal.Code ?? "") || UsedId.IsMatch(refusal.Message));

    public static int? KlingsCode(string? sentence) => sentence is null ? null
        : Klings.FirstOf(known => known.Sentence.IsMatch(sentence) ? known.Code : (int?)null);

    public static ErrorRule? OfCode(string? code) => Find(code, isCode: true);

    /// <summary>The rule of a code that only says that the request is invalid, or null.</summary>
    public static ErrorRule? OfGeneralCode(string? code) =>
        code is not null && OfRequest.IsMatch(Spaced(code)) ? new(KlingErrorId.InvalidRequest) : null;

    /// <remarks>A failing server's message about a limit is not trusted, so that the submit is not repeated.</remarks>
    public static ErrorRule? OfSentence(string? sentence, int status) =>
        Find(sentence, isCode: false) is { } rule && (rule.Id switch
        {
            KlingErrorId.TaskNotFound or KlingErrorId.ServerError or KlingErrorId.QuotaExceeded => true,
            KlingErrorId.RateLimited => status < 500,
            _ => status is < 500 and not 401,
        }) ? rule : null;

    public static string Plain(string word) => Gap.Replace(word.Trim(), "_").ToLowerInvariant();

    private static string Spaced(string words) => Plain(words).Replace('_', ' ');

    private static ErrorRule? Find(string? text, bool isCode)
    {
        string words = text is { Length: <= Longest } ? Spaced(text) : "";
        return Meanings.FirstOf(known =>
            known.Said.IsMatch(words) || (isCode && known.InCode.IsMatch(words)) ? known.Rule : (ErrorRule?)null);
    }

    private static Regex Words(string pattern) => new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
