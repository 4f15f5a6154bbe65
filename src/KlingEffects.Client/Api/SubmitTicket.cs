using KlingEffects.Api.Answers;

namespace KlingEffects.Api;

/// <summary>One job's place at its account: it takes a turn for each of its submits, and gives it back with what came of it.</summary>
internal sealed class SubmitTicket(SubmitQueue queue, EffectJob job, long number) : IDisposable
{
    /// <summary>Orders by whose turn is next; of two with one place the one that was tried less often.</summary>
    public static readonly IComparer<SubmitTicket> ByPlace = Comparer<SubmitTicket>.Create(static (one, other) =>
        one.Place != other.Place ? one.Place.CompareTo(other.Place)
        : one.Tries != other.Tries ? one.Tries.CompareTo(other.Tries)
        : one.Number.CompareTo(other.Number));

    public SubmitQueue Queue => queue;
    public EffectJob Job => job;

    /// <summary>Which of its pipeline's rows the job is: those that wait go in their order.</summary>
    public long Number => number;

    // What can be set is the account's to set.
    public TimeSpan Arrived { get; set; }

    public long Place { get; set; }
    public int Tries { get; set; }

    /// <summary>Whether the job has had its turn, and has neither its record nor to wait again.</summary>
    public bool IsAtWork { get; set; }

    public KlingException? Refusal { get; set; }
    public TaskCompletionSource<KlingException?> Turn { get; private set; } = new();

    /// <summary>Waits for the job's turn. Null where it is: <see cref="End"/> must follow. Else why the job is given up.</summary>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    public Task<KlingException?> TakeTurnAsync()
    {
        Turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Account.Post(() => queue.Add(this));
        return Turn.Task;
    }

    public void End(ApiResult? result) => queue.Account.Post(() => queue.Account.End(this, result));

    /// <summary>The job is at its end, and its record with whoever reads it.</summary>
    public void Dispose() => queue.Account.Post(() => queue.Release(this));
}
