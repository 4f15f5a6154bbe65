namespace KlingEffects.Benchmarks.Bare;

/// <summary>What the bare client is to do.</summary>
internal sealed record BareWork
{
    public required int Tasks { get; init; }

    /// <summary>How many submits, and how many polls, are under way at once.</summary>
    public int InFlight { get; init; } = int.MaxValue;

    /// <summary>Seconds between a task's submit and its first poll, and between its polls.</summary>
    public double PollInterval { get; init; } = 0.5;

    /// <summary>Seconds that a task is known to take, before which it is not polled.</summary>
    public double KnownTime { get; init; }

    /// <summary>The most polls a second of all tasks together; 0 for no bound.</summary>
    public double PollsPerSecond { get; init; }

    /// <summary>Where the videos go; null downloads none.</summary>
    public string? Destination { get; init; }
}
