namespace KlingEffects.Batches;

/// <summary>Where a batch stands at one moment, as a person is told.</summary>
internal sealed record BatchSnapshot
{
    private readonly List<string> _parts = [];

    public BatchSnapshot(BatchProgress progress, TimeSpan? left)
    {
        Left = left;
        long failed = progress.Failed;
        long well = progress.Done - failed;
        long waiting = progress.DoneWord is null ? progress.Upstream?.Open ?? 0 : 0;
        long all = progress.Added + waiting;
        Percent = (int)Math.Min(100, 100 * progress.Done / Math.Max(1, all));
        if (progress.DoneWord is { } deed)
        {
            _parts.Add(Text($"{well} of {all} {deed}"));
        }
        else
        {
            _parts.Add(waiting > 0 ? Text($"{progress.Added} of {all} submitted") : Text($"{all} submitted"));
            _parts.Add(Text($"{progress.Processing} processing"));
            _parts.Add(Text($"{well} done"));
        }

        if (failed > 0)
        {
            _parts.Add(Text($"{failed} failed"));
        }

        if (progress.Bytes is > 0 and var bytes)
        {
            _parts.Add(ByteSize.Describe(bytes));
        }

        if (progress.Quiet is { } quiet)
        {
            _parts.Add(Text($"no polls for {Describe(quiet.For)}, which the server asks for"));
        }

        BatchProgress submits = progress.DoneWord is null ? progress.Upstream ?? progress : progress;
        Held = submits is { HeldBy: { } why, Open: > 0 and var held }
            ? why.Id == KlingErrorId.RateLimited ? Text($"the account's limit holds {held} back") : Text($"{held} wait for the API to be reached")
            : null;
    }

    /// <summary>How much of the batch has come to an end.</summary>
    public int Percent { get; }

    /// <summary>How long it will still take; null where that is not known.</summary>
    public TimeSpan? Left { get; }

    /// <summary>What holds jobs back, or null.</summary>
    public string? Held { get; }

    /// <summary>The counts, and what holds jobs back.</summary>
    public string Status => string.Join(", ", _parts) + (Held is null ? "" : $"; {Held}");

    /// <summary>The line that sums it up where no bar is drawn.</summary>
    public SafeText Summary(SafeText activity, TimeSpan after) =>
        $"{activity}, after {Describe(after)}: {Status}{(Left is { } left ? $"; about {Describe(left)} left" : "")}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Describe(TimeSpan time) =>
        time < TimeSpan.FromSeconds(90) ? Text($"{time.TotalSeconds:0} s")
        : time < TimeSpan.FromMinutes(120) ? Text($"{time.TotalMinutes:0} min")
        : Text($"{time.TotalHours:0.#} h");
}
