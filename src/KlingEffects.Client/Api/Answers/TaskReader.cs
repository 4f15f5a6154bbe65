namespace KlingEffects.Api.Answers;

/// <summary>Reads a task in any shape: Kling's two standards, the wrapper (nested up to twice), simple, camel case, and OpenAI's form.
/// Sources: reference, "Query shapes" and table A1, B5, C5, 2026-11.</summary>
internal static class TaskReader
{
    private const int LongestId = 256;

    public static KlingTask Read(Envelope envelope)
    {
        JsonElement[] levels = envelope.Levels;
        JsonElement[] everywhere = [.. levels, envelope.Root];
        KlingTaskStatus status = StatusOf(envelope) ?? KlingTaskStatus.Submitted;
        (string? message, string? code) = ReasonReader.Read(levels, envelope.Root, status);
        return new KlingTask
        {
            TaskId = IdOf(levels) ?? levels.FirstOf(static level => Id(level.Text("id"))) ?? "",
            ExternalTaskId = ServerText.Id(levels.FirstOf(ExternalIdOf)),
            Status = status,
            StatusWord = StatusWords.Shared(ServerText.Clean(StatusWord(levels))),
            StatusMessage = message,
            FailureCode = code,
            Progress = levels.FirstOf(static level => Percent(level.Text("progress"))),
            Videos = status.HasSucceeded() ? VideoReader.Read(levels, envelope.Root) : [],
            CreatedAt = levels.FirstOf(static level => level.Time("created_at", "create_time", "submit_time", "created")),
            UpdatedAt = levels.FirstOf(static level =>
                level.Time("updated_at", "update_time", "finish_time", "finished_at", "completed_at", "complete_time")),
            Units = CostReader.Units(everywhere),
            Cost = CostReader.Money(everywhere),
            RequestId = envelope.RequestId,
        };
    }

    public static string? ExternalIdOf(JsonElement task) =>
        task.Object("task_info")?.Text("external_task_id") ?? task.Text("external_task_id", "external_id");

    public static bool IsTold(Envelope envelope) => IdOf(envelope.Levels) is not null || StatusOf(envelope) is not null;

    /// <summary>The id of the task that an error names, also in a nested error; or null.</summary>
    public static string? IdNamedBy(Envelope envelope) =>
        IdOf(envelope.Levels)
        ?? envelope.Levels.FirstOf(static level => level.Text("status", "state") is null ? null : Id(level.Text("id")))
        ?? envelope.Errors.Skip(1).FirstOf(static error =>
            Id(error.Object?.Text("task_id") ?? error.Object?.Object("data")?.Text("task_id", "id")));

    public static KlingTaskStatus? StatusOf(Envelope envelope) =>
        StatusWord(envelope.Levels) is { } word ? StatusWords.Read(word, () => HasVideo(envelope))
        : !envelope.Levels.Any(HasStatus) ? null
        // An unreadable status counts as an unknown word.
        : HasVideo(envelope) ? KlingTaskStatus.Succeed : KlingTaskStatus.Processing;

    private static bool HasVideo(Envelope envelope) => VideoReader.Read(envelope.Levels, envelope.Root).Count > 0;

    private static string? IdOf(JsonElement[] levels) => levels.FirstOf(static level => Id(level.Text("task_id")));

    private static string? StatusWord(JsonElement[] levels) =>
        levels.FirstOf(static level => level.Text("task_status", "status", "state"));

    private static bool HasStatus(JsonElement level) => (level.Member("task_status") ?? level.Member("status") ?? level.Member("state")) is
        { ValueKind: JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.True or JsonValueKind.False };

    // Dots alone would name another route.
    private static string? Id(string? text) => text is not (null or "." or "..") and { Length: <= LongestId }
        && !text.Any(char.IsWhiteSpace) && ServerText.Clean(text) == text && !KeyMask.IsIn(text) ? text : null;

    private static int? Percent(string? text) =>
        JsonFields.ToNumber(text?.TrimEnd('%', ' ')) is { } percent and >= 0 and <= 100 ? (int)percent : null;
}
