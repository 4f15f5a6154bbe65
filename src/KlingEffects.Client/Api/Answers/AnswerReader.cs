using KlingEffects.Api.Exchange;
using KlingEffects.Http;

namespace KlingEffects.Api.Answers;

/// <summary>Turns an answer into a result: every dialect, every envelope, every failure.</summary>
internal static class AnswerReader
{
    private const int LongestExcerpt = 2000;
    private const int LongestLook = 64 * 1024;
    private const int LongestBeginning = 256;

    /// <summary>Reads an answer, or the lack of one; if it lists several tasks, the requested one counts.</summary>
    public static ApiResult Read(Operation operation, Response response, string? asked = null)
    {
        // A cut-off answer may be complete: a Content-Length may be too large (homer-api #176, 2026).
        bool isLost = response.Unfit is not null
            || (response.Fault is not null && Find(response, mostFailures: 1) is not { HasMeaning: true });
        if (isLost || Find(response, asked) is not { } envelope)
        {
            return Fail(operation, response, null, response.Unfit);
        }

        return operation switch
        {
            _ when response.Status is < 200 or >= 300 => Fail(operation, response, envelope, null),
            Operation.List => ReadList(response, envelope),
            Operation.Account => ReadPacks(response, envelope),
            _ => ReadTask(operation, response, envelope),
        };
    }

    /// <summary>A query failed by an unexpected exception, which says nothing about any task.</summary>
    public static ApiResult Read(Exception defect)
    {
        string why = $"{defect.GetType().Name}: {ServerText.Clean(defect.Message)?.TrimEnd('.')}";
        return Doubt($"The API's answer could not be dealt with ({why}).", defect) with { IsDefect = true, WasAnswered = false };
    }

    public static ApiResult Mistaken(string other) => Doubt($"The answer is about another task: {other}.");

    private static ApiResult ReadTask(Operation operation, Response response, Envelope envelope)
    {
        // Resellers put the reason of a failed task into an error beside it.
        bool tellsOfTask = !envelope.HasError
            || (operation == Operation.Query && envelope.CodeSaysSuccess && TaskReader.StatusOf(envelope)?.HasFailed() == true);
        if (!tellsOfTask)
        {
            return Fail(operation, response, envelope, null);
        }

        KlingTask task = TaskReader.Read(envelope);
        string? missing = operation == Operation.Submit
            ? task.TaskId.Length > 0 ? null : "it was accepted, but the answer holds no task id"
            : TaskReader.StatusOf(envelope) is not null ? null : "the answer holds no task status";
        return missing is null ? new ApiResult { Task = task, Creation = Creation.Created } : Fail(operation, response, envelope, missing);
    }

    // A list without tasks may be null instead of empty.
    private static ApiResult ReadList(Response response, Envelope envelope)
    {
        JsonElement? data = envelope.Root.Member("data");
        return !envelope.CodeSaysSuccess ? Fail(Operation.List, response, envelope, null)
            : data is null ? new ApiResult { Tasks = [] }
            : data is { ValueKind: JsonValueKind.Array } list
                ? new ApiResult { Tasks = [.. list.EnumerateArray().Select(task => ReadListed(task, envelope)).OfType<KlingTask>()] }
            : Fail(Operation.List, response, envelope, "the answer holds no list of tasks");
    }

    private static KlingTask? ReadListed(JsonElement entry, Envelope list) =>
        Envelope.Read(entry) is { } envelope && TaskReader.Read(envelope) is { TaskId.Length: > 0 } task
            ? task.MergedWith(new KlingTask { RequestId = list.RequestId }) : null;

    // The data has a code of its own.
    private static ApiResult ReadPacks(Response response, Envelope envelope)
    {
        bool isDone = envelope.CodeSaysSuccess
            && envelope.Levels.All(static level => level.Text("code") is not { } code || Envelope.SaysSuccess(code));
        JsonElement? packs = envelope.Levels.FirstOf(static level => level.Member("resource_pack_subscribe_infos"));
        return !isDone ? Fail(Operation.Account, response, envelope, null)
            : packs is { ValueKind: JsonValueKind.Array } list ? new ApiResult { Packs = [.. list.EnumerateArray().Select(ReadPack)] }
            : Fail(Operation.Account, response, envelope, "the answer tells of no resource packs");
    }

    private static KlingResourcePack ReadPack(JsonElement pack) => new()
    {
        Name = ServerText.Clean(pack.Text("resource_pack_name")) ?? "",
        Kind = ServerText.Clean(pack.Text("resource_pack_type")),
        Total = pack.Amount("total_quantity"),
        Remaining = pack.Amount("remaining_quantity"),
        StartsAt = pack.Time("effective_time"),
        EndsAt = pack.Time("invalid_time"),
        Status = ServerText.Clean(pack.Text("status")),
    };

    private static ApiResult Doubt(SafeText message, Exception? cause = null) => new()
    {
        Error = new KlingException(
            KlingErrorId.ProtocolError, message, innerException: cause, advice: Advice.ForQuery(KlingErrorId.ProtocolError)),
        Repeatable = true,
    };

