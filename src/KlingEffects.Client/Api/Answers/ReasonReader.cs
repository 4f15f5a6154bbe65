namespace KlingEffects.Api.Answers;

/// <summary>Finds the reason of a failed task, or the message about one under way, in the members of all dialects.</summary>
internal static class ReasonReader
{
    // Kling's, the gateways' (fail_reason), resellers' (failMsg; kie.ai docs, 2026-11).
    private static readonly string[] OfFailure =
    [
        "task_status_msg", "fail_reason", "fail_msg", "failure_reason", "failed_reason", "error_message", "error_msg", "status_message",
        "error",
    ];

    // Kling's newer standard has it in data.message (its callbacks page, 2026-11); the envelope's message is about the call.
    private static readonly string[] OfData = ["message", "msg", "reason", "detail"];

    private static readonly string[] Codes = ["fail_code", "error_code", "err_code"];

    /// <summary>The sentence with its code; and the code alone, which may be beside it.</summary>
    public static (string? Text, string? Code) Read(JsonElement[] levels, JsonElement root, KlingTaskStatus status)
    {
        bool hasFailed = status.HasFailed();
        Reason? found = status.HasSucceeded() ? null
            : hasFailed ? First([.. levels, root], OfFailure) ?? First([.. levels, root], OfData)
            : First(levels, ["task_status_msg", "status_message"]) ?? First(levels, OfData);
        (string? sentence, string? code) = (found?.Sentence, found?.Code);
        string? text = code is null ? sentence : sentence is null ? $"code {code}" : $"{sentence.TrimEnd('.')} (code {code})";
        return (text, hasFailed ? code ?? CodeBeside(levels) : null);
    }

    private static string? CodeBeside(JsonElement[] levels)
    {
        string? told = levels.FirstOf(static level => level.Text(Codes) ?? level.Object("error")?.Text("code"));
        string? code = ErrorLayer.Normalise(told);
        return code is null || Envelope.SaysSuccess(code) ? null : ServerText.Clean(code);
    }

    private static Reason? First(JsonElement[] levels, string[] names) =>
        levels.FirstOf(level => names.FirstOf(name => level.Member(name) is { } member ? Parse(member) : null));

    private static Reason? Parse(JsonElement member)
    {
        string? text = JsonFields.AsText(member);
        JsonElement? inner = text is null ? member : JsonText.Within(text);
        bool isAnswer = inner is { ValueKind: JsonValueKind.Object or JsonValueKind.Array };
        return (isAnswer ? ParseAnswer(inner!.Value, isText: text is not null) : null)
            ?? (ServerText.Clean(text) is { } sentence && !Envelope.SaysSuccess(sentence) ? new Reason(sentence, null) : null);
    }

    private static Reason? ParseAnswer(JsonElement answer, bool isText)
    {
        IReadOnlyList<ErrorLayer> layers = ErrorLayer.Read(answer);
        string? sentence = Innermost(static layer => layer.Message);
        string? code = isText || sentence is null ? Innermost(static layer => layer.Code) : null;
        return sentence is null && code is null ? null : new Reason(sentence, ServerText.Clean(code));

        string? Innermost(Func<ErrorLayer, string?> read) =>
            layers.Select(read).LastOrDefault(static told => told is not null && !Envelope.SaysSuccess(told));
    }

    private sealed record Reason(string? Sentence, string? Code);
}
