using System.Globalization;
using System.Text.Json.Nodes;
using KlingEffects.Emulator.Configuration;

namespace KlingEffects.Emulator.Answers;

/// <summary>The error answers of the API, as they were published or seen.</summary>
internal static class ApiErrors
{
    public static Answer InvalidToken => Gateway(401, "", "Invalid token") with { AtKling = Kling(401, 1002, "Authorization is invalid") };

    public static Answer TaskNotExist =>
        Answer.Json(400, new JsonObject { ["code"] = "task_not_exist", ["message"] = "task_not_exist", ["data"] = null }) with { AtKling = Kling(404, 1203, "The requested resource does not exist") };

    public static Answer ParallelLimit => Kling(429, 1303, "parallel task over resource pack limit");

    public static Answer BalanceNotEnough =>
        Answer.Json(403, new JsonObject { ["code"] = null, ["message"] = "user quota is not enough" }) with { AtKling = Kling(429, 1102, "Account balance not enough") };

    public static Answer RateLimit => Kling(429, 1302, "Requests are too fast, the rate limit is exceeded").With("Retry-After", "1");

    /// <summary>What the web site behind the API's host answers where there is no call.</summary>
    public static Answer NoSuchCall => Answer.Html(200, "CometAPI", "CometAPI") with { AtKling = Kling(404, 1202, "The requested method is invalid") };

    /// <summary>Kling's own envelope.</summary>
    public static Answer Kling(int status, int code, string message) =>
        Answer.Json(status, new JsonObject { ["code"] = code, ["message"] = message, ["request_id"] = RequestId() });

    /// <summary>A value that the API does not take.</summary>
    public static Answer InvalidParameter(string message) => Kling(400, 1201, message);

    /// <summary>An external id that another task has; nothing is created.</summary>
    public static Answer DuplicateExternalId(string externalId, DuplicateRefusal form) => form == DuplicateRefusal.Conflict
        ? Conflict("duplicate_external_task_id", $"external_task_id {externalId} already exists")
        : InvalidParameter($"external_task_id {externalId} already exists, it must be unique");

    /// <summary>A member that is missing; the gateway calls that a server error.</summary>
    public static Answer Missing(string member) =>
        Gateway(500, "invalid_request", $"{member} is required") with { AtKling = Kling(400, 1201, $"{member} is required") };

    /// <summary>The gateway's envelope.</summary>
    public static Answer Gateway(int status, string code, string message)
    {
        string text = status == 401 ? message : $"{message} (request id: {RequestId()})";
        return Answer.Json(status, new JsonObject
        {
            ["error"] = new JsonObject { ["message"] = text, ["type"] = "comet_api_error", ["code"] = code },
        }) with { AtKling = Kling(status, status < 500 ? 1200 : 5000, message) };
    }

    /// <summary>What a status of which nothing more is known looks like: a page of the proxy in front, or the gateway's envelope.</summary>
    public static Answer ForStatus(int status) => status switch
    {
        401 => InvalidToken,
        404 => Answer.Html(404, "404 Not Found", "Not Found"),
        429 => RateLimit with { Headers = [] },
        502 or 504 or 524 => Answer.Html(status, string.Create(CultureInfo.InvariantCulture, $"{status}: Gateway error"), "Gateway error"),
        _ => Gateway(status, "", string.Create(CultureInfo.InvariantCulture, $"status {status}")),
    };

    private static Answer Conflict(string code, string message) =>
        Answer.Json(409, new JsonObject { ["code"] = code, ["message"] = message, ["request_id"] = RequestId() });

    public static string RequestId() => Guid.NewGuid().ToString();
}
