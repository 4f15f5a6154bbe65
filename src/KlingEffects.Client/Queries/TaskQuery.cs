using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Http;

namespace KlingEffects.Queries;

internal static class TaskQuery
{
    /// <summary>The task of an id or external id. A new task may not be found at once, so that is retried.</summary>
    public static Task<KlingTask> AskAsync(ApiClient api, string id, KlingTask known, CancellationToken cancellationToken) =>
        AskAsync(api, id, known, wasSeen: false, cancellationToken);

    // The API may deny for a moment what it has returned before (see WaitJudge).
    private static async Task<KlingTask> AskAsync(
        ApiClient api, string id, KlingTask known, bool wasSeen, CancellationToken cancellationToken)
    {
        api = api.For(known.Gateway);
        KlingTask asked = id == known.TaskId ? known : new KlingTask { ExternalTaskId = id, Kind = known.Kind };
        Retry<ApiResult> untilFound = new(Policy.NewTask with { MaxElapsed = null }, api.Time, api.Random)
        {
            ShouldHandle = result => result.Error?.Id == KlingErrorId.TaskNotFound && IsNew(known.Context, api.Time),
        };
        ApiResult result = await QueryRetry.RunAsync(
            api,
            () => untilFound.RunAsync(() => api.QueryAsync(asked, cancellationToken), cancellationToken),
            result => wasSeen && !result.IsHopeless,
            cancellationToken).ConfigureAwait(false);
        string subject = known.Images.Count > 0 ? known.Title : $"Task {ServerText.Clean(id)}";
        return result.Task is not { } task ? throw result.Error!.WithSubject(id, id, subject).Of(known.ExternalTaskId)
            : task.TaskId.Length > 0 ? task
            : task.MergedWith(new KlingTask { TaskId = id, Kind = known.Kind, Gateway = known.Gateway });
    }

    /// <summary>The ended task with its videos. Right after success the URL may still be missing, so that is retried.</summary>
    /// <exception cref="KlingException">WaitTimeout: it has not ended. TaskFailed, NoVideo; or the query failed.</exception>
    public static async Task<KlingTask> AskForVideosAsync(ApiClient api, KlingTask known, CancellationToken cancellationToken)
    {
        bool wasSeen = false;
        Retry<KlingTask> untilThere = new(Policy.MissingUrl, api.Time, api.Random)
        {
            ShouldHandle = static task => TaskOutcome.FailureOf(task)?.Id == KlingErrorId.NoVideo,
        };
        KlingTask seen = await untilThere.RunAsync(
            async () =>
            {
                KlingTask task = await AskAsync(api, known.TaskId, known, wasSeen, cancellationToken).ConfigureAwait(false);
                wasSeen = true;
                return task.MergedWith(known);
            },
            cancellationToken).ConfigureAwait(false);
        return !seen.HasEnded
            ? throw new KlingException(KlingErrorId.WaitTimeout, $"{known.Title} has not ended: it is {seen.Status}.")
            {
                TaskId = known.TaskId,
                Target = seen,
                RecommendedAction = $"Pipe the task through {Term.WaitForTask} first.",
            }
            : TaskOutcome.FailureOf(seen) is { } failure ? throw failure : seen;
    }

    // A journal written by a clock that was ahead may hold future times, which count as unknown.
    private static bool IsNew(TaskContext context, TimeProvider time) =>
        context.Record is not { IsSaved: true } && context.Age(time) is { Ticks: >= 0 } age && !Policy.NewTask.IsOver(age);
}
