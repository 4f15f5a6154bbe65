namespace KlingEffects.Api.Answers;

/// <summary>Why a task failed, or what is said of one under way: its sentence, and the code where one stands with it.</summary>
internal readonly record struct Reason(string? Sentence, string? Code)
{
    /// <summary>What is told of the reason: one that came as an answer of its own is told as its sentence, with its code.</summary>
    public string? Text => Sentence is not null && Code is not null ? $"{Sentence.TrimEnd('.')} (code {Code})" : Sentence ?? (Code is null ? null : $"code {Code}");
}

/// <summary>Finds the reason in the members that dialects have for it.</summary>
internal static class ReasonReader
{
    // Kling's, the gateway family's (fail_reason), resellers' (failMsg; kie.ai docs, 2026-11).
    private static readonly string[] OfFailure =
        ["task_status_msg", "fail_reason", "fail_msg", "failure_reason", "failed_reason", "error_message", "error_msg", "status_message", "error"];

    // Kling's newer standard says it in data.message (Kling's callbacks page, 2026-11), where an envelope's own message only says that the call was done.
    private static readonly string[] OfData = ["message", "msg", "reason", "detail"];

    private static readonly string[] Codes = ["fail_code", "error_code", "err_code"];

    public static Reason Read(IReadOnlyList<JsonElement> levels, JsonElement root, KlingTaskStatus status)
    {
        if (status == KlingTaskStatus.Succeed)
        {
            return default;
        }

        bool hasFailed = status == KlingTaskStatus.Failed;
        Reason? found = hasFailed
            ? First([.. levels, root], OfFailure) ?? First(levels, OfData) ?? First([root], OfData)
            : First(levels, ["task_status_msg", "status_message"]) ?? First(levels, OfData);
        return found ?? default;
    }

    /// <summary>The code that a failed task tells beside its reason.</summary>
    public static string? CodeBeside(IReadOnlyList<JsonElement> levels)
    {
        string? code = ErrorLayer.Normalise(levels.Select(static level => level.FirstText(Codes) ?? level.Object("error")?.Text("code")).FirstOrDefault(static code => code is not null));
        return code is null || Envelope.SaysSuccess(code) ? null : ServerText.Clean(code);
    }

    private static Reason? First(IReadOnlyList<JsonElement> levels, string[] names)
    {
        foreach (JsonElement level in levels)
        {
            foreach (string name in names)
            {
                if (level.Member(name) is { } member && Of(member) is { } reason)
                {
                    return reason;
                }
            }
        }

        return null;
    }

    private static Reason? Of(JsonElement member)
    {
        string? text = JsonFields.AsText(member);
        JsonElement? inner = text is null ? member : JsonText.Within(text);
        if (inner is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } answer)
        {
            return OfAnswer(answer, isText: text is not null) ?? (text is null ? null : Plain(text));
        }

        return text is null ? null : Plain(text);
    }

    private static Reason? Plain(string text) =>
        ServerText.Clean(text) is { } sentence && !Envelope.SaysSuccess(sentence) ? new Reason(sentence, null) : null;

    private static Reason? OfAnswer(JsonElement answer, bool isText)
    {
        IReadOnlyList<ErrorLayer> layers = ErrorLayer.Read(answer);
        string? sentence = layers.Select(static layer => layer.Message).LastOrDefault(static message => message is not null && !Envelope.SaysSuccess(message));
        string? code = isText || sentence is null
            ? layers.Select(static layer => layer.Code).LastOrDefault(static code => code is not null && !Envelope.SaysSuccess(code))
            : null;
        return sentence is null && code is null ? null : new Reason(sentence, ServerText.Clean(code));
    }
}
