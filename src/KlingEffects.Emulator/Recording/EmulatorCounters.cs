namespace KlingEffects.Emulator.Recording;

/// <summary>What was counted up to a moment.</summary>
public sealed record EmulatorCounters
{
    /// <summary>Submits that arrived, accepted or not.</summary>
    public required long Submits { get; init; }

    /// <summary>Submits that created a task, whether or not the client heard of it.</summary>
    public required long AcceptedSubmits { get; init; }

    /// <summary>Queries that arrived.</summary>
    public required long Queries { get; init; }

    /// <summary>Pages of the list that were asked for.</summary>
    public required long Lists { get; init; }

    /// <summary>Requests for videos that arrived.</summary>
    public required long Downloads { get; init; }

    /// <summary>Bytes of videos that were sent.</summary>
    public required long VideoBytes { get; init; }

    /// <summary>Requests under way, at both hosts.</summary>
    public required int InFlight { get; init; }

    /// <summary>The most requests that were under way at once, at both hosts.</summary>
    public required int InFlightMaximum { get; init; }

    /// <summary>The most submits that were under way at once.</summary>
    public required int SubmitsInFlightMaximum { get; init; }

    /// <summary>The most queries that were under way at once.</summary>
    public required int QueriesInFlightMaximum { get; init; }

    /// <summary>The most downloads that were under way at once.</summary>
    public required int DownloadsInFlightMaximum { get; init; }

    /// <summary>Tasks that have not ended.</summary>
    public required int ActiveTasks { get; init; }

    /// <summary>The most tasks that were unfinished at once.</summary>
    public required int ActiveTasksMaximum { get; init; }
}
