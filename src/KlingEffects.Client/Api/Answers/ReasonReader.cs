namespace KlingEffects.Api.Answers;

/// <summary>Finds why a task failed, or what is said of one under way, in the members that dialects have for it.</summary>
internal static class ReasonReader
{
    // Kling's, the gateway family's (fail_reason), resellers' (failMsg; kie.ai docs, 2026-11).
    private static readonly string[] OfFailure =
        ["task_status_msg", "fail_reason", "fail_msg", "failure_reason", "failed_reason", "error_message", "error_msg", "status_message", "error"];

    // Kling's newer standard says it in data.message (Kling's callbacks page, 2026-11), where an envelope's own message only says that the call was done.
    private static readonly string[] OfData = ["message", "msg", "reason", "detail"];

    private static readonly string[] Codes = ["fail_code", "error_code", "err_code"];

    /// <summary>The sentence with the code that came with it, and the code of a task that failed, which may also stand beside it.</summary>
    public static (string? Text, string? Code) Read(IReadOnlyList<JsonElement> levels, JsonElement root, KlingTaskStatus status)
    {
        bool hasFailed = status == KlingTaskStatus.Failed;
        Reason? found = status == KlingTaskStatus.Succeed ? null
            : hasFailed ? First([.. levels, root], OfFailure) ?? First([.. levels, root], OfData)
            : First(levels, ["task_status_msg", "status_message"]) ?? First(levels, OfData);
        (string? sentence, string? code) = (found?.Sentence, found?.Code);
        string? text = sentence is null ? code is null ? null : $"code {code}"
            : code is null ? sentence
            : $"{sentence.TrimEnd('.')} (code {code})";
        return (text, hasFailed ? code ?? CodeBeside(levels) : null);
    }

    private static string? CodeBeside(IReadOnlyList<JsonElement> levels)
    {
        string? code = ErrorLayer.Normalise(TaskReader.First(levels, static level => level.Text(Codes) ?? level.Object("error")?.Text("code")));
        return code is null || Envelope.SaysSuccess(code) ? null : ServerText.Clean(code);
    }

    private static Reason? First(IReadOnlyList<JsonElement> levels, string[] names)
    {
        foreach (JsonElement level in levels)
        {
            foreach (string name in names)
            {
                if (level.Member(name) is { } member && Parse(member) is { } reason)
                {
                    return reason;
                }
            }
        }

        return null;
    }

    private static Reason? Parse(JsonElement member)
    {
        string? text = JsonFields.AsText(member);
        JsonElement? answer = text is null ? member : JsonText.Within(text);
        return (answer is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } inner ? ParseAnswer(inner, isText: text is not null) : null)
            ?? (ServerText.Clean(text) is { } sentence && !Envelope.SaysSuccess(sentence) ? new Reason(sentence, null) : null);
    }

    private static Reason? ParseAnswer(JsonElement answer, bool isText)
    {
        IReadOnlyList<ErrorLayer> layers = ErrorLayer.Read(answer);
        string? sentence = layers.Select(static layer => layer.Message).LastOrDefault(static message => message is not null && !Envelope.SaysSuccess(message));
        string? code = isText || sentence is null
            ? layers.Select(static layer => layer.Code).LastOrDefault(static code => code is not null && !Envelope.SaysSuccess(code))
            : null;
        return sentence is null && code is null ? null : new Reason(sentence, ServerText.Clean(code));
    }

    private sealed record Reason(string? Sentence, string? Code);
}
