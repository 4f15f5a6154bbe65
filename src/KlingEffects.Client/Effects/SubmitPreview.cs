using KlingEffects.Api;
using KlingEffects.Jobs;
using KlingEffects.Journal;

namespace KlingEffects.Effects;

/// <summary>Tells what a submit of a job would do. Sends nothing and writes nothing.</summary>
internal sealed class SubmitPreview
{
    private const string IdOfANewJournal = "<made for the new journal>";

    private readonly Func<string, JournaledJob>? _find;
    private readonly Func<string, int, string>? _externalIdFor;

    private SubmitPreview(Func<string, JournaledJob>? find = null, Func<string, int, string>? externalIdFor = null)
    {
        _find = find;
        _externalIdFor = externalIdFor;
    }

    /// <summary>By a journal that this process holds, or by none.</summary>
    public static SubmitPreview By(JobJournal? journal) => journal is null ? new() : new(journal.Find, journal.SentIdFor);

    /// <summary>By what a journal's file says, which may not be there yet.</summary>
    /// <exception cref="KlingException">JournalInvalid.</exception>
    public static SubmitPreview ByFile(string path)
    {
        if (!File.Exists(path))
        {
            return new(static key => new JournaledJob { Key = key }, static (_, _) => IdOfANewJournal);
        }

        JournalContents contents = JournalFile.Look(path);
        return new(contents.Jobs.Find, (key, attempt) => contents.Header?.Id is { } id ? JobKey.ExternalId(id, key, attempt) : IdOfANewJournal);
    }

    /// <summary>Whether the journal has a task for the job, so that nothing would be sent.</summary>
    public async Task<bool> HasTaskAsync(EffectJob job, RetryOptions retry) =>
        await FindAsync(job).ConfigureAwait(false) is { State: JobState.Accepted } known && !retry.IsAnew(known);

    /// <summary>What would be done, in words and with the request if one would be sent; images are named instead of encoded.</summary>
    /// <exception cref="KlingException">What would keep the job from being sent.</exception>
    public async Task<string> DescribeAsync(EffectJob job, ApiClient api, RetryOptions retry)
    {
        JournaledJob known = await FindAsync(job).ConfigureAwait(false);
        if (known.State == JobState.Accepted && !retry.IsAnew(known))
        {
            return $"{job}: nothing is sent, for the journal has its task {known.TaskId}{Outcome(known)}";
        }

        job.Check();
        int attempt = retry.IsAnew(known) ? known.Attempt + 1 : known.Attempt;
        EffectJob sent = api.Gateway.Complete(job) with { ExternalTaskId = SentId(job, known, attempt) };
        string request = $"POST {api.SubmitUri}\n{EffectBody.DescribeForWhatIf(sent)}";
        string doubt = $"{job}: it may have been accepted before, so it is looked up by the external id {sent.ExternalTaskId}";
        return retry.IsAnew(known) ? $"{job}: its task {known.TaskId} failed{Reason(known)}, so it is submitted again, as attempt {attempt}.\n{request}"
            : known.State is not (JobState.Uncertain or JobState.Submitting) ? request
            : retry.Uncertain ? $"{doubt} and, if no task is known of it, submitted again.\n{request}"
            : $"{doubt} and not submitted again without -RetryUncertain.";
    }

    private static string Outcome(JournaledJob known) => known switch
    {
        { HasFailed: true } => $", which failed{Reason(known)}. -RetryFailed submits the job again.",
        { Record: { IsSaved: true } record } when record.Files!.FirstOrDefault(static file => !File.Exists(file.Path)) is { Path: { } gone } =>
            $". Its video '{gone}' is gone: Save-KlingVideo asks for the task and downloads it again.",
        { Record: { IsSaved: true } record } => $", saved as {string.Join(", ", record.Files!.Select(static file => $"'{file.Path}'"))}.",
        { Record.Ended: KlingTaskStatus.Succeed } => ", which succeeded and is not saved yet.",
        _ => ".",
    };

    private static string Reason(JournaledJob known) => known.Record.Message is { } message ? $" ({message.TrimEnd('.')})" : "";

    private string? SentId(EffectJob job, JournaledJob known, int attempt) =>
        _externalIdFor is null ? job.ExternalTaskId
        : (attempt == known.Attempt ? known.SentId : null) ?? _externalIdFor(known.Key, attempt);

    private async Task<JournaledJob> FindAsync(EffectJob job)
    {
        if (_find is null)
        {
            return new JournaledJob { Key = "" };
        }

        if (JobKey.OfOwn(job) is null)
        {
            job.Check();
        }

        JournaledJob known = _find(await JobKey.OfAsync(job, default).ConfigureAwait(false));
        return known.State == JobState.New && await JobKey.FormerAsync(job, default).ConfigureAwait(false) is { } former && _find(former) is { State: not JobState.New } older
            ? older
            : known;
    }
}
