namespace KlingEffects.Waiting;

/// <summary>
/// One task that is waited for. Every moment is the time since its waiter began, which no clock that is set changes. Where nobody told
/// since when it has been under way, that is since its arrival.
/// </summary>
internal sealed class WaitingTask(KlingTask task, TimeSpan? begun, TimeSpan arrived, long sequence)
{
    public static readonly IComparer<WaitingTask> ByDue = Comparer<WaitingTask>.Create(static (one, other) =>
        one.Due != other.Due ? one.Due.CompareTo(other.Due) : one._sequence.CompareTo(other._sequence));

    private readonly long _sequence = sequence;

    public KlingTask Task { get; set; } = task;

    /// <summary>When something is to be done for it next: a poll, or giving up.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>Whether what is due next is a poll whose time was chosen by what the batch has shown.</summary>
    public bool IsPlanned { get; set; }

    /// <summary>The poll that is under way, or the last one.</summary>
    public Task Poll { get; set; } = System.Threading.Tasks.Task.CompletedTask;

    public TimeSpan? Deadline { get; init; }
    public bool WasSeen { get; set; }
    public TimeSpan? FailingSince { get; set; }
    public int Failures { get; set; }

    /// <summary>When it was first seen as succeeded without a video, or null.</summary>
    public TimeSpan? WithoutUrlSince { get; set; }

    /// <summary>Up to what age its life has been counted, in seconds.</summary>
    public double CountedAge { get; set; }

    /// <summary>Whether it is known since when it has been under way.</summary>
    public bool HasBeginning { get; private set; } = begun is not null;

    /// <summary>Since when it has been under way: by its submit where this process made it, else by a journal or the API.</summary>
    public TimeSpan Begun { get; private set; } = begun < arrived ? begun.Value : arrived;

    /// <summary>The API has told its age; what was known before counts.</summary>
    public void RecordAge(TimeSpan age, TimeSpan now)
    {
        if (!HasBeginning)
        {
            HasBeginning = true;
            Begun = now - age < Begun ? now - age : Begun;
        }
    }
}
