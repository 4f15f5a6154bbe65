using System.Runtime.CompilerServices;
using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Api.Gateways;

namespace KlingEffects.Queries;

/// <summary>Lists an account's tasks, where the gateway tells of them.</summary>
internal static class TaskList
{
    /// <summary>Every task of a kind, newest first; a page is asked for when the one before is read.</summary>
    /// <exception cref="KlingException">InvalidRequest: the gateway has no list. Every way in which a query can fail.</exception>
    public static async IAsyncEnumerable<KlingTask> ReadAsync(ApiClient api, string kind, [EnumeratorCancellation] CancellationToken stop)
    {
        ThrowIfNone(api.Gateway);
        // A task that is submitted meanwhile pushes the others towards the next page.
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int page = 1; page <= KlingGateway.LastPage; page++)
        {
            IReadOnlyList<KlingTask> tasks = await PageAsync(api, kind, page, stop).ConfigureAwait(false);
            List<KlingTask> unseen = [.. tasks.Where(task => seen.Add(task.TaskId))];
            foreach (KlingTask task in unseen)
            {
                yield return task;
            }

            // A gateway that passes over the page's number gives the same one for ever.
            if (unseen.Count == 0 || tasks.Count < KlingGateway.LargestPage)
            {
                yield break;
            }
        }
    }

    /// <exception cref="KlingException">Every way in which a query can fail.</exception>
    public static async Task<IReadOnlyList<KlingTask>> PageAsync(ApiClient api, string kind, int page, CancellationToken stop)
    {
        ApiResult result = await QueryRetry.RunAsync(api, () => api.ListAsync(kind, page, stop), null, stop).ConfigureAwait(false);
        return result.Tasks ?? throw result.Error!.WithSubject(kind, subject: $"The list of {ServerText.Clean(kind)} tasks");
    }

    /// <exception cref="KlingException">InvalidRequest: the gateway has no list.</exception>
    public static void ThrowIfNone(KlingGateway gateway)
    {
        if (!gateway.HasList)
        {
            throw new KlingException(
                KlingErrorId.InvalidRequest, $"{gateway.Title} has no list of tasks, so it must be said which to ask for.")
            {
                RecommendedAction = $"Give {Term.TaskId}, {Term.ExternalTaskId} or {Term.JournalPath}, or pipe tasks to {Term.GetTask}; "
                    + $"{Term.Gateway} Kling lists the tasks of an account at Kling itself.",
            };
        }
    }
}
