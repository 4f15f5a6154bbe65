using KlingEffects.Api.Answers;
using KlingEffects.Batches;
using KlingEffects.Journal;

namespace KlingEffects.Effects;

/// <summary>Writes one job's submits into a journal, or into the ledger.</summary>
internal sealed class JournalLedger(IJobLog journal, string key, SubmitAttempt attempt, IRunObserver observer) : SubmitLedger
{
    private bool _retryUncertain = attempt.RetryUncertain;

    /// <summary>Whether the task's id is on disk.</summary>
    public bool HasTask { get; private set; }

    public override Task BeginAsync(EffectJob job)
    {
        // The first submit of this run is the retry that the user asked for; the run's own uncertain ones are not retried.
        bool retry = _retryUncertain;
        _retryUncertain = false;
        return journal.SubmittingAsync(key, attempt with { Job = job, RetryUncertain = retry });
    }

    public override async Task EndAsync(Answer answer)
    {
        try
        {
            await (answer switch
            {
                { Task: { } task } => journal.AcceptedAsync(key, task),
                { Creation: Creation.NotCreated } => journal.RefusedAsync(key, answer.Error!),
                _ => journal.UncertainAsync(key, answer.Error!),
            }).ConfigureAwait(false);
            HasTask = answer.Task is not null;
        }
        catch (Exception fault) when (fault is KlingException or ObjectDisposedException)
        {
            // What the API said comes first: a task is paid for, a doubt has to be told of, whatever became of the journal.
            await observer.WarnAsync(answer.Task is { } task
                ? (SafeText)$"Task {task.TaskId} was submitted, but its id is not in the journal: {fault.Message} Keep the id."
                : $"What became of a submit is not in the journal: {fault.Message}").ConfigureAwait(false);
        }
    }
}
