using KlingEffects.Api;
using KlingEffects.Api.Answers;
using Microsoft.Extensions.Time.Testing;

namespace KlingEffects.Tests.Http;

/// <summary>An account without an API, on a driven clock: what is told to it is handled before the call returns.</summary>
internal sealed class AccountRig
{
    public static readonly SubmitOptions Patient = new() { Timeout = null, StandstillTime = null, UnreachableTime = TimeSpan.FromDays(9) };

    public static readonly ApiResult Taken = new() { Task = new KlingTask { TaskId = "1" }, Creation = Creation.Created };

    public static readonly ApiResult Refused = Refusal(null);

    public static readonly ApiResult Silent =
        new() { Error = new KlingException(KlingErrorId.ServerError, "silence"), Repeatable = true, WasAnswered = false };

    public static readonly ApiResult Final = new() { Error = new KlingException(KlingErrorId.InvalidRequest, "no") };

    public AccountRig(FakeTimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider(DateTimeOffset.UtcNow);
        Account = new Account(Time, new Random(1));
    }

    public FakeTimeProvider Time { get; }

    public Account Account { get; }

    public static ApiResult Refusal(TimeSpan? retryAfter) =>
        new() { Error = new KlingException(KlingErrorId.RateLimited, "limit") { RetryAfter = retryAfter }, Repeatable = true };

    public AccountPipeline Pipeline(SubmitOptions? options = null, int requests = 10_000, int? jobs = null, Func<SubmitNotice, Task>? report = null) =>
        new(this, options ?? Patient, new ConcurrencyLimit(requests, jobs ?? requests), report);

    public void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));
}

/// <summary>The jobs of one pipeline at that account.</summary>
internal sealed class AccountPipeline
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<AccountJob> _jobs = [];
    private readonly SubmitQueue _queue;

    public AccountPipeline(AccountRig rig, SubmitOptions options, ConcurrencyLimit limit, Func<SubmitNotice, Task>? report = null) =>
        _queue = new SubmitQueue(rig.Account, limit, options, report ?? (static _ => Task.CompletedTask), _stop.Token);

    /// <summary>Every job that was let in, in its order.</summary>
    public IReadOnlyList<AccountJob> Jobs => _jobs;

    /// <summary>The jobs that have their slot and have not been answered.</summary>
    public IEnumerable<AccountJob> Inside => _jobs.Where(static job => job.HasTurn);

    public AccountJob Enter() => EnterAs(_jobs.Count);

    /// <summary>Lets a job in that is this row of the pipeline's.</summary>
    public AccountJob EnterAs(int row)
    {
        AccountJob job = new(new SubmitTicket(_queue, Scene.Job(row), row));
        _jobs.Add(job);
        return job;
    }

    public List<AccountJob> Enter(int count) => [.. Enumerable.Range(0, count).Select(_ => Enter())];

    public void Stop() => _stop.Cancel();

    public async Task LeaveAsync() => await _queue.LeaveAsync();
}

/// <summary>One job, which takes its turns as a submission does.</summary>
internal sealed class AccountJob
{
    private readonly SubmitTicket _ticket;
    private Task<KlingException?> _slot;
    private bool _isSending;

    public AccountJob(SubmitTicket ticket)
    {
        _ticket = ticket;
        _isSending = true;
        _slot = ticket.WaitForSlotAsync();
    }

    public bool HasTurn => _isSending && _slot.IsCompletedSuccessfully && GivenUp is null;

    public bool Waits => !_slot.IsCompleted;

    public bool IsCancelled => _slot.IsCanceled;

    public KlingException? GivenUp => _slot.IsCompletedSuccessfully ? _slot.GetAwaiter().GetResult() : null;

    /// <summary>How often it was sent.</summary>
    public int Sent { get; private set; }

    public bool IsTaken { get; private set; }

    /// <summary>Its submit is answered; what was refused waits again, all else comes to its end.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="keepsRecord">Whether nobody takes the job's record away.</param>
    public void Answer(ApiResult answer, bool keepsRecord = false)
    {
        Assert.True(HasTurn);
        Sent++;
        _isSending = false;
        _ticket.End(answer);
        IsTaken = answer.Creation == Creation.Created;
        if (answer.Repeatable)
        {
            _isSending = true;
            _slot = _ticket.WaitForSlotAsync();
        }
        else if (!keepsRecord)
        {
            Finish();
        }
    }

    public void Finish() => _ticket.Dispose();
}
