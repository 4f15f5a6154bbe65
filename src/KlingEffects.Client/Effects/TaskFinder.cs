using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Api.Exchange;
using KlingEffects.Http;
using KlingEffects.Batches;
using KlingEffects.Jobs;
using KlingEffects.Journal;
using KlingEffects.Queries;

namespace KlingEffects.Effects;

/// <summary>Looks up the task of one job. It takes no task of another job, and none that is older than the job's first submit.</summary>
internal sealed class TaskFinder(SubmitBatch batch, ApiClient api, string key)
{
    private const int MostCandidates = 5;

    /// <summary>Queries a failed task again, which may have succeeded since; null if a new attempt may be paid for.</summary>
    public async Task<KlingTask?> AskAgainAsync(EffectJob job, KlingJob known)
    {
        KlingTask failed = known.ToTask()!;
        KlingTask? now = await AskAsync(batch.Api, failed.TaskId, failed, isKnown: true).ConfigureAwait(false);
        if (now is null or { HasFailed: true })
        {
            return null;
        }

        if (now.HasEnded && batch.Journal is { } journal)
        {
            DateTimeOffset at = api.Time.GetUtcNow();
            await journal.NoteAsync([JournalEntry.FromOutcome(failed.TaskId, TaskRecord.From(now, at), at)]).ConfigureAwait(false);
        }

        await batch.Observer.ReportAsync(new RunEvent.Recalled(job, failed.TaskId, WasLookedUp: true)).ConfigureAwait(false);
        return now.MergedWith(failed);
    }

    /// <summary>Queries the task of an earlier run's uncertain job; null if the API knows none.</summary>
    /// <exception cref="KlingException">SubmitUncertain: the question could not be answered.</exception>
    public async Task<KlingTask?> FindUncertainAsync(KlingJob known, string sentId)
    {
        TaskContext context = new() { JournaledAt = batch.Retry.Uncertain ? known.SubmittedAt : null };
        try
        {
            ApiClient at = batch.Api.For(known.Gateway ?? KlingGatewayName.CometApi);
            return (await FindAsync(at, sentId, known.FirstSubmittedAt, context).ConfigureAwait(false)).Mine;
        }
        catch (KlingException unanswered)
        {
            KlingException doubt = known.ToDoubt();
            throw doubt.With($"{doubt.Message} The look-up failed: {unanswered.Message}");
        }
    }

    /// <summary>Queries the task of an external id: this job's, another job's, or none.</summary>
    public async Task<(KlingTask? Mine, KlingTask? Anothers)> FindAsync(
        ApiClient at, string? sentId, DateTimeOffset? begun, TaskContext context)
    {
        // The query takes an external id in place of a task id: documented for Kling, hinted at for CometAPI.
        if (string.IsNullOrEmpty(sentId))
        {
            return default;
        }

        KlingTask? task = await AskAsync(at, sentId!, new() { Gateway = at.Gateway.Name, Context = context }).ConfigureAwait(false);
        // An answer without a task id does not say which task it describes.
        return task is null || task.TaskId == sentId ? default
            : TryTake(task, begun) ? (task, null)
            : (null, task);
    }

    /// <summary>The one gate to a job's task: no other job has it, and it was created after the job's first submit began.</summary>
    public bool TryTake(KlingTask task, DateTimeOffset? begun) => IsMadeSince(task, begun) && batch.Claims.TryTake(task, key);

    /// <summary>The result of an answer that names another job's task: this job's outcome is unknown.</summary>
    public static ApiResult ConcludeOther(KlingTask task) => Unanswered(
        $"the answer names task {task.TaskId}{(task.CreatedAt is { } at ? $", created {at:u}" : "")}, which is another job's")
        with { WasAnswered = true };

    /// <summary>The result of "external id already used": this job's task, or an error that names the other one.</summary>
    public async Task<ApiResult> ConcludeUsedAsync(ApiResult answer, EffectJob sent, DateTimeOffset? begun, bool inDoubt, int tries)
    {
        if (answer.Error is not { } refusal || !ErrorWords.TellUsedId(refusal))
        {
            return answer;
        }

        var (mine, other) = await TryAsync(FindAsync(api, sent.ExternalTaskId, begun, new()), default).ConfigureAwait(false);
        // The id was used before the job was ever sent, so a task without a date is more likely another's.
        (mine, other) = tries == 1 && !inDoubt && mine is { CreatedAt: null } ? (null, mine) : (mine, other);
        string id = $"the external id {sent.ExternalTaskId} has been used";
        return mine is not null ? new ApiResult { Task = mine, Creation = Creation.Created }
            : other is not null && refusal.HttpStatus < 500
                ? answer with { Error = Used(other, id, refusal), Creation = Creation.NotCreated }
            : inDoubt ? Unanswered($"the API says that {id}, and tells of no task that has it")
            : answer;
    }

