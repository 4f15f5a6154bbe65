using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Api.Exchange;
using KlingEffects.Batches;
using KlingEffects.Http;

namespace KlingEffects.Effects;

/// <summary>The retry rule of a paid submit: only what certainly made nothing is sent again.</summary>
internal sealed class EffectSubmitter(ApiClient api, SubmitOptions options, RequestSlots? slots = null)
{
    private readonly Connectivity _connectivity = new();
    private readonly Standstill _standstill = new(api.Gate);
    private readonly SubmitOutage _outage = new();
    private int _inFlight;

    /// <summary>How many submits have left and are not answered.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>The requests that may be under way at once, those of a submit's look-up included.</summary>
    public RequestSlots Slots { get; } = slots ?? new(options.ThrottleLimit);

    /// <summary>Submits the job, repeating while nothing was created and the time allows.</summary>
    /// <param name="job">What to make.</param>
    /// <param name="ledger">Where each submit is written down.</param>
    /// <param name="observer">Told of each wait, with its reason.</param>
    /// <param name="stop">Gives up waiting for a turn; an answer that is under way is awaited a little longer.</param>
    public async Task<KlingTask> SubmitAsync(
        EffectJob job, SubmitLedger ledger, IRunObserver observer, CancellationToken stop)
    {
        job.Check();
        job = api.Gateway.Complete(job);
        DateTimeOffset? begun = null;
        KlingException? refusal = null;
        Answer? answer;
        bool atOnce = false;
        do
        {
            using (await Slots.TakeAsync(stop).ConfigureAwait(false))
            {
                begun ??= api.Time.GetUtcNow();
                Turn? turn = await TakeTurnAsync(begun.Value, isFirst: refusal is null, stop).ConfigureAwait(false);
                atOnce = turn is { WasAtOnce: true } && refusal is null;
                answer = turn is null ? null : await TryOnceAsync(job, ledger, stop).ConfigureAwait(false);
            }

            if (answer is null)
            {
                break;
            }

            await ledger.EndAsync(answer).ConfigureAwait(false);
            if (answer.Task is { } task)
            {
                _outage.Taken(atOnce, api.Time.GetUtcNow());
                return Known(task, job);
            }

            refusal = answer.Error!;
            if (answer.Repeatable)
            {
                stop.ThrowIfCancellationRequested();
                await TellAsync(observer, _outage.Refused(job, refusal, api.Time.GetUtcNow())).ConfigureAwait(false);
            }
        }
        while (answer.Repeatable);

        refusal = Refused(refusal ?? _connectivity.Failure);
        throw refusal.Target is null ? refusal.About(job.ToString(), subject: Subject(job)) : refusal;
    }

    /// <summary>Tells that jobs which were held back get through again, where they do.</summary>
    /// <param name="observer">Told of it.</param>
    /// <param name="isLast">Whether no job is left.</param>
    public ValueTask TellEndAsync(IRunObserver observer, bool isLast) => TellAsync(observer, _outage.TakeEnd(isLast));

    private static ValueTask TellAsync(IRunObserver observer, RunEvent? what) => what is null ? default : observer.TellAsync(what);

