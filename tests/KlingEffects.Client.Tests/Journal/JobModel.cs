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

    public JobState State =>
        TaskId is not null ? JobState.Accepted
        : IsOpen ? JobState.Submitting
        : Attempts.Contains(Attempt.Doubtful) ? JobState.Uncertain
        : Attempts.IsEmpty ? JobState.New
        : JobState.Refused;

    public bool MayBegin(bool retry) =>
        State is JobState.New or JobState.Refused || (State == JobState.Uncertain && (retry || RetryAllowed));

    public JobModel Begin() => this with
    {
        Attempts = Attempts.Add(Attempt.Open),
        RetryAllowed = RetryAllowed || State == JobState.Uncertain,
    };

    public JobModel Accept(string taskId) => this with { TaskId = TaskId ?? taskId };

    public JobModel Refuse() => IsOpen ? End(Attempt.Refused) : this;

    public JobModel Doubt() => (IsOpen ? End(Attempt.Doubtful) : this with { Attempts = Attempts.Add(Attempt.Doubtful) }) with { RetryAllowed = false };

    public JobModel NextRun() => (IsOpen ? End(Attempt.Doubtful) : this) with { RetryAllowed = false };

    private JobModel End(Attempt outcome) => this with { Attempts = Attempts.SetItem(Attempts.Count - 1, outcome) };
}
