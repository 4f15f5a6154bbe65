using KlingEffects.Api;
using KlingEffects.Jobs;
using KlingEffects.Journal;

namespace KlingEffects.Effects;

/// <summary>Tells what a submit of a job would do. Sends nothing and writes nothing.</summary>
internal sealed class SubmitPreview
{
    private const string IdOfANewJournal = "<made for the new journal>";

    private readonly Func<string, JournaledJob>? _find;
    private readonly Func<string, string>? _externalIdFor;

    private SubmitPreview(Func<string, JournaledJob>? find = null, Func<string, string>? externalIdFor = null)
    {
        _find = find;
        _externalIdFor = externalIdFor;
    }

    /// <summary>By a journal that this process holds, or by none.</summary>
    public static SubmitPreview By(JobJournal? journal) => journal is null ? new() : new(journal.Find, journal.ExternalIdFor);

    /// <summary>By what a journal's file says, which may not be there yet.</summary>
    /// <exception cref="KlingException">JournalInvalid.</exception>
    public static SubmitPreview ByFile(string path)
    {
        if (!File.Exists(path))
        {
            return new(static key => new JournaledJob { Key = key }, static _ => IdOfANewJournal);
        }

        JournalContents contents = JournalFile.Look(path);
        return new(contents.Jobs.Find, key => contents.Header?.Id is { } id ? JobKey.ExternalId(id, key) : IdOfANewJournal);
    }

    /// <summary>Whether the journal has a task for the job, so that nothing would be sent.</summary>
    public async Task<bool> HasTaskAsync(EffectJob job) => (await FindAsync(job).ConfigureAwait(false)).State == JobState.Accepted;

    /// <summary>What would be done, in words and with the request if one would be sent; images are named instead of encoded.</summary>
    public async Task<string> DescribeAsync(EffectJob job, ApiClient api, bool retryUncertain)
    {
        JournaledJob known = await FindAsync(job).ConfigureAwait(false);
        if (known.State == JobState.Accepted)
        {
            return $"{job}: nothing is sent, for the journal has its task {known.TaskId}.";
        }

        EffectJob sent = api.Gateway.Complete(job) with { ExternalTaskId = job.ExternalTaskId ?? _externalIdFor?.Invoke(known.Key) };
        string request = $"POST {api.SubmitUri}\n{EffectBody.DescribeForWhatIf(sent)}";
        string doubt = $"{job}: it may have been accepted before, so it is looked up by the external id {known.ExternalTaskId ?? sent.ExternalTaskId}";
        return known.State is not (JobState.Uncertain or JobState.Submitting) ? request
            : retryUncertain ? $"{doubt} and, if no task is known of it, submitted again.\n{request}"
            : $"{doubt} and not submitted again without -RetryUncertain.";
    }

    private async Task<JournaledJob> FindAsync(EffectJob job) =>
        _find is null ? new JournaledJob { Key = "" } : _find(await JobKey.OfAsync(job, default).ConfigureAwait(false));
}
