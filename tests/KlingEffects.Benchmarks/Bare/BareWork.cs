namespace KlingEffects.Benchmarks.Bare;

/// <summary>What the bare client is to do.</summary>
internal sealed record BareWork
{
    public required int Tasks { get; init; }

    /// <summary>How many submits, and how many polls, are under way at once.</summary>
    public int InFlight { get; init; } = int.MaxValue;

    /// <summary>Seconds between a task's submit and its first poll, and between its polls.</summary>
    public double PollInterval { get; init; } = 0.5;

    /// <summary>Where the videos go; null downloads none.</summary>
    public string? Destination { get; init; }
}
