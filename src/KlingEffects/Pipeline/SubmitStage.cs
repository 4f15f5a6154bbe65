namespace KlingEffects.Pipeline;

/// <summary>The stage of New-KlingEffect: submits each job once, and loses no task however the pipeline ends.</summary>
internal sealed class SubmitStage : ConcurrentStage<BatchRow>
{
    private readonly JobsAhead _ahead;
    private readonly SubmitBatch _batch;
    private readonly KlingCommand _command;

    public SubmitStage(KlingCommand command, ApiClient api, JobJournal? journal, SubmitOptions options, RetryOptions retry)
        : base(options.ThrottleLimit)
    {
        _command = command;
        _ahead = new JobsAhead(api.Gateway.Name);
        _batch = new SubmitBatch(api, journal, options, retry, this, Stopping, journal is null ? Ledger.Open(api.Time) : null);
        Progress.DoneWord = "submitted";
    }

    public int InFlight => _batch.InFlight;

    public static KlingException Named(BatchRow row, KlingException failure) =>
        failure.Target is null && (row.ExternalTaskId ?? row.Place) is not null ? row.Named(failure) : failure.Of(row.ExternalTaskId);

    protected override bool TryEnter(BatchRow item) => _ahead.TryEnter(item.Job!);

    protected override async Task WorkAsync(BatchRow item)
    {
        try
        {
            await _batch.SubmitAsync(
                item.Job!,
                $"Row {item.Index}",
                task =>
                {
                    task.Context.Index = item.Index;
                    _command.Hold(task);
                },
                task => WriteAsync(new StageRecord.Output(task)).AsTask()).ConfigureAwait(false);
        }
        catch (KlingException failure)
        {
            KlingException named = Named(item, failure);
            if (named.Id == KlingErrorId.SubmitUncertain)
            {
                _command.Hold(named);
            }

            throw named;
        }
        finally
        {
            _ahead.Leave(item.Job!);
        }
    }

    protected override async Task EndAsync()
    {
        await _batch.EndAsync().ConfigureAwait(false);
        if (_batch.Limit?.Error is { } left)
        {
            await TryWriteAsync(new StageRecord.Failure(left)).ConfigureAwait(false);
        }
    }
}
