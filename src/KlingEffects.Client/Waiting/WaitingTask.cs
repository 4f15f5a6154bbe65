namespace KlingEffects.Waiting;

/// <summary>One task that is waited for. Small: there may be ten thousand.</summary>
internal sealed class WaitingTask(KlingTask task, DateTimeOffset arrived, long sequence)
{
    private const long Never = long.MaxValue;

    // Of the nullable ones each would take three times the room.
    private long _deadline = Never;
    private long _failingSince = Never;
    private long _withoutUrlSince = Never;

    /// <summary>The task as last seen.</summary>
    public KlingTask Task { get; set; } = task;

    public DateTimeOffset Arrived { get; } = arrived;

    /// <summary>When something is to be done for it next: a poll, or giving up.</summary>
    public DateTimeOffset Due { get; set; }

    /// <summary>Whether what is due next is a poll whose time was chosen by what the batch has shown.</summary>
    public bool IsPlanned { get; set; }

    /// <summary>When waiting for it ends, or null for never.</summary>
    public DateTimeOffset? Deadline { get => At(_deadline); init => _deadline = TicksOf(value); }

    /// <summary>Whether it has ended, or is not waited for any longer.</summary>
    public bool IsOver { get; set; }

    /// <summary>Whether a poll of it has been answered well.</summary>
    public bool WasSeen { get; set; }

    /// <summary>Since when every poll has failed, or null.</summary>
    public DateTimeOffset? FailingSince { get => At(_failingSince); set => _failingSince = TicksOf(value); }

    public int Failures { get; set; }

    /// <summary>When it was first seen as succeeded without a video, or null.</summary>
    public DateTimeOffset? WithoutUrlSince { get => At(_withoutUrlSince); set => _withoutUrlSince = TicksOf(value); }

    /// <summary>Up to what age its life has been counted, in seconds.</summary>
    public double CountedAge { get; set; }

    public long Sequence { get; } = sequence;

    /// <summary>Whether it is known when the task was submitted.</summary>
    public bool HasBeginning => (Task.Context.SubmittedAt ?? Told) is not null;

    /// <summary>Since when the task has been under way: its submit where this process made it, else what a journal or the API tells.</summary>
    public DateTimeOffset Begun => Task.Context.SubmittedAt ?? (Told < Arrived ? Told.Value : Arrived);

    private DateTimeOffset? Told => Task.Context.JournaledAt ?? Task.CreatedAt;

    private static DateTimeOffset? At(long ticks) => ticks == Never ? null : new DateTimeOffset(ticks, TimeSpan.Zero);

    private static long TicksOf(DateTimeOffset? time) => time?.UtcTicks ?? Never;

    /// <summary>Orders by what is due first.</summary>
    public static readonly IComparer<WaitingTask> ByDue = Comparer<WaitingTask>.Create(static (one, other) =>
        one.Due != other.Due ? one.Due.CompareTo(other.Due) : one.Sequence.CompareTo(other.Sequence));
}
