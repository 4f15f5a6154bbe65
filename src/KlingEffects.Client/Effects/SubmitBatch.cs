using System.Collections.Concurrent;
using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Journal;
using KlingEffects.Reports.Content;

namespace KlingEffects.Effects;

/// <summary>
/// What the jobs of one pipeline share on their way: the journal, the places at their accounts, and what is known to be whose.
/// </summary>
internal sealed class SubmitBatch
{
    private readonly ConcurrentDictionary<string, SubmitQueue> _queues = new(StringComparer.Ordinal);
    private readonly ConcurrencyLimit _limit;
    private int _inFlight;
    private int _rows;
    private int _withTask;

    /// <param name="api">The API; each job goes to the gateway that it names.</param>
    /// <param name="journal">What was submitted before, or null.</param>
    /// <param name="options">How a submit is repeated.</param>
    /// <param name="retry">What is submitted anew.</param>
    /// <param name="observer">Told of what is going on, and of what the user must know.</param>
    /// <param name="stop">Gives up waiting; an answer that is under way is awaited a little longer.</param>
    /// <param name="ledger">Where submits are noted that no journal has, or null.</param>
    public SubmitBatch(
        ApiClient api, JobJournal? journal, SubmitOptions options, RetryOptions retry,
        IRunObserver observer, CancellationToken stop, Ledger? ledger = null)
    {
        Ledger = ledger;
        Api = api;
        Journal = journal;
        Options = options;
        Retry = retry;
        Observer = observer;
        Stop = stop;
        // Where jobs wait for the disk, more of them are at work than have requests under way.
        int jobs = journal is null || options.ThrottleLimit > int.MaxValue / 2 ? options.ThrottleLimit : 2 * options.ThrottleLimit;
        _limit = new ConcurrencyLimit(options.ThrottleLimit, jobs);
        Preparing = new SemaphoreSlim(jobs);
        Claims = new BatchClaims(journal);
        Limit = options.MaxJobs is { } most ? new JobLimit(most) : null;
    }

    public ApiClient Api { get; }

    public JobJournal? Journal { get; }

    public Ledger? Ledger { get; }

    public SubmitOptions Options { get; }

    public RetryOptions Retry { get; }

    public IRunObserver Observer { get; }

    public CancellationToken Stop { get; }

    public BatchClaims Claims { get; }

    /// <summary>How many jobs may be paid for, or null.</summary>
    public JobLimit? Limit { get; }

    /// <summary>How far the batch has got by its journal, for who has to put money in; null where there is no journal.</summary>
    public SafeText? Standing
    {
        get
        {
            ReportTotals done = new();
            foreach (KlingJob job in Journal?.Jobs.Where(static job => job.HasTask) ?? [])
            {
                done.Add(job);
            }

            string[] costs = [.. done.CostTexts];
            int left = Volatile.Read(ref _rows) - Volatile.Read(ref _withTask);
            string cost = costs.Length > 0 ? string.Join(", ", costs) : "what they cost is not known yet";
            return Journal is null ? null
                : (SafeText)$"So far {Figures.Count(done.Jobs, "job", "jobs")} of the journal got a task ({cost}), and {Figures.Count(left, "job", "jobs")} of this run did not.";
        }
    }

    /// <summary>Lets so many jobs read their pictures at once.</summary>
    public SemaphoreSlim Preparing { get; }

    /// <summary>How many submits have left, or are about to, and are not answered.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>A job's way, counted.</summary>
    /// <inheritdoc cref="JobSubmission.RunAsync"/>
    public async Task<KlingTask?> RunAsync(JobSubmission submission)
    {
        Interlocked.Increment(ref _rows);
        KlingTask? task = await submission.RunAsync().ConfigureAwait(false);
        _ = task is null ? 0 : Interlocked.Increment(ref _withTask);
        return task;
    }

    public void Leaves() => Interlocked.Increment(ref _inFlight);

    public void IsAnswered() => Interlocked.Decrement(ref _inFlight);

    /// <summary>The place of the batch's jobs at the account of this API.</summary>
    public SubmitQueue QueueOf(ApiClient api) =>
        _queues.GetOrAdd(api.Gateway.Title, _ => new SubmitQueue(api.Account, _limit, Options, Observer, Stop));

    /// <summary>No job is left. Ends when whoever is told of the batch has been told all.</summary>
    public async Task EndAsync()
    {
        foreach (SubmitQueue queue in _queues.Values)
        {
            await queue.Account.LeaveAsync(queue).ConfigureAwait(false);
            queue.Dispose();
        }
    }
}