    private static ApiResult Fail(Operation operation, Response response, Envelope? envelope, string? problem)
    {
        RequestFault? fault = envelope is null ? response.Fault : null;
        // A cut-off error text says nothing, whatever the status.
        ErrorRule rule = fault is null ? ErrorRules.For(operation, response.Status, envelope)
            : ErrorRules.Server with { Repeatable = !fault.IsPermanent };
        // An error that names a task is contradictory.
        string? named = operation == Operation.Submit && envelope is not null ? TaskReader.IdNamedBy(envelope) : null;
        Creation creation = named is null ? SubmitConclusion.From(response.Sent, rule.Creation) : Creation.Uncertain;
        bool isUncertain = operation == Operation.Submit && creation == Creation.Uncertain;
        KlingErrorId id = isUncertain ? KlingErrorId.SubmitUncertain : rule.Id;
        string reason = fault is null ? Reason(response, envelope, problem, named) : Reason(response, fault);
        return new ApiResult
        {
            Error = new KlingException(id, Sentence(operation, id, reason))
            {
                Code = envelope?.Code,
                HttpStatus = fault is null ? response.Status : fault.Status,
                RequestId = envelope?.RequestId,
                RetryAfter = response.RetryAfter,
                TaskId = named,
                AnswerBody = isUncertain || problem is not null || envelope?.Message is null ? Excerpt(response) : null,
                RecommendedAction = fault?.Advice ?? (IsTooLarge(response) ? Advice.ForTooLarge
                    : envelope is null && fault is null && ErrorRules.SpeaksOfAddress(response.Status) ? Advice.ForAddress
                    : AdviceFor(operation, id)),
            },
            Creation = creation,
            Repeatable = rule.Repeatable && !isUncertain,
            WasAnswered = fault is null,
        };
    }

    private static string Reason(Response response, RequestFault fault)
    {
        string? size = response is { Sent: BodyProgress.Begun, RequestLength: > ByteSize.Mega and var length } && fault.Status is null
            ? ByteSize.Describe(length) : null;
        return size is null || fault.Message.Contains(size, StringComparison.Ordinal)
            ? fault.Message : $"{fault.Message}, in the midst of a request of {size}";
    }

    private static string Reason(Response response, Envelope? envelope, string? problem, string? named)
    {
        string reason = IsTooLarge(response)
            ? $"a request of {ByteSize.Describe(response.RequestLength!.Value)} is more than a server on the way takes"
            : (problem ?? (envelope is null ? Unreadable(response) : envelope.Message))?.TrimEnd('.') ?? "no reason was given";
        string code = envelope?.Code is { } known ? $"code {known}, " : "";
        string task = named is null ? "" : $", naming task {named}";
        return $"{reason} ({code}HTTP {response.Status}){task}";
    }

    private static bool IsTooLarge(Response response) => response is { Status: 413, RequestLength: > 0 };

    private static SafeText Sentence(Operation operation, KlingErrorId id, string reason) => (operation, id) switch
    {
        (_, KlingErrorId.SubmitUncertain) => (SafeText)$"The submit may or may not have been accepted: {reason}.",
        (Operation.Account, _) => $"The API did not tell what the account has: {reason}.",
        (Operation.Submit, _) => $"The API did not accept the job: {reason}.",
        _ => $"The API did not tell of the task: {reason}.",
    };

    private static string? AdviceFor(Operation operation, KlingErrorId id) => operation switch
    {
        Operation.Query or Operation.List => Advice.ForQuery(id),
        Operation.Account when id is not (KlingErrorId.Unauthorized or KlingErrorId.PermissionDenied or KlingErrorId.ProtocolError) =>
            Advice.ForAccount,
        _ => null,
    };

    private static string Unreadable(Response response) => response.Status is >= 300 and < 400 and not 304
        ? "the API redirects elsewhere, so the base URL is wrong; a redirect is never followed with the key"
        : Beginning(JsonText.ToUtf8(response.Body)) is ['<', ..] ? "the answer is a web page, not the API's JSON"
        : response.Body.IsEmpty ? "the answer is empty" : "the answer is not the API's JSON";

    private static string? Excerpt(Response response)
    {
        ReadOnlyMemory<byte> body = JsonText.ToUtf8(response.Body);
        string text = Decode(body, LongestLook);
        int end = body.Length <= LongestLook ? text.Length : Math.Max(0, text.Length - KeyMask.LongestMatch);
        return ServerText.WithoutData(ServerText.Clean(text, end, LongestExcerpt));
    }

    // The first object with a task, a list or an error counts; otherwise the first object.
    private static Envelope? Find(Response response, string? asked = null, int mostFailures = LooseJson.MostFailures)
    {
        ReadOnlyMemory<byte> text = JsonText.ToUtf8(response.Body);
        if (JsonText.Parse(text) is { } whole)
        {
            return Envelope.Read(whole, response.Status, asked);
        }

        Envelope? first = null;
        foreach (JsonElement value in IsPage(Beginning(text)) ? [] : new LooseJson(text).Values(mostFailures))
        {
            Envelope? envelope = Envelope.Read(value, response.Status, asked);
            if (envelope?.HasMeaning == true)
            {
                return envelope;
            }

            first ??= envelope;
        }

        return first;
    }

    // The scripts of a web page contain objects too.
    private static bool IsPage(string beginning) =>
        ((string[])["<!doctype", "<html", "<?xml"]).Any(mark => beginning.StartsWith(mark, StringComparison.OrdinalIgnoreCase));

    private static string Beginning(ReadOnlyMemory<byte> text) => Decode(text, LongestBeginning).TrimStart();

    private static string Decode(ReadOnlyMemory<byte> text, int longest) =>
        Encoding.UTF8.GetString(text.Slice(0, Math.Min(text.Length, longest)).ToArray());
}