    /// <summary>The result of a submit that is not repeated: the task that it created nevertheless, or its error.</summary>
    public async Task<ApiResult> ConcludeDoubtAsync(ApiResult answer, EffectJob sent, DateTimeOffset begun, bool isMixedUp)
    {
        if (answer.Creation != Creation.Uncertain || batch.Stop.IsCancellationRequested || !(api.Gateway.HasList || isMixedUp))
        {
            return answer;
        }

        if (string.IsNullOrEmpty(sent.ExternalTaskId))
        {
            return !api.Gateway.HasList ? answer
                : answer with { Error = await TryAsync(WithCandidatesAsync(answer.Error!, begun), answer.Error!).ConfigureAwait(false) };
        }

        var found = await TryAsync(
            FindAsync(api, sent.ExternalTaskId, begun, TaskContext.OfSubmit(api.Time)), default).ConfigureAwait(false);
        return answer with { Task = found.Mine };
    }

    private static KlingException Used(KlingTask other, string id, KlingException refusal) => refusal.With(
        $"The API did not accept the job, for {id}: by task {other.TaskId}, "
            + $"created {(other.CreatedAt is { } at ? (SafeText)$"{at:u}" : "at a time that is not told")}, which is not this job's.",
        KlingErrorId.InvalidRequest,
        $"{Term.GetTask} {other.TaskId} shows that task. If it is not what this job asks for, "
            + $"give the job another {Term.ExternalTaskId}; nothing was created.",
        other.TaskId);

    private async Task<KlingTask?> AskAsync(ApiClient at, string id, KlingTask known, bool isKnown = false)
    {
        try
        {
            return await batch.QueryAsync(() => TaskQuery.AskAsync(at, id, known, batch.Stop)).ConfigureAwait(false);
        }
        catch (KlingException none) when (none.Id == KlingErrorId.TaskNotFound
            || (none is { Id: KlingErrorId.InvalidRequest, Code: not null } && !isKnown))
        {
            return null; // by the API's own words: a proxy's page does not tell
        }
    }

    private static ApiResult Unanswered(string why) => AnswerReader.Read(Operation.Submit, Response.None(BodyProgress.Whole, new(why)));

    // The user is told of the submit's failure, not of the failed query.
    private static async Task<T> TryAsync<T>(Task<T> question, T otherwise)
    {
        try
        {
            return await question.ConfigureAwait(false);
        }
        catch (Exception unanswered) when (unanswered is KlingException or OperationCanceledException)
        {
            return otherwise;
        }
    }

    // Creation times prove nothing, so only the user can tell which task it is, if any.
    private async Task<KlingException> WithCandidatesAsync(KlingException doubt, DateTimeOffset begun)
    {
        IReadOnlyList<KlingTask> newest = await batch.QueryAsync(
            () => AccountQuery.PageAsync(api, KlingTask.EffectsKind, 1, batch.Stop)).ConfigureAwait(false);
        string[] candidates =
        [
            .. newest.Where(static task => task.ExternalTaskId is null && task.CreatedAt is not null)
                .Where(task => IsMadeSince(task, begun) && !batch.Claims.IsKnown(task.TaskId)).Take(MostCandidates)
                .Select(static task => FormattableString.Invariant($"{task.TaskId} ({task.Status}, created {task.CreatedAt:u})")),
        ];
        SafeText text = candidates.Length == 0
            ? "The account's list tells of no task since then that could be it."
            : $"By its time it could be one of these tasks, which proves nothing: {SafeText.Join(", ", candidates)}.";
        return doubt.With($"{doubt.Message} {text}");
    }

    // A derived external id is unique to the journal and job. The API's times are compared by the API's clock.
    private bool IsMadeSince(KlingTask task, DateTimeOffset? begun) =>
        (JobKey.OwnId(key) is null && batch.Journal is not null) || begun is null || task.CreatedHere is not { } created
        || created >= begun - (task.ClockAhead is null ? Policy.ClockSkew : Policy.KnownClockSkew);
}
