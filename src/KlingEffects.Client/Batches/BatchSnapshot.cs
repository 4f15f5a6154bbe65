using static System.FormattableString;

namespace KlingEffects.Batches;

/// <summary>The state of a batch at one moment, in words.</summary>
internal sealed record BatchSnapshot
{
    public BatchSnapshot(BatchProgress progress, TimeSpan? left)
    {
        Left = left;
        long failed = progress.Failed;
        long well = progress.Done - failed;
        long waiting = progress.DoneWord is null ? progress.Upstream?.Open ?? 0 : 0;
        long all = progress.Added + waiting;
        Percent = (int)Math.Min(100, 100 * progress.Done / Math.Max(1, all));
        string submitted = waiting > 0 ? Invariant($"{progress.Added} of {all}") : Invariant($"{all}");
        string?[] parts =
        [
            progress.DoneWord is { } deed ? Invariant($"{well} of {all} {deed}")
                : Invariant($"{submitted} submitted, {progress.Processing} processing, {well} done"),
            failed > 0 ? Invariant($"{failed} failed") : null,
            progress.Bytes is > 0 and var bytes ? ByteSize.Describe(bytes) : null,
            progress.Quiet is { } quiet ? Invariant($"no polls for {Figures.RoughSpan(quiet.For)}, which the server asks for") : null,
        ];
        BatchProgress submits = progress.DoneWord is null ? progress.Upstream ?? progress : progress;
        string held = submits is not { HeldBy: { } why, Open: > 0 and var jobs } ? ""
            : why.Id == KlingErrorId.RateLimited ? Invariant($"; the account's limit holds {jobs} back")
            : Invariant($"; {jobs} wait for the API to be reached");
        Status = string.Join(", ", parts.OfType<string>()) + held;
    }

    public int Percent { get; }
    public TimeSpan? Left { get; }
    public string Status { get; }

    public SafeText Summary(SafeText activity, TimeSpan after) =>
        $"{activity}, after {Figures.RoughSpan(after)}: {Status}{(Left is { } left ? $"; about {Figures.RoughSpan(left)} left" : "")}";
}
