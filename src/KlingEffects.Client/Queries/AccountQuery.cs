using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Api.Gateways;

namespace KlingEffects.Queries;

internal static class AccountQuery
{
    private static readonly SemaphoreSlim OneAtATime = new(1);
    private static (TimeProvider Time, long At)? _last;

    public static async Task<IReadOnlyList<KlingResourcePack>> PacksAsync(ApiClient api, CancellationToken stop)
    {
        ThrowIfNoPacks(api.Gateway);
        ApiResult result = await QueryRetry.RunAsync(api, () => AskForPacksAsync(api, stop), null, stop).ConfigureAwait(false);
        return result.Packs ?? throw result.Error!;
    }

    /// <summary>Every task of a kind, newest first; each page is requested when the one before has been read.</summary>
    public static async IAsyncEnumerable<KlingTask> TasksAsync(ApiClient api, string kind, [EnumeratorCancellation] CancellationToken stop)
    {
        ThrowIfNoTasks(api.Gateway);
        // A task submitted meanwhile shifts the others to the next page.
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int page = 1; page <= KlingGateway.LastPage; page++)
        {
            IReadOnlyList<KlingTask> tasks = await PageAsync(api, kind, page, stop).ConfigureAwait(false);
            List<KlingTask> unseen = [.. tasks.Where(task => seen.Add(task.TaskId))];
            foreach (KlingTask task in unseen)
            {
                yield return task;
            }

            // A gateway that ignores the page number returns the same page for ever.
            if (unseen.Count == 0 || tasks.Count < KlingGateway.LargestPage)
            {
                yield break;
            }
        }
    }

    public static async Task<IReadOnlyList<KlingTask>> PageAsync(ApiClient api, string kind, int page, CancellationToken stop)
    {
        ApiResult result = await QueryRetry.RunAsync(api, () => api.ListAsync(kind, page, stop), null, stop).ConfigureAwait(false);
        return result.Tasks ?? throw result.Error!.WithSubject(kind, subject: $"The list of {ServerText.Clean(kind)} tasks");
    }

    public static void ThrowIfNoPacks(KlingGateway gateway) => ThrowIf(
        !gateway.HasAccount,
        $"{gateway.Title}'s API does not tell what an account has left.",
        $"Look at the account's page on the web site of {gateway.Domain}. "
        + $"{Term.Gateway} Kling tells the resource packs of an account at Kling itself.");

    public static void ThrowIfNoTasks(KlingGateway gateway) => ThrowIf(
        !gateway.HasList,
        $"{gateway.Title} has no list of tasks, so it must be said which to ask for.",
        $"Give {Term.TaskId}, {Term.ExternalTaskId} or {Term.JournalPath}, or pipe tasks to {Term.GetTask}; "
        + $"{Term.Gateway} Kling lists the tasks of an account at Kling itself.");

    private static void ThrowIf(bool isMissing, SafeText message, string advice)
    {
        if (isMissing)
        {
            throw new KlingException(KlingErrorId.InvalidRequest, message) { RecommendedAction = advice };
        }
    }

    // All pipelines of the process share the rate.
    private static async Task<ApiResult> AskForPacksAsync(ApiClient api, CancellationToken stop)
    {
        await OneAtATime.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            TimeSpan? left = _last is { } last && last.Time == api.Time ? Policy.AccountSpacing - api.Time.GetElapsedTime(last.At) : null;
            if (left > TimeSpan.Zero)
            {
                await api.Time.Delay(left.Value, stop).ConfigureAwait(false);
            }

            return await api.AccountAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            _last = (api.Time, api.Time.GetTimestamp());
            OneAtATime.Release();
        }
    }
}
