using System.Collections.Concurrent;
using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Effects;
using KlingEffects.Journal;

namespace KlingEffects.Pipeline;

/// <summary>The work of New-KlingEffect: submits each job of a batch once, and loses no task whatever becomes of the pipeline.</summary>
internal sealed class SubmitWork : IDisposable
{
    private readonly ConcurrentDictionary<KlingException, KlingException> _doubts = new();
    private readonly HeldTasks _held;
    private readonly int _throttleLimit;
    private readonly JobJournal? _journal;
    private readonly EffectSubmitters _submitter;
    private readonly BatchSubmitter _batch;

    public SubmitWork(ApiClient api, JobJournal? journal, HeldTasks held, SubmitOptions options, RetryOptions retry)
    {
        _held = held;
        _throttleLimit = options.ThrottleLimit;
        _journal = journal;
        _submitter = new EffectSubmitters(api, options);
        _batch = new BatchSubmitter(api, _submitter, journal, retry, journal is null ? Ledger.Open(api.Time) : null);
    }

    /// <summary>How many submits have left and are not answered.</summary>
    public int InFlight => _submitter.InFlight;

    /// <summary>How many jobs to work on at once: more than may be in flight where some of them wait for the disk.</summary>
    public int Width => _journal is null ? _throttleLimit : 2 * _throttleLimit;

    /// <summary>The submits that may have been accepted and of which no error record has told.</summary>
    public IEnumerable<KlingException> Doubts => _doubts.Keys;

    /// <summary>An error record has told of the failure.</summary>
    public void Told(KlingException failure) => _doubts.TryRemove(failure, out _);

    /// <summary>Where the ids of submits under way will be found.</summary>
    public string WhereIdsAre => _journal is null ? "their ids are shown here" : $"their ids are in the journal {_journal.FilePath}";

    public async Task SubmitAsync(NumberedJob item, StageWriter writer, CancellationToken stop)
    {
        KlingTask? task;
        try
        {
            task = await _batch.SubmitAsync(item.Job, writer, stop).ConfigureAwait(false);
        }
        catch (KlingException failure)
        {
            KlingException named = item.Row.Named(failure);
            if (named.Id == KlingErrorId.SubmitUncertain)
            {
                _doubts[named] = named;
            }

            throw named;
        }

        if (task is null)
        {
            return;
        }

        task.Context.Index = item.Row.Index;
        _held.Hold(task);
        if (task.Context.SubmittedAt is not null)
        {
            await writer.TellAsync(new RunEvent.Submitted(item.Job, task)).ConfigureAwait(false);
        }

        await writer.WriteAsync(new StageRecord.Output(task)).ConfigureAwait(false);
        await _submitter.TellEndAsync(writer, isLast: false).ConfigureAwait(false);
    }

    /// <summary>No job is left, early or not.</summary>
    public async Task EndAsync(IRunObserver observer)
    {
        try
        {
            await _submitter.TellEndAsync(observer, isLast: true).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // the pipeline has ended early, and nobody is told any more
        }
    }

    public void Dispose() => _journal?.Dispose();
}
