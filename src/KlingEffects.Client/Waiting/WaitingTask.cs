namespace KlingEffects.Waiting;

/// <summary>One task that is waited for. Small: there may be ten thousand. Every moment is the time since its waiter began, which no clock that is set changes.</summary>
/// <param name="task">The task.</param>
/// <param name="begun">Since when it has been under way; null where nobody told, which then is its arrival.</param>
/// <param name="arrived">When it came to be waited for.</param>
/// <param name="sequence">Its place among the arrivals.</param>
internal sealed class WaitingTask(KlingTask task, TimeSpan? begun, TimeSpan arrived, long sequence)
{
    // Of the nullable ones each would take twice the room.
    private static readonly TimeSpan Never = TimeSpan.MaxValue;

    private TimeSpan _deadline = Never;
    private TimeSpan _failingSince = Never;
    private TimeSpan _withoutUrlSince = Never;

    /// <summary>The task as last seen.</summary>
    public KlingTask Task { get; set; } = task;

    /// <summary>When something is to be done for it next: a poll, or giving up.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>Whether what is due next is a poll whose time was chosen by what the batch has shown.</summary>
    public bool IsPlanned { get; set; }

    /// <summary>When waiting for it ends, or null for never.</summary>
    public TimeSpan? Deadline { get => At(_deadline); init => _deadline = value ?? Never; }

    /// <summary>Whether it has ended, or is not waited for any longer.</summary>
    public bool IsOver { get; set; }

    /// <summary>Whether a poll of it has been answered well.</summary>
    public bool WasSeen { get; set; }

    /// <summary>Since when every poll has failed, or null.</summary>
    public TimeSpan? FailingSince { get => At(_failingSince); set => _failingSince = value ?? Never; }

    public int Failures { get; set; }

    /// <summary>When it was first seen as succeeded without a video, or null.</summary>
    public TimeSpan? WithoutUrlSince { get => At(_withoutUrlSince); set => _withoutUrlSince = value ?? Never; }

    /// <summary>Up to what age its life has been counted, in seconds.</summary>
    public double CountedAge { get; set; }

    public long Sequence { get; } = sequence;

    /// <summary>Whether it is known since when it has been under way.</summary>
    public bool HasBeginning { get; private set; } = begun is not null;

    /// <summary>Since when it has been under way: by its submit where this process made it, else by what a journal or the API tells.</summary>
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

    private static TimeSpan? At(TimeSpan time) => time == Never ? null : time;

    /// <summary>Orders by what is due first.</summary>
    public static readonly IComparer<WaitingTask> ByDue = Comparer<WaitingTask>.Create(static (one, other) =>
        one.Due != other.Due ? one.Due.CompareTo(other.Due) : one.Sequence.CompareTo(other.Sequence));
}
