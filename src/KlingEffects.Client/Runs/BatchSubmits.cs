using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Effects;
using KlingEffects.Policies;

namespace KlingEffects.Runs;

/// <summary>The submits of a batch: the one place of this room that knows how they are made.</summary>
internal sealed class BatchSubmits(ApiClient api, KlingBatchOptions options, JobJournal journal, IRunObserver observer, CancellationToken stop)
{
    /// <summary>How many jobs to work on at once: they wait at their own accounts, so that a full one keeps none of another waiting.</summary>
    public const int Width = Policy.JobsAhead;

    private const int AtOnce = 8;

    private readonly SubmitBatch _batch = new(
        api,
        journal,
        new SubmitOptions { ThrottleLimit = options.ThrottleLimit ?? AtOnce, MaxJobs = options.MaxJobs },
        new RetryOptions(options.RetryUncertain, options.RetryFailed),
        observer,
        stop);

    private Task? _end;

    /// <summary>How many submits have left and are not answered.</summary>
    public int InFlight => _batch.InFlight;

    /// <summary>The error of the jobs that were left, or null.</summary>
    public KlingException? Limit => _batch.Limit?.Error;

    /// <summary>The place of the next row where only so many jobs may be paid for, or null.</summary>
    public JobLimit.Place? NextPlace() => _batch.Limit?.Next();

    /// <summary>The job's task, new or known; null where an equal row's job has it, or the job is left.</summary>
    public async Task<KlingTask?> SubmitAsync(EffectJob job, string row, JobLimit.Place? place)
    {
        using JobLimit.Place? decided = place;
        using JobSubmission submission = new(_batch, job, row, place);
        KlingTask? task = await _batch.RunAsync(submission).ConfigureAwait(false);
        if (task?.Context.SubmittedAt is not null)
        {
            await observer.TellAsync(new RunEvent.Submitted(job, task)).ConfigureAwait(false);
        }

        return task;
    }

    /// <summary>No job is left, early or not.</summary>
    public Task EndAsync() => _end ??= _batch.EndAsync();
}
