using KlingEffects.Answers;
using KlingEffects.Http;

namespace KlingEffects.Effects;

/// <summary>The retry rule of a paid submit: only what certainly made nothing is sent again.</summary>
internal sealed class EffectSubmitter(KlingClient client, SubmitOptions options)
{
    private readonly Reach _reach = new();
    private int _inFlight;

    /// <summary>How many submits have left and are not answered.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>The requests that may be under way at once, those of a submit's look-up included.</summary>
    public RequestSlots Slots { get; } = new(options.ThrottleLimit);

    /// <summary>Submits the job, repeating while nothing was created and the time allows.</summary>
    /// <param name="job">What to make.</param>
    /// <param name="ledger">Where each submit is written down.</param>
    /// <param name="tell">Told of each wait, with its reason.</param>
    /// <param name="stop">Gives up waiting for a turn; an answer that is under way is awaited a little longer.</param>
    public async Task<KlingTask> SubmitAsync(
        EffectJob job, SubmitLedger ledger, Func<string, ValueTask> tell, CancellationToken stop)
    {
        job.Check();
        DateTimeOffset? begun = null;
        KlingException? refusal = null;
        Answer? answer;
        do
        {
            using (await Slots.TakeAsync(stop).ConfigureAwait(false))
            {
                begun ??= client.Time.GetUtcNow();
                answer = await TakeTurnAsync(begun.Value, isFirst: refusal is null, stop).ConfigureAwait(false)
                    ? await TryOnceAsync(job, ledger, stop).ConfigureAwait(false)
                    : null;
            }

            if (answer is null)
            {
                break;
            }

            await ledger.EndAsync(answer).ConfigureAwait(false);
            if (answer.Task is { } task)
            {
                return Known(task, job);
            }

            refusal = answer.Error!;
            if (answer.Repeatable)
            {
                stop.ThrowIfCancellationRequested();
                await tell($"{job}: {refusal.Message} Trying again.").ConfigureAwait(false);
            }
        }
        while (answer.Repeatable);

        refusal ??= _reach.Failure
            ?? new KlingException(KlingErrorId.RateLimited, "The account's limit was reached all the time, so the job was not sent.");
        throw refusal.Target is null ? refusal.About(job.ToString(), subject: Subject(job)) : refusal;
    }

    private static string Subject(EffectJob job) =>
        string.IsNullOrEmpty(job.ExternalTaskId) ? $"{job}" : $"{job} with the external id {job.ExternalTaskId}";

    // False when nothing was created for as long as the caller allows, or the API is out of reach.
    private async Task<bool> TakeTurnAsync(DateTimeOffset begun, bool isFirst, CancellationToken stop)
    {
        while (!_reach.IsLost(client.Time.GetUtcNow(), options.Unreachable))
        {
            stop.ThrowIfCancellationRequested();
            DateTimeOffset since = client.Gate.LastTaken > begun ? client.Gate.LastTaken : begun;
            TimeSpan left = since + options.Timeout - client.Time.GetUtcNow();
            if (left <= TimeSpan.Zero && !isFirst)
            {
                return false;
            }

            isFirst = false;
            using Patience patience = new(client.Time, stop);
            patience.Grant(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            try
            {
                await client.Gate.EnterAsync(patience.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (patience.HasRunOut)
            {
                continue; // the account may have taken another job meanwhile: look again
            }

            if (_reach.IsLost(client.Time.GetUtcNow(), options.Unreachable))
            {
                client.Gate.Left();
                return false;
            }

            return true;
        }

        return false;
    }

    private async Task<Answer> TryOnceAsync(EffectJob job, SubmitLedger ledger, CancellationToken stop)
    {
        Answer? answer = null;
        Interlocked.Increment(ref _inFlight);
        try
        {
            await ledger.BeginAsync(job).ConfigureAwait(false);
            answer = await SendAsync(job, stop).ConfigureAwait(false);
            _reach.Learn(answer, client.Time.GetUtcNow());
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
        using Patience farewell = new(client.Time, default);
        // An upload that is not complete can be cut off without harm; an answer that is under way is worth waiting for.
        using CancellationTokenRegistration stopping = stop.Register(
            () => farewell.Grant(body?.IsComplete == true ? options.Farewell : TimeSpan.Zero));
        try
        {
            body = new EffectBody(job) { Stop = stop };
            return await client.SubmitOnceAsync(body, farewell.Token).ConfigureAwait(false);
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
            client.Gate.Taken();
        }
        else if (answer is { Repeatable: true } && !stop.IsCancellationRequested)
        {
            client.Gate.Refused(answer.RetryAfter);
        }
        else
        {
            client.Gate.Left();
        }
    }

    private KlingTask Known(KlingTask task, EffectJob job) => task.Following(new KlingTask
    {
        ExternalTaskId = job.ExternalTaskId,
        Scene = job.Scene,
        Trail = new TaskTrail { SubmittedAt = client.Time.GetUtcNow() },
    });
}
