using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Journal;
using KlingEffects.Reports;

namespace KlingEffects.Effects;

/// <summary>What the jobs of one pipeline share: the journal, the queues at their accounts, and the claims to tasks.</summary>
internal sealed class SubmitBatch(
    ApiClient api, JobJournal? journal, SubmitOptions options, RetryOptions retry, IRunObserver observer, CancellationToken stop,
    Ledger? ledger = null)
{
    private readonly ConcurrentDictionary<string, Lazy<SubmitQueue>> _queues = new(StringComparer.Ordinal);
    private readonly ConcurrencyLimit _limit = new(options.ThrottleLimit, JobsAtOnce(journal, options));
    private int _inFlight;
    private int _rows;
    private int _withTask;

    public ApiClient Api => api;
    public JobJournal? Journal => journal;

    /// <summary>Where submits are recorded: the journal, else the ledger; null for neither.</summary>
    public IJobLog? Log => (IJobLog?)journal ?? ledger;

    public RetryOptions Retry => retry;
    public IRunObserver Observer => observer;

    /// <summary>Cancels waiting; answers under way are still awaited for <see cref="Policy.CancelGrace"/>.</summary>
    public CancellationToken Stop => stop;

    public BatchClaims Claims { get; } = new(journal);
    public JobLimit? Limit { get; } = options.MaxJobs is { } most ? new JobLimit(most) : null;

    // Bounds how many jobs read their images at once.
    public SemaphoreSlim Preparing { get; } = new(JobsAtOnce(journal, options));
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Submits one job unless its task is known; null if an equal row has it or the limit is reached. Call in order.</summary>
    public async Task<KlingTask?> SubmitAsync(
        EffectJob job, string row = "This job", Action<KlingTask>? hold = null, Func<KlingTask, Task>? deliver = null,
        Action<string>? identify = null)
    {
        using JobLimit.Place? place = Limit?.Next();
        using JobSubmission submission = new(this, job, Interlocked.Increment(ref _rows), row, place);
        KlingTask? task;
        try
        {
            task = await submission.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            identify?.Invoke(submission.Key);
        }

        if (task is null)
        {
            return null;
        }

        Interlocked.Increment(ref _withTask);
        hold?.Invoke(task);
        if (task.Context.SubmittedAt is not null)
        {
            await observer.ReportAsync(new RunEvent.Submitted(job, task)).ConfigureAwait(false);
        }

        await (deliver?.Invoke(task) ?? Task.CompletedTask).ConfigureAwait(false);
        return task;
    }

    public KlingJob? Find(string key) => journal?.Find(key);

    /// <summary>The job's key in the log. In the ledger every submit has its own key, because equal jobs are separate tasks.</summary>
    public string LogKey(string key) => ledger?.NewKey() ?? key;

    public void BeginRequest() => Interlocked.Increment(ref _inFlight);

    public void EndRequest() => Interlocked.Decrement(ref _inFlight);

    public SubmitQueue QueueOf(ApiClient at) =>
        _queues.GetOrAdd(at.Gateway.Title, _ => new(() => new SubmitQueue(at.Account, _limit, options, ReportAsync, stop))).Value;

    public Task<T> QueryAsync<T>(Func<Task<T>> ask) => _limit.QueryAsync(ask, stop);

    /// <summary>How much of the batch is done and what it cost, for the error of an empty account; null without a journal.</summary>
    public SafeText? DescribeProgress()
    {
        if (journal is null)
        {
            return null;
        }

        ReportTotals done = new([.. journal.Jobs.Where(static job => job.HasTask)]);
        string[] costs = [.. done.CostTexts];
        int left = Volatile.Read(ref _rows) - Volatile.Read(ref _withTask);
        string cost = costs.Length > 0 ? string.Join(", ", costs) : "what they cost is not known yet";
        return $"So far {Figures.Jobs(done.Jobs)} of the journal got a task ({cost}), and {Figures.Jobs(left)} of this run did not.";
    }

    /// <summary>Leaves the accounts once no job is left; completes when every event has been reported.</summary>
    public async Task EndAsync()
    {
        foreach (Lazy<SubmitQueue> queue in _queues.Values)
        {
            await queue.Value.LeaveAsync().ConfigureAwait(false);
        }
    }

    private Task ReportAsync(SubmitNotice notice) => observer.ReportAsync(
        notice.Why is { } why ? new RunEvent.SubmitsHeld(notice.First!, why) : new RunEvent.SubmitsTaken(notice.Lasted)).AsTask();

    // With a journal, jobs also wait for the disk, so more of them may be at work than requests are in flight.
    private static int JobsAtOnce(JobJournal? journal, SubmitOptions options) =>
        journal is null || options.ThrottleLimit > int.MaxValue / 2 ? options.ThrottleLimit : 2 * options.ThrottleLimit;
}
