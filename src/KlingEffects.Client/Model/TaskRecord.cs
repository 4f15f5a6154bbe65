namespace KlingEffects;

/// <summary>What a journal says of a task beyond its id: how it ended, and where its videos are.</summary>
internal sealed record TaskRecord
{
    /// <summary>How the task ended, or null where the journal does not tell.</summary>
    public KlingTaskStatus? Ended { get; init; }

    /// <summary>The videos as they were saved, in their order; empty before.</summary>
    public IReadOnlyList<SavedFile> Files { get; init; } = [];

    /// <summary>Whether all videos of the task have been on disk.</summary>
    public bool IsSaved => Files.Count > 0;
}

/// <summary>One video of a task, as it was saved.</summary>
internal sealed record SavedFile
{
    /// <summary>Its full path.</summary>
    public string? Path { get; set; }

    /// <summary>The API's id of the video, or null where it told none.</summary>
    public string? VideoId { get; set; }
}