    // An account that lets nothing through is told as such, with what was answered last.
    private KlingException Refused(KlingException? refusal)
    {
        bool standsStill = refusal is null or { Id: KlingErrorId.RateLimited } && StandstillLeft <= TimeSpan.Zero;
        KlingException? said = refusal ?? _standstill.Refusal;
        string what = said?.Message ?? "The account's limit was reached all the time.";
        return !standsStill && refusal is not null ? refusal : new KlingException(
            KlingErrorId.RateLimited,
            $"{what}{(refusal is null ? " This job was not sent." : "")}{(standsStill ? (SafeText)$" No job got through for {options.StandstillTime?.TotalMinutes:0.#} minutes." : null)}")
        {
            Code = said?.Code,
            HttpStatus = said?.HttpStatus,
            RequestId = said?.RequestId,
            RetryAfter = said?.RetryAfter,
            AnswerBody = said?.AnswerBody,
            RecommendedAction = standsStill ? Advice.ForStandstill : null,
        };
    }

    private TimeSpan? StandstillLeft => options.StandstillTime is { } grace ? _standstill.Left(api.Time.GetUtcNow(), grace) : null;

    private static string Subject(EffectJob job) =>
        string.IsNullOrEmpty(job.ExternalTaskId) ? $"{job}" : $"{job} with the external id {job.ExternalTaskId}";

    private sealed record Turn(bool WasAtOnce);

    // Null where nothing was created for as long as the caller allows, or the API is out of reach.
    private async Task<Turn?> TakeTurnAsync(DateTimeOffset begun, bool isFirst, CancellationToken stop)
    {
        bool atOnce = true;
        while (!_connectivity.IsLost(api.Time.GetUtcNow(), options.UnreachableTime))
        {
            stop.ThrowIfCancellationRequested();
            DateTimeOffset since = api.Gate.LastTaken > begun ? api.Gate.LastTaken : begun;
            TimeSpan left = since + options.Timeout - api.Time.GetUtcNow();
            left = StandstillLeft is { } standstill && standstill < left ? standstill : left;
            if (left <= TimeSpan.Zero && !isFirst)
            {
                return null;
            }

            isFirst = false;
            using IdleTimeout idle = new(api.Time, stop);
            idle.Restart(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            try
            {
                Task turn = api.Gate.EnterAsync(idle.Token);
                atOnce &= turn.IsCompleted;
                await turn.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (idle.HasExpired)
            {
                continue; // the account may have taken another job meanwhile: look again
            }

            if (_connectivity.IsLost(api.Time.GetUtcNow(), options.UnreachableTime))
            {
                api.Gate.Left();
                return null;
            }

            return new Turn(atOnce);
        }

        return null;
    }

    private async Task<Answer> TryOnceAsync(EffectJob job, SubmitLedger ledger, CancellationToken stop)
    {
        Answer? answer = null;
        Interlocked.Increment(ref _inFlight);
        try
        {
            await ledger.BeginAsync(job).ConfigureAwait(false);
            answer = await SendAsync(job, stop).ConfigureAwait(false);
            _connectivity.Learn(answer, api.Time.GetUtcNow());
            _standstill.Learn(answer, api.Time.GetUtcNow());
            return answer;
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
            Leave(answer, stop);
        }
    }

    private async Task<Answer> SendAsync(EffectJob job, CancellationToken stop)
    {
        RequestBody? body = null;
        using IdleTimeout grace = new(api.Time, default);
        // An upload that is not complete can be cut off without harm; an answer that is under way is worth waiting for.
        using CancellationTokenRegistration stopping = stop.Register(
            () => grace.Restart(body?.IsComplete == true ? options.CancelGrace : TimeSpan.Zero));
        try
        {
            body = new EffectBody(job) { Stop = stop };
            return await api.SubmitAsync(body, grace.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return AnswerReader.Read(
                Operation.Submit, new NoReply(body?.IsComplete == true, "the pipeline was stopped before an answer came"));
        }
        catch (KlingException fault)
        {
            return new Answer { Error = fault, Creation = Creation.NotCreated };
        }
        finally
        {
            body?.Dispose();
        }
    }

    private void Leave(Answer? answer, CancellationToken stop)
    {
        if (answer?.Creation == Creation.Created)
        {
            api.Gate.Taken();
        }
        else if (answer is { Repeatable: true } && !stop.IsCancellationRequested)
        {
            api.Gate.Refused(answer.RetryAfter);
        }
        else
        {
            api.Gate.Left();
        }
    }

    private KlingTask Known(KlingTask task, EffectJob job) => task.Following(new KlingTask
    {
        ExternalTaskId = job.ExternalTaskId,
        Scene = job.Scene,
        Gateway = api.Gateway.Name,
        Images = ImageNames.Of(job.Images.Select(static image => image.ToString())),
        Context = new TaskContext { SubmittedAt = api.Time.GetUtcNow() },
    });
}
