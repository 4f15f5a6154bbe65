using System.Collections.Immutable;

namespace KlingEffects.Tests.Journal;

/// <summary>What must be true of one job, told by its attempts instead of by transitions.</summary>
internal sealed record JobModel
{
    public enum Attempt
    {
        Open,
        Refused,
        Doubtful,
    }

    public ImmutableList<Attempt> Attempts { get; init; } = [];

    public string? TaskId { get; init; }

    public bool RetryAllowed { get; init; }

    public bool IsOpen => !Attempts.IsEmpty && Attempts[^1] == Attempt.Open;

    public KlingJobState? State =>
        TaskId is not null ? KlingJobState.Running
        : IsOpen ? KlingJobState.Submitting
        : Attempts.Contains(Attempt.Doubtful) ? KlingJobState.Uncertain
        : Attempts.IsEmpty ? null
        : KlingJobState.Refused;

    public bool MayBegin(bool retry) =>
        State is null or KlingJobState.Refused || (State == KlingJobState.Uncertain && (retry || RetryAllowed));

    public JobModel Begin() => this with
    {
        Attempts = Attempts.Add(Attempt.Open),
        RetryAllowed = RetryAllowed || State == KlingJobState.Uncertain,
    };

    public JobModel Accept(string taskId) => this with { TaskId = TaskId ?? taskId };

    public JobModel Refuse() => IsOpen ? End(Attempt.Refused) : this;

    public JobModel Doubt() => (IsOpen ? End(Attempt.Doubtful) : this with { Attempts = Attempts.Add(Attempt.Doubtful) }) with { RetryAllowed = false };

    public JobModel NextRun() => (IsOpen ? End(Attempt.Doubtful) : this) with { RetryAllowed = false };

    private JobModel End(Attempt outcome) => this with { Attempts = Attempts.SetItem(Attempts.Count - 1, outcome) };
}
