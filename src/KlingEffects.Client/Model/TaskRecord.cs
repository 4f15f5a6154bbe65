namespace KlingEffects;

/// <summary>What a journal's file says of a task beyond its id.</summary>
internal sealed record TaskRecord
{
    public static TaskRecord None { get; } = new();

    /// <summary>The end in the API's word: <c>succeed</c> or <c>failed</c>; or null.</summary>
    public string? Status { get; set; }

    public string? Message { get; set => field = ServerText.Kept(value); }
    public decimal? Units { get; set; }
    public decimal? Cost { get; set; }
    public DateTimeOffset? CreatedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public DateTimeOffset? SavedAt { get; set; }
    public SavedFile[]? Files { get; set; }

    [JsonIgnore]
    public KlingTaskStatus? Ended => KlingTaskStatuses.FromEnd(Status);

    [JsonIgnore]
    public bool IsSaved => Files is { Length: > 0 };

    /// <summary>The record of an ended task by its last answer.</summary>
    public static TaskRecord From(KlingTask task, DateTimeOffset now) => new()
    {
        Status = task.Status.ToEnd() ?? "succeed", // its videos are there
        Message = task.HasFailed ? task.StatusMessage : null,
        Units = task.Units,
        Cost = task.Cost,
        CreatedAt = task.CreatedAt,
        EndedAt = task.UpdatedAt ?? now,
    };

    /// <summary>The record after another line, in any order: a saved video stays so.</summary>
    public TaskRecord Then(TaskRecord later) => new()
    {
        Status = IsSaved || later.IsSaved ? "succeed" : later.Status ?? Status,
        Message = IsSaved || later.IsSaved ? null : later.Message,
        Units = later.Units ?? Units,
        Cost = later.Cost ?? Cost,
        CreatedAt = later.CreatedAt ?? CreatedAt,
        EndedAt = later.EndedAt ?? EndedAt,
        SavedAt = later.SavedAt ?? SavedAt,
        Files = later.IsSaved ? later.Files : Files,
    };
}

internal sealed record SavedFile
{
    public string? Path { get; set; }
    public string? VideoId { get; set; }
}
