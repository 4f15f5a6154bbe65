using KlingEffects.Api.Answers;

namespace KlingEffects.Tests.Answers;

/// <summary>"No balance", "no permission" and "too much" in the words, languages and cases in which gateways say them.</summary>
public sealed class RefusalWordsTests
{
    [Theory]
    [InlineData("insufficient_user_quota")]
    [InlineData("INSUFFICIENT_USER_QUOTA")]
    [InlineData("insufficient_quota")]
    [InlineData("InsufficientQuota")]
    [InlineData("insufficient-balance")]
    [InlineData("InsufficientBalance")]
    [InlineData("insufficient_credits")]
    [InlineData("balance_not_enough")]
    [InlineData("credit_balance_too_low")]
    [InlineData("billing_hard_limit_reached")]
    [InlineData("pre_consume_token_quota_failed")]
    [InlineData("quota_exceeded")]
    [InlineData("no_quota")]
    [InlineData("account_overdue")]
    [InlineData("PAYMENT_REQUIRED")]
    [InlineData("Arrearage")]
    public void No_balance_as_a_code(string code)
    {
        foreach (int status in (int[])[200, 400, 403, 429, 500, 503])
        {
            Holds(status, Gateway(code, "当前分组上游负载已饱和，请稍后再试"), KlingErrorId.QuotaExceeded);
            Holds(status, $$"""{"code":"{{code}}","message":"no","data":null}""", KlingErrorId.QuotaExceeded);
            Holds(status, $$"""{"error":{"message":"no","type":"{{code}}"} }""", KlingErrorId.QuotaExceeded);
        }
    }

    [Theory]
    [InlineData("user quota is not enough")]
    [InlineData("User quota is NOT enough, please recharge")]
    [InlineData("token quota is not enough, token remain quota: $0.01, need quota: $0.20")]
    [InlineData("You exceeded your current quota, please check your plan and billing details")]
    [InlineData("User's credit limit is insufficient, remaining credit limit: $0.000000")]
    [InlineData("Insufficient account balance")]
    [InlineData("insufficient funds")]
    [InlineData("Your credit balance is too low to access the API")]
    [InlineData("You have run out of credits")]
    [InlineData("No credits remaining")]
    [InlineData("There are no remaining credits on this key")]
    [InlineData("Payment required")]
    [InlineData("Your account is in arrears")]
    [InlineData("Please top up your account")]
    [InlineData("预扣费额度失败, 用户剩余额度: $0.30, 需要预扣费额度: $0.80")]
    [InlineData("用户额度不足, 剩余额度: ¥0.05")]
    [InlineData("账户余额不足")]
    [InlineData("余额不足，请充值")]
    [InlineData("您的账户已欠费")]
    [InlineData("该令牌额度已用尽")]
    [InlineData("资源包已用完")]
    [InlineData("kling said: insufficient_user_quota")]
    [InlineData("InsufficientBalance")]
    public void No_balance_in_a_sentence(string sentence)
    {
        foreach (int status in (int[])[200, 400, 401, 403, 429, 500])
        {
            Holds(status, Gateway("", sentence), KlingErrorId.QuotaExceeded);
            Holds(status, $$"""{"code":null,"message":"{{sentence}}"}""", KlingErrorId.QuotaExceeded);
            Holds(status, $$"""{"error":"{{sentence}}"}""", KlingErrorId.QuotaExceeded);
            Holds(status, $$"""{"code":"fail_to_fetch_task","message":"{{sentence}}","data":null}""", KlingErrorId.QuotaExceeded);
        }
    }

    [Theory]
    [InlineData("permission_denied", "no")]
    [InlineData("PERMISSION_DENIED", "no")]
    [InlineData("PermissionDenied", "no")]
    [InlineData("access_denied", "no")]
    [InlineData("insufficient_permissions", "no")]
    [InlineData("account_suspended", "no")]
    [InlineData("ip_not_allowed", "no")]
    [InlineData("", "You do not have permission to use this model")]
    [InlineData("", "Permission denied")]
    [InlineData("", "access denied")]
    [InlineData("", "Your IP is not in the whitelist")]
    [InlineData("", "This token is not allowed to use model kling")]
    [InlineData("", "Your account has been suspended")]
    [InlineData("", "该令牌无权访问模型 kling-v1-6")]
    [InlineData("", "没有权限")]
    [InlineData("", "IP 不在白名单中")]
    [InlineData("", "用户已被封禁")]
    public void No_permission(string code, string sentence)
    {
        foreach (int status in (int[])[400, 403, 429])
        {
            Holds(status, Gateway(code, sentence), KlingErrorId.PermissionDenied);
            Holds(status, $$"""{"code":"{{code}}","message":"{{sentence}}","data":null}""", KlingErrorId.PermissionDenied);
        }
    }

