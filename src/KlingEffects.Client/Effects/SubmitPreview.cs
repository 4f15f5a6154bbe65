using KlingEffects.Api;
using KlingEffects.Jobs;
using KlingEffects.Journal;

namespace KlingEffects.Effects;

/// <summary>Tells what a submit of a job would do. Sends nothing and writes nothing.</summary>
internal sealed class SubmitPreview(
    int? most, Func<string, KlingJob?>? find = null, Func<string, int, string>? externalIdFor = null, IReadOnlyList<KlingJob>? jobs = null)
{
    private const string IdOfANewJournal = "<made for the new journal>";

    private readonly SubmitEstimate _estimate = new(most);

    /// <summary>What all that was described comes to, in one line; null where nothing was.</summary>
    public SafeText? Sum => _estimate.Jobs == 0 ? null : _estimate.Describe((jobs ?? []).Concat(Ledger.Read(static _ => { })));

    /// <summary>By a journal that this process holds, or by none.</summary>
    public static SubmitPreview By(JobJournal? journal, int? most = null) =>
        journal is null ? new(most) : new(most, journal.Find, journal.SentIdFor);

    /// <summary>By what a journal's file says, which may not be there yet.</summary>
    /// <exception cref="KlingException">JournalInvalid.</exception>
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
        find is not null && (await FindAsync(job).ConfigureAwait(false)).Known is { HasTask: true } known && !retry.StartsNewAttempt(known);

    /// <summary>What would be done, in words and with the request if one would be sent; images are named instead of encoded.</summary>
    /// <exception cref="KlingException">What would keep the job from being sent.</exception>
    public async Task<SafeText> DescribeAsync(EffectJob job, ApiClient api, RetryOptions retry)
    {
        (string key, KlingJob? known) = await FindAsync(job).ConfigureAwait(false);
        if (!_estimate.TryRecord(key))
        {
            return $"{job}: it is in this batch already and is one job.";
        }

        if (known is { HasTask: true } && !retry.StartsNewAttempt(known))
        {
            _estimate.RecordKnown();
            return $"{job}: nothing is sent, for the journal has its task {known.TaskId}{Outcome(known)}";
        }

        job.Check();
        int attempt = retry.StartsNewAttempt(known) ? known!.Attempt + 1 : known?.Attempt ?? 1;
        EffectJob sent = api.Gateway.Complete(job) with { ExternalTaskId = await SentIdAsync(job, known, attempt).ConfigureAwait(false) };
        if (known is { IsUncertain: true } && !retry.Uncertain)
        {
            _estimate.RecordDoubtful();
        }
        else if (!_estimate.TryRecordSubmit(job, api.Gateway.Name))
        {
            return $"{job}: it is beyond the limit of jobs, so it is left for another run.";
        }

        SafeText request = $"POST {api.SubmitUri}\n{SafeText.Lines(EffectBody.DescribeForWhatIf(sent))}";
        SafeText doubt = $"{job}: it may have been accepted before, so it is looked up by the external id {sent.ExternalTaskId}";
        return retry.StartsNewAttempt(known) ? $"{job}: its task {known!.TaskId} failed{Reason(known)}, so it is submitted again, as attempt {attempt}.\n{request}"
            : known is not { IsUncertain: true } ? request
            : retry.Uncertain ? (SafeText)$"{doubt} and, if no task is known of it, submitted again.\n{request}"
            : $"{doubt} and not submitted again without {Term.RetryUncertain}.";
    }

    private static string Outcome(KlingJob known) => known switch
    {
        { HasFailed: true } => $", which failed{Reason(known)}. {Term.RetryFailed} submits the job again.",
        { Record: { IsSaved: true } record } when record.Files!.FirstOrDefault(static file => !File.Exists(file.Path)) is { Path: { } gone } =>
            $". Its video '{gone}' is gone: {Term.SaveVideo} asks for the task and downloads it again.",
        { Record: { IsSaved: true } record } => $", saved as {string.Join(", ", record.Files!.Select(static file => $"'{file.Path}'"))}.",
        { Record.Ended: KlingTaskStatus.Succeed } => ", which succeeded and is not saved yet.",
        _ => ".",
    };

    private static string Reason(KlingJob known) => known.Record.Message is { } message ? $" ({message.TrimEnd('.')})" : "";

    private async Task<string?> SentIdAsync(EffectJob job, KlingJob? known, int attempt) =>
        externalIdFor is null ? job.ExternalTaskId
        : (attempt == known?.Attempt ? known.SentId : null) ?? externalIdFor(known?.Key ?? await JobKey.CreateAsync(job, default).ConfigureAwait(false), attempt);

    private async Task<(string Key, KlingJob? Known)> FindAsync(EffectJob job)
    {
        if (JobKey.TryFromOwnId(job) is null)
        {
            job.Check();
        }

        string key = await JobKey.CreateAsync(job, default).ConfigureAwait(false);
        return (key, find is null ? null
            : find(key) ?? (await JobKey.FormerAsync(job, default).ConfigureAwait(false) is { } former ? find(former) : null));
    }
}
