namespace KlingEffects.Reports.Content;

/// <summary>What a job's state means to a reader: what went well, what went wrong, and what is still open.</summary>
internal static class Outcome
{
    /// <summary>The states in the order in which reports name them: what needs a look first.</summary>
    public static readonly IReadOnlyList<KlingJobState> States =
    [
        KlingJobState.Failed,
        KlingJobState.Refused,
        KlingJobState.Uncertain,
        KlingJobState.Submitting,
        KlingJobState.Running,
        KlingJobState.Succeeded,
        KlingJobState.Saved,
    ];

    /// <summary>Whether someone has to do something about the job. A task that ended well has failed if its video can't be had.</summary>
    public static bool WentWrong(KlingJob job) => job.State is KlingJobState.Failed or KlingJobState.Refused or KlingJobState.Uncertain
        || (job.State == KlingJobState.Succeeded && !string.IsNullOrWhiteSpace(job.ErrorId));

    /// <summary>Why it went wrong, as a sentence; empty where it did not.</summary>
    public static string Reason(KlingJob job) => ReportText.Clean(job.Message) is { Length: > 0 } message
        ? message
        : job.State switch
        {
            KlingJobState.Failed => "The API gave no reason.",
            KlingJobState.Refused => "The API refused it, and gave no reason.",
            KlingJobState.Uncertain => "The submit may or may not have been accepted.",
            _ => WentWrong(job) ? "Its video could not be had." : "",
        };

    public static string? AdviceFor(KlingJob job) =>
        WentWrong(job) && ErrorId(job) is ['K', 'l', 'i', 'n', 'g', .. var kind] && Enum.TryParse(kind, out KlingErrorId id)
            ? Advice.For(id) : null;

    /// <summary>The error id, as scripts see it, such as <c>KlingTaskFailed</c>.</summary>
    public static string ErrorId(KlingJob job) =>
        ReportText.Clean(job.ErrorId) is { Length: > 0 } known ? known : KlingException.NameOf(job.State switch
    {
        KlingJobState.Uncertain => KlingErrorId.SubmitUncertain,
        KlingJobState.Refused => KlingErrorId.InvalidRequest,
        _ => KlingErrorId.TaskFailed,
    });

    /// <summary>How long it took, from its submit to its end, in so far as that is known.</summary>
    public static TimeSpan? Duration(KlingJob job) => (job.EndedAt ?? job.SavedAt) - job.SubmittedAt is { Ticks: >= 0 } span ? span : null;
}
