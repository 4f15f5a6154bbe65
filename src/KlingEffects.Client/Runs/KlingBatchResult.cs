namespace KlingEffects;

/// <summary>What became of a batch.</summary>
public sealed record KlingBatchResult
{
    /// <summary>Every job, in the order of the rows.</summary>
    public IReadOnlyList<KlingJob> Jobs { get; init; } = [];

    /// <summary>How many errors were told of. With none, each job has what the step was to give it.</summary>
    public int Problems { get; init; }

    /// <summary>How many rows have not been submitted yet, where the step collects.</summary>
    public int NotSubmitted { get; init; }

    /// <summary>The reports that were written, full paths by <c>results</c>, <c>report</c> and <c>summary</c>.</summary>
    public IReadOnlyDictionary<string, string> Reports { get; init; } = new Dictionary<string, string>();

    /// <summary>How many jobs have a task.</summary>
    public int Submitted => Jobs.Count(static job => job.TaskId is not null);

    /// <summary>How many jobs have their videos.</summary>
    public int Saved => Jobs.Count(static job => job.State == KlingJobState.Saved);

    /// <summary>How many jobs were refused or have failed.</summary>
    public int Failed => Jobs.Count(static job => !IsOpen(job) && job.State is not (KlingJobState.Saved or KlingJobState.Uncertain));

    /// <summary>Of how many jobs it is not known whether they were accepted.</summary>
    public int Uncertain => Jobs.Count(static job => job.State == KlingJobState.Uncertain);

    /// <summary>How many jobs have a task that has not ended, or whose videos have not been asked for.</summary>
    public int Waiting => Jobs.Count(IsOpen);

    private static bool IsOpen(KlingJob job) =>
        job.State is KlingJobState.Submitting or KlingJobState.Running || (job.State == KlingJobState.Succeeded && job.ErrorId is null);
}
