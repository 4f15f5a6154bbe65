using System.Collections.Concurrent;
using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Batches;

namespace KlingEffects.Effects;

/// <summary>The submitters of one batch, one for each gateway: each knows its own account's limits, and all share the bound on requests.</summary>
internal sealed class EffectSubmitters(ApiClient api, SubmitOptions options)
{
    // By the titles of their gateways, as ApiClients has its own.
    private readonly ConcurrentDictionary<string, EffectSubmitter> _made = new(StringComparer.Ordinal);
    private readonly ConcurrentStringSet _accepted = new();

    /// <summary>How many submits have left and are not answered.</summary>
    public int InFlight => _made.Values.Sum(static submitter => submitter.InFlight);

    /// <inheritdoc cref="EffectSubmitter.Slots"/>
    public RequestSlots Slots { get; } = new(options.ThrottleLimit);

    /// <summary>Submits the job to its gateway; what may have been accepted there is looked for where the gateway tells of its tasks.</summary>
    /// <inheritdoc cref="EffectSubmitter.SubmitAsync"/>
    public async Task<KlingTask> SubmitAsync(EffectJob job, SubmitLedger ledger, IRunObserver observer, CancellationToken stop)
    {
        ApiClient at = api.For(job.Gateway);
        DateTimeOffset begun = at.Time.GetUtcNow();
        KlingTask task;
        try
        {
            EffectSubmitter submitter = _made.GetOrAdd(at.Gateway.Title, _ => new EffectSubmitter(at, options, Slots));
            task = await submitter.SubmitAsync(job, ledger, observer, stop).ConfigureAwait(false);
        }
        catch (KlingException doubt) when (doubt.Id == KlingErrorId.SubmitUncertain && at.Gateway.HasList && !stop.IsCancellationRequested)
        {
            task = await FindAsync(at, job, begun, doubt, stop).ConfigureAwait(false);
            await ledger.EndAsync(new Answer { Task = task, Creation = Creation.Created }).ConfigureAwait(false);
            await observer.TellAsync(new RunEvent.Recalled(job, task.TaskId, WasLookedUp: true)).ConfigureAwait(false);
        }

        _accepted.Add(task.TaskId);
        return task;
    }

    /// <inheritdoc cref="EffectSubmitter.TellEndAsync"/>
    public async Task TellEndAsync(IRunObserver observer, bool isLast)
    {
        foreach (EffectSubmitter submitter in _made.Values)
        {
            await submitter.TellEndAsync(observer, isLast).ConfigureAwait(false);
        }
    }

    private async Task<KlingTask> FindAsync(ApiClient at, EffectJob job, DateTimeOffset begun, KlingException doubt, CancellationToken stop)
    {
        using IDisposable slot = await Slots.TakeAsync(stop).ConfigureAwait(false);
        UncertainSubmit submit = new(at, job, begun);
        return await submit.FindAsync(stop).ConfigureAwait(false)
            ?? throw await submit.WithCandidatesAsync(doubt, _accepted.Contains, stop).ConfigureAwait(false);
    }
}
