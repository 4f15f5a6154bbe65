using KlingEffects.Api;
using KlingEffects.Policies;
using KlingEffects.Queries;

namespace KlingEffects.Effects;

/// <summary>A submit that may have been accepted, at a gateway that tells of its tasks.</summary>
/// <param name="api">Where it was sent.</param>
/// <param name="job">The job.</param>
/// <param name="begun">When its submit began.</param>
internal sealed class UncertainSubmit(ApiClient api, EffectJob job, DateTimeOffset begun)
{
    private const int MostCandidates = 5;

    /// <summary>Its task, found by the external id that was sent with it; null where none was sent, or none is known of it.</summary>
    public async Task<KlingTask?> FindAsync(CancellationToken stop)
    {
        if (string.IsNullOrEmpty(job.ExternalTaskId))
        {
            return null;
        }

        KlingTask known = new()
        {
            ExternalTaskId = job.ExternalTaskId,
            Scene = job.Scene,
            Gateway = api.Gateway.Name,
            Context = new TaskContext { SubmittedAt = api.Time.GetUtcNow() },
        };
        try
        {
            KlingTask found = await TaskQuery.AskAsync(api, job.ExternalTaskId!, known, stop).ConfigureAwait(false);
            // An answer that tells no id of its own does not tell which task it is of.
            return found.TaskId == job.ExternalTaskId ? null : found.Following(known);
        }
        catch (KlingException)
        {
            return null; // what is told is the doubt, not what became of the question
        }
    }

    /// <summary>The error, with the tasks that may be meant: their time is no proof, so which of them it is, if any, only the user can tell.</summary>
    /// <param name="doubt">The error of the submit.</param>
    /// <param name="isOther">Whether the task is known to be another job's.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<KlingException> WithCandidatesAsync(KlingException doubt, Func<string, bool> isOther, CancellationToken stop)
    {
        if (!string.IsNullOrEmpty(job.ExternalTaskId))
        {
            return doubt;
        }

        try
        {
            IReadOnlyList<KlingTask> newest = await TaskList.PageAsync(api, KlingTask.EffectsKind, 1, stop).ConfigureAwait(false);
            List<KlingTask> candidates =
            [
                .. newest.Where(task => task.ExternalTaskId is null && !isOther(task.TaskId) && task.CreatedAt >= begun - Policy.ClockSkew).Take(MostCandidates),
            ];
            string text = candidates.Count == 0
                ? "The account's list tells of no task since then that could be it."
                : $"By its time it could be one of these tasks, which proves nothing: {string.Join(", ", candidates.Select(Describe))}.";
            return doubt.With($"{doubt.Message} {text}");
        }
        catch (KlingException)
        {
            return doubt;
        }
    }

    private static string Describe(KlingTask task) =>
        FormattableString.Invariant($"{task.TaskId} ({task.Status}, created {task.CreatedAt:u})");
}