    [Theory]
    [InlineData("", "Too many requests")]
    [InlineData("rate_limit_exceeded", "slow down")]
    [InlineData("RATE_LIMIT", "quota exceeded for requests per minute")]
    [InlineData("RateLimitExceeded", "no")]
    [InlineData("TooManyRequests", "no")]
    [InlineData("concurrent_tasks_limit", "no")]
    [InlineData("", "upstream: TooManyRequests")]
    [InlineData("", "Quota exceeded: 10 requests per minute")]
    [InlineData("", "Concurrency limit reached for this account")]
    [InlineData("", "maximum number of parallel tasks reached")]
    [InlineData("", "请求过于频繁，请稍后再试")]
    [InlineData("", "并发数超过上限")]
    [InlineData("fail_to_fetch_task", "当前分组上游负载已饱和，请稍后再试")]
    public void Too_much_at_once_waits(string code, string sentence)
    {
        ApiResult submit = Reading.Submit(429, Gateway(code, sentence));
        Assert.Equal((KlingErrorId.RateLimited, true, Creation.NotCreated), (submit.Error().Id, submit.Repeatable, submit.Creation));
        Assert.True(Reading.Query(429, Gateway(code, sentence)).Repeatable);
    }

    [Theory]
    [InlineData(502, "upstream rate limit exceeded")]
    [InlineData(500, "too many requests in flight, the last one may have been carried out")]
    [InlineData(500, "请求上游地址失败")]
    [InlineData(400, "请求上游地址失败")]
    public void A_broken_servers_words_of_limits_send_no_submit_again(int status, string sentence) =>
        Assert.Equal((KlingErrorId.SubmitUncertain, false), Reading.Submit(status, Gateway("", sentence)) is var answer ? (answer.Error().Id, answer.Repeatable) : default);

    [Theory]
    [InlineData(400, "该令牌状态不可用", KlingErrorId.Unauthorized)]
    [InlineData(401, "无效的令牌", KlingErrorId.Unauthorized)]
    [InlineData(400, "API key not valid. Please pass a valid API key.", KlingErrorId.Unauthorized)]
    [InlineData(401, "Access denied due to invalid subscription key", KlingErrorId.Unauthorized)]
    [InlineData(400, "\\\"images\\\" is not allowed to be empty", KlingErrorId.InvalidRequest)]
    [InlineData(400, "the white balance of the image is off", KlingErrorId.InvalidRequest)]
    [InlineData(400, "the video must have 24 frames per second", KlingErrorId.InvalidRequest)]
    [InlineData(400, "the motion is too fast for this effect", KlingErrorId.InvalidRequest)]
    [InlineData(400, "音频频率不支持", KlingErrorId.InvalidRequest)]
    [InlineData(400, "kling: Invalid parameters, such as incorrect key or illegal value", KlingErrorId.InvalidRequest)]
    [InlineData(404, "Task not found", KlingErrorId.TaskNotFound)]
    [InlineData(400, "任务不存在", KlingErrorId.TaskNotFound)]
    [InlineData(400, "图片内容违规", KlingErrorId.ContentRejected)]
    public void What_is_near_to_them_keeps_its_own_kind(int status, string sentence, KlingErrorId id) => Holds(status, Gateway("", sentence), id);

    private static void Holds(int status, string body, KlingErrorId id)
    {
        foreach (Operation operation in (Operation[])[Operation.Submit, Operation.Query])
        {
            ApiResult answer = Reading.Of(operation, status, body);
            Assert.Equal((id, false, Creation.NotCreated), (answer.Error().Id, answer.Repeatable, answer.Creation));
        }
    }

    private static string Gateway(string code, string sentence) =>
        $$"""{"error":{"message":"{{sentence}} (request id: r-1)","type":"comet_api_error","code":"{{code}}"} }""";
}
