using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Policies;

namespace KlingEffects.Queries;

/// <summary>Asks for one task, again where that can help.</summary>
internal static class TaskQuery
{
    /// <summary>The task as it is now.</summary>
    /// <param name="api">Where to ask.</param>
    /// <param name="id">The task's id, or the user's own where the gateway answers to it.</param>
    /// <param name="known">What is known of it: one just submitted may not be found at once.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KlingException">TaskNotFound and every other way in which a query can fail.</exception>
    public static Task<KlingTask> AskAsync(ApiClient api, string id, KlingTask known, CancellationToken cancellationToken) =>
        AskAsync(api, id, known, wasSeen: false, cancellationToken);

    // What the same API has told of before, it may deny for a moment (see WaitJudge).
    private static async Task<KlingTask> AskAsync(ApiClient api, string id, KlingTask known, bool wasSeen, CancellationToken cancellationToken)
    {
        int failures = 0;
        api = api.For(known.Gateway);
        while (true)
        {
            Answer answer = await api.QueryAsync(id, known.Kind, cancellationToken).ConfigureAwait(false);
            if (answer.Task is { } task)
            {
                return task.TaskId.Length > 0 ? task : task.Following(new KlingTask { TaskId = id, Kind = known.Kind, Gateway = known.Gateway });
            }

            bool notYet = answer.Error!.Id == KlingErrorId.TaskNotFound && IsNew(known.Context, api.Time.GetUtcNow());
            failures += notYet ? 0 : 1;
            if (!notYet && ((!answer.Repeatable && (!wasSeen || answer.IsHopeless)) || Policy.Query.IsExhausted(failures)))
            {
                throw answer.Error.About(id, id, known.Images.Count > 0 ? known.Title : $"Task {ServerText.Clean(id)}").Of(known.ExternalTaskId);
            }

            TimeSpan pause = notYet
                ? Policy.NewTask.Pause(1, null, api.Random)
                : Policy.Query.Pause(failures, answer.RetryAfter, api.Random);
            await api.Time.WaitAsync(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A task that has ended with its videos. The URL of one that has just succeeded may come a little later.</summary>
    /// <exception cref="KlingException">WaitTimeout: it has not ended. TaskFailed, NoVideo, and every way in which a query can fail.</exception>
    public static async Task<KlingTask> AskForVideosAsync(ApiClient api, KlingTask known, CancellationToken cancellationToken)
    {
        DateTimeOffset begun = api.Time.GetUtcNow();
        bool wasSeen = false;
        while (true)
        {
            KlingTask seen = (await AskAsync(api, known.TaskId, known, wasSeen, cancellationToken).ConfigureAwait(false)).Following(known);
            wasSeen = true;
            if (!seen.HasEnded)
            {
                throw new KlingException(KlingErrorId.WaitTimeout, $"{known.Title} has not ended: it is {seen.Status}.")
                {
                    TaskId = known.TaskId,
                    Target = seen,
                    RecommendedAction = "Pipe the task through Wait-KlingTask first.",
                };
            }

            if (TaskOutcome.FailureOf(seen) is not { } failure)
            {
                return seen;
            }

            if (failure.Id != KlingErrorId.NoVideo || Policy.MissingUrl.IsOver(begun, api.Time.GetUtcNow()))
            {
                throw failure;
            }

            await api.Time.WaitAsync(Policy.MissingUrl.Pause(1, null, api.Random), cancellationToken).ConfigureAwait(false);
        }
    }

    // A journal's clock may have been ahead of this one: what it says of the future says nothing.
    private static bool IsNew(TaskContext context, DateTimeOffset now)
    {
        DateTimeOffset? begun = context.SubmittedAt ?? context.JournaledAt;
        return context.Record is not { IsSaved: true } && begun <= now && !Policy.NewTask.IsOver(begun, now);
    }
}
