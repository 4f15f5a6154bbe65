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
        new SubmitOptions { ThrottleLimit = options.ThrottleLimit ?? AtOnce },
        new RetryOptions(options.RetryUncertain, options.RetryFailed),
        observer,
        stop);

    private Task? _end;

    /// <summary>How many submits have left and are not answered.</summary>
    public int InFlight => _batch.InFlight;

    /// <summary>The job's task, new or known; null where an equal row's job has it.</summary>
    public async Task<KlingTask?> SubmitAsync(EffectJob job, string row)
    {
        using JobSubmission submission = new(_batch, job, row);
        KlingTask? task = await submission.RunAsync().ConfigureAwait(false);
        if (task?.Context.SubmittedAt is not null)
        {
            await observer.TellAsync(new RunEvent.Submitted(job, task)).ConfigureAwait(false);
        }

        return task;
    }

    /// <summary>No job is left, early or not.</summary>
    public Task EndAsync() => _end ??= _batch.EndAsync();
}
