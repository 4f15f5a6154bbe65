using System.Collections.Concurrent;
using KlingEffects.Batches;
using KlingEffects.Commands;
using KlingEffects.Effects;

namespace KlingEffects.Pipeline;

/// <summary>The work of New-KlingEffect: submits each job of a batch once, and loses no task whatever becomes of the pipeline.</summary>
internal sealed class SubmitWork : IDisposable
{
    private readonly ConcurrentDictionary<KlingException, byte> _doubts = new();
    private readonly HeldTasks _held;
    private readonly int _throttleLimit;
    private readonly JobJournal? _journal;
    private readonly EffectSubmitter _submitter;
    private readonly BatchSubmitter _batch;

    public SubmitWork(KlingClient client, JobJournal? journal, HeldTasks held, SubmitOptions options, bool retryUncertain)
    {
        _held = held;
        _throttleLimit = options.ThrottleLimit;
        _journal = journal;
        _submitter = new EffectSubmitter(client, options);
        _batch = new BatchSubmitter(client, _submitter, journal, retryUncertain);
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
            task = await _batch.SubmitAsync(item.Job, writer.NoteAsync, text => WarnAsync(writer, text), stop).ConfigureAwait(false);
        }
        catch (KlingException failure)
        {
            KlingException named = item.Row.Named(failure);
            if (named.Id == KlingErrorId.SubmitUncertain)
            {
                _doubts[named] = 0;
            }

            throw named;
        }

        if (task is null)
        {
            return;
        }

        task.Trail.Index = item.Row.Index;
        _held.Hold(task);
        if (task.Trail.SubmittedAt is not null)
        {
            await writer.NoteAsync($"{task.TaskId} submitted: {item.Job}").ConfigureAwait(false);
        }

        await writer.WriteAsync(new StageRecord.Output(task)).ConfigureAwait(false);
    }

    // A task may depend on the rest: a warning that nobody can read any more must not cut it off.
    private static async ValueTask WarnAsync(StageWriter writer, string text)
    {
        try
        {
            await writer.CautionAsync(text).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // the pipeline has ended; what is held is told of on the host
        }
    }

    public void Dispose() => _journal?.Dispose();
}
