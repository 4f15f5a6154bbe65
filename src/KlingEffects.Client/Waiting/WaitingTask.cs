namespace KlingEffects.Waiting;

/// <summary>One task that is waited for. Times are relative to the start of its waiter, so that setting a clock changes nothing.</summary>
internal sealed class WaitingTask(KlingTask task, TimeSpan? begun, TimeSpan arrived, long sequence)
{
    public static readonly IComparer<WaitingTask> ByDue = Comparer<WaitingTask>.Create(static (one, other) =>
        one.Due != other.Due ? one.Due.CompareTo(other.Due) : one._sequence.CompareTo(other._sequence));

    private readonly long _sequence = sequence;

    public KlingTask Task { get; set; } = task;

    /// <summary>The next poll, or the deadline.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>Whether the next poll's time was chosen, so that it may be rescheduled.</summary>
    public bool IsPlanned { get; set; }

    public Task Poll { get; set; } = System.Threading.Tasks.Task.CompletedTask;
    public TimeSpan? Deadline { get; init; }
    public bool WasSeen { get; set; }
    public TimeSpan? FailingSince { get; set; }
    public int Failures { get; set; }
    public TimeSpan? WithoutUrlSince { get; set; }

    /// <summary>The age in seconds up to which its life has been counted.</summary>
    public double CountedAge { get; set; }

    public bool HasBeginning { get; private set; } = begun is not null;

    /// <summary>Its beginning by its submit, a journal or the API; else its arrival.</summary>
    public TimeSpan Begun { get; private set; } = begun < arrived ? begun.Value : arrived;

    /// <summary>Records the age that the API tells, unless the beginning is known.</summary>
    public void RecordAge(TimeSpan age, TimeSpan now)
    {
        if (!HasBeginning)
        {
            HasBeginning = true;
            Begun = now - age < Begun ? now - age : Begun;
        }
    }
}
