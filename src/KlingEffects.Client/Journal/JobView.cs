using KlingEffects.Jobs;

namespace KlingEffects.Journal;

/// <summary>A journal's job as users see it.</summary>
internal static class JobView
{
    /// <param name="job">The job.</param>
    /// <param name="path">Its journal.</param>
    /// <param name="isHeld">Whether a process holds the journal, which may be awaiting an answer.</param>
    public static KlingJob Of(JournaledJob job, string path, bool isHeld)
    {
        KlingJobState state = StateOf(job, isHeld);
        return new KlingJob
        {
            ExternalTaskId = JobKey.OwnId(job.Key),
            Scene = job.Scene,
            Images = ImageNames.Of(job.Images),
            State = state,
            TaskId = job.TaskId,
            Kind = job.Kind,
            Gateway = job.Gateway,
            Attempt = job.Attempt,
            Message = MessageOf(job, state),
            ErrorId = state switch
            {
                KlingJobState.Failed => "Kling" + KlingErrorId.TaskFailed,
                KlingJobState.Uncertain => "Kling" + KlingErrorId.SubmitUncertain,
                _ => job.ErrorId,
            },
            Code = job.Code,
            Units = Sum(job.EarlierUnits, job.Record.Units),
            Cost = Sum(job.EarlierCost, job.Record.Cost),
            SubmittedAt = job.SubmittedAt ?? (job.State == JobState.Accepted ? job.At : null),
            EndedAt = job.Record.EndedAt,
            SavedAt = job.Record.SavedAt,
            Files = ImageNames.Of((job.Record.Files ?? []).Select(static file => file.Path ?? "")),
            JournalPath = path,
            RequestId = job.RequestId,
            Record = job.Record,
        };
    }

    /// <summary>What is known of two costs together; null where nothing is.</summary>
    public static decimal? Sum(decimal? one, decimal? other) => one is null ? other : one + (other ?? 0);

    private static KlingJobState StateOf(JournaledJob job, bool isHeld) => job switch
    {
        { State: JobState.Submitting } => isHeld ? KlingJobState.Submitting : KlingJobState.Uncertain,
        { State: JobState.Uncertain } => KlingJobState.Uncertain,
        { State: JobState.Refused } => KlingJobState.Refused,
        { Record.IsSaved: true } => KlingJobState.Saved,
        { Record.Ended: KlingTaskStatus.Succeed } => KlingJobState.Succeeded,
        { Record.Ended: KlingTaskStatus.Failed } => KlingJobState.Failed,
        _ => KlingJobState.Running,
    };

    private static string? MessageOf(JournaledJob job, KlingJobState state) => state switch
    {
        KlingJobState.Failed => $"{(job.Record.Message ?? "The API gave no reason").TrimEnd('.')}.",
        KlingJobState.Uncertain => job.Record.Message ?? "The submit was begun and no answer to it is known: it may have been accepted.",
        KlingJobState.Refused => job.Record.Message ?? $"The API created nothing ({job.ErrorId ?? "it gave no reason"}).",
        _ => null,
    };
}
