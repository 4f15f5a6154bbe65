using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Journal;
using KlingEffects.Reports;

namespace KlingEffects.Effects;

/// <summary>What the jobs of one pipeline share: the journal, the places at their accounts, and what is known to be whose.</summary>
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

    /// <summary>Where submits are written down: in the journal, or else in the ledger, if there is one.</summary>
    public IJobLog? Log => (IJobLog?)journal ?? ledger;

    public RetryOptions Retry => retry;
    public IRunObserver Observer => observer;

    /// <summary>Gives up waiting; an answer that is under way is awaited a little longer.</summary>
    public CancellationToken Stop => stop;

    public BatchClaims Claims { get; } = new(journal);
    public JobLimit? Limit { get; } = options.MaxJobs is { } most ? new JobLimit(most) : null;

    /// <summary>Lets so many jobs read their pictures at once.</summary>
    public SemaphoreSlim Preparing { get; } = new(JobsAtOnce(journal, options));

    /// <summary>How many submits have left, or are about to, and are not answered.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>The whole way of one job; null where the batch had it before, or may pay for no more. Called in the rows' order.</summary>
    /// <param name="job">What to make.</param>
    /// <param name="row">What messages call its row.</param>
    /// <param name="hold">Given the task before anybody is told of it.</param>
    /// <param name="deliver">Passes the task on; until it has, the job counts among those that are worked on.</param>
    public async Task<KlingTask?> SubmitAsync(
        EffectJob job,
        string row = "This job",
        Action<KlingTask>? hold = null,
        Func<KlingTask, Task>? deliver = null)
    {
        using JobLimit.Place? place = Limit?.Next();
        using JobSubmission submission = new(this, job, Interlocked.Increment(ref _rows), row, place);
        if (await submission.RunAsync().ConfigureAwait(false) is not { } task)
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

    /// <summary>What a job is called in the log: in a ledger each is one of its own, for what was paid for twice is two tasks.</summary>
    public string LogKey(string key) => ledger?.NewKey() ?? key;

    public void BeginRequest() => Interlocked.Increment(ref _inFlight);

    public void EndRequest() => Interlocked.Decrement(ref _inFlight);

    public SubmitQueue QueueOf(ApiClient at) =>
        _queues.GetOrAdd(at.Gateway.Title, _ => new(() => new SubmitQueue(at.Account, _limit, options, ReportAsync, stop))).Value;

    /// <summary>Asks a question as soon as the batch may have one more request under way.</summary>
    public Task<T> QueryAsync<T>(Func<Task<T>> ask) => _limit.QueryAsync(ask, stop);

    /// <summary>How far the batch has got by its journal, for who has to put money in; null where there is no journal.</summary>
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
        return $"So far {Figures.Jobs(done.Jobs)} of the journal got a task ({cost}), "
            + $"and {Figures.Jobs(left)} of this run did not.";
    }

    /// <summary>No job is left. Ends when whoever is told of the batch has been told all.</summary>
    public async Task EndAsync()
    {
        foreach (Lazy<SubmitQueue> queue in _queues.Values)
        {
            await queue.Value.LeaveAsync().ConfigureAwait(false);
        }
    }

    private Task ReportAsync(SubmitNotice notice) => observer.ReportAsync(
        notice.Why is { } why ? new RunEvent.SubmitsHeld(notice.First!, why) : new RunEvent.SubmitsTaken(notice.Lasted)).AsTask();

    // Where jobs wait for the disk, more of them are at work than have requests under way.
    private static int JobsAtOnce(JobJournal? journal, SubmitOptions options) =>
        journal is null || options.ThrottleLimit > int.MaxValue / 2 ? options.ThrottleLimit : 2 * options.ThrottleLimit;
}
