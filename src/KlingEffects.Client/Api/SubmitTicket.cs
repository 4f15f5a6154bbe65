using KlingEffects.Api.Answers;

namespace KlingEffects.Api;

/// <summary>One job's place in its account's queue: it takes a slot for each submit and returns it with the result.</summary>
internal sealed class SubmitTicket(SubmitQueue queue, EffectJob job, long number) : IDisposable
{
    /// <summary>Orders by place; ties go to the job with fewer tries.</summary>
    public static readonly IComparer<SubmitTicket> ByPlace = Comparer<SubmitTicket>.Create(static (one, other) =>
        one.Place != other.Place ? one.Place.CompareTo(other.Place)
        : one.Tries != other.Tries ? one.Tries.CompareTo(other.Tries)
        : one.Number.CompareTo(other.Number));

    public SubmitQueue Queue => queue;
    public EffectJob Job => job;

    /// <summary>The number of the job's row in its pipeline: waiting jobs go in this order.</summary>
    public long Number => number;

    // Only the account's loop sets these.
    public TimeSpan Arrived { get; set; }
    public long Place { get; set; }
    public int Tries { get; set; }

    /// <summary>Whether the job has a slot, or has a result that is not delivered.</summary>
    public bool IsAtWork { get; set; }

    public KlingException? Refusal { get; set; }
    public TaskCompletionSource<KlingException?> Slot { get; private set; } = new();

    /// <summary>Waits for a slot. Null: go ahead, then call <see cref="End"/>. Otherwise the reason to give up.</summary>
    public Task<KlingException?> WaitForSlotAsync()
    {
        Slot = new(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Account.Post(() => queue.Add(this));
        return Slot.Task;
    }

    public void End(ApiResult? result) => queue.Account.Post(() => queue.Account.End(this, result));

    public void Dispose() => queue.Account.Post(() => queue.Release(this));
}
