using KlingEffects.Api;
using KlingEffects.Jobs;
using KlingEffects.Journal;

namespace KlingEffects.Effects;

/// <summary>Describes what submitting a job would do. Sends and writes nothing.</summary>
internal sealed class SubmitPreview(
    int? most, Func<string, KlingJob?>? find = null, Func<string, int, string>? externalIdFor = null, IReadOnlyList<KlingJob>? jobs = null)
{
    private const string IdOfANewJournal = "<made for the new journal>";

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<(KlingGatewayName Gateway, string Scene)> _new = [];
    private int _beyond;
    private int _known;
    private int _doubtful;

    /// <summary>The totals of everything described, in one line; null if nothing was.</summary>
    public SafeText? Sum
    {
        get
        {
            SafeText counts = $"{Figures.Jobs(_new.Count)} would be submitted; {_known} of the journal's are not sent"
                + $"{(_beyond > 0 ? $", {_beyond} are beyond the limit" : "")}"
                + $"{(_doubtful > 0 ? $", {_doubtful} may have been accepted before" : "")}.";
            return _seen.Count == 0 ? null
                : _new.Count == 0 ? (SafeText)$"{counts} Nothing would be paid for."
                : $"{counts} {SubmitEstimate.Describe(_new, (jobs ?? []).Concat(Ledger.Read(static _ => { })))}";
        }
    }

    public static SubmitPreview By(JobJournal? journal, int? most = null) =>
        journal is null ? new(most) : new(most, journal.Find, journal.SentIdFor);

    /// <summary>A preview by a journal's file, which need not exist yet.</summary>
    public static SubmitPreview ByFile(string path, int? most = null)
    {
        if (!JournalContents.Exists(path))
        {
            return new(most, static _ => null, static (_, _) => IdOfANewJournal);
        }

        JournalContents contents = JournalContents.ReadWithRescues(path);
        return new(
            most,
            contents.Jobs.Find,
            (key, attempt) => contents.Header?.Id is { } id ? JobKey.ExternalId(id, key, attempt) : IdOfANewJournal,
            contents.Jobs.Jobs);
    }

    /// <summary>Whether the journal has a task for the job, so that nothing would be sent.</summary>
    public async Task<bool> HasTaskAsync(EffectJob job, RetryOptions retry) =>
        find is not null && retry.Keeps(find(await KeyAsync(job).ConfigureAwait(false)));

    /// <summary>What would be done, with the request if one would be sent; images are named instead of encoded.</summary>
    public async Task<SafeText> DescribeAsync(EffectJob job, ApiClient api, RetryOptions retry)
    {
        string key = await KeyAsync(job).ConfigureAwait(false);
        KlingJob? known = find?.Invoke(key);
        if (!_seen.Add(key))
        {
            return $"{job}: it is in this batch already and is one job.";
        }

        if (retry.Keeps(known))
        {
            _known++;
            return $"{job}: nothing is sent, for the journal has its task {known!.TaskId}{Outcome(known)}";
        }

        job.Check();
        (int attempt, string? sentBefore) = retry.Attempt(known);
        string? sentId = externalIdFor is null ? job.ExternalTaskId : sentBefore ?? externalIdFor(key, attempt);
        SafeText doubt = $"{job}: it may have been accepted before, so it is looked up by the external id {sentId}";
        if (known is { IsUncertain: true } && !retry.Uncertain)
        {
            _doubtful++;
            return $"{doubt} and not submitted again without {Term.RetryUncertain}.";
        }

        if (_new.Count == most)
        {
            _beyond++;
            return $"{job}: it is beyond the limit of jobs, so it is left for another run.";
        }

        _new.Add((api.Gateway.Name, job.Scene));
        EffectJob sent = api.Gateway.Complete(job) with { ExternalTaskId = sentId };
        SafeText request = $"POST {api.SubmitUri}\n{SafeText.Lines(EffectBody.DescribeForWhatIf(sent))}";
        return retry.StartsNewAttempt(known)
            ? $"{job}: its task {known!.TaskId} failed{Reason(known)}, so it is submitted again, as attempt {attempt}.\n{request}"
            : known is { IsUncertain: true } ? (SafeText)$"{doubt} and, if no task is known of it, submitted again.\n{request}"
            : request;
    }

    private static string Outcome(KlingJob known) => known switch
    {
        { HasFailed: true } => $", which failed{Reason(known)}. {Term.RetryFailed} submits the job again.",
        { Record: { IsSaved: true } record }
            when record.Files!.FirstOrDefault(static file => !File.Exists(file.Path)) is { Path: { } gone } =>
            $". Its video '{gone}' is gone: {Term.SaveVideo} asks for the task and downloads it again.",
        { Record: { IsSaved: true } record } => $", saved as {string.Join(", ", record.Files!.Select(static file => $"'{file.Path}'"))}.",
        { Record.Ended: KlingTaskStatus.Succeed } => ", which succeeded and is not saved yet.",
        _ => ".",
    };

    private static string Reason(KlingJob known) => known.Record.Message is { } message ? $" ({message.TrimEnd('.')})" : "";

    private Task<string> KeyAsync(EffectJob job)
    {
        if (JobKey.TryFromOwnId(job) is null)
        {
            job.Check();
        }

        return find is null ? JobKey.CreateAsync(job, default) : JobKey.FindAsync(job, find, default);
    }
}
