using KlingEffects.Videos.Naming;

namespace KlingEffects;

/// <summary>How a batch is made.</summary>
public sealed class KlingBatchOptions
{
    /// <summary>The folder of the journal and the reports, to be kept from run to run.</summary>
    public string StatePath { get; init; } = "state";

    /// <summary>The folder of the videos; null for <c>videos</c> in <see cref="StatePath"/>.</summary>
    public string? Destination { get; init; }

    /// <summary>The template of the videos' names; null for external ids, or the pictures' names where a job has none.</summary>
    public string? Name { get; init; }

    /// <summary>What to do.</summary>
    public KlingBatchStep Step { get; init; }

    /// <summary>Which part of the jobs to make, from 1.</summary>
    public int Shard { get; init; } = 1;

    /// <summary>Among how many the jobs are split, by their external ids.</summary>
    public int ShardCount { get; init; } = 1;

    /// <summary>Takes a state although its journals are of another number of shards. Jobs may then be paid for twice.</summary>
    public bool Force { get; init; }

    /// <summary>How long each task is waited for, and a submit tried; zero for ever; null for an hour, and a minute to collect.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How many requests of each kind are in flight at once; null for what suits each.</summary>
    public int? ThrottleLimit { get; init; }

    /// <summary>How many jobs are submitted that have no task yet; null for all of them.</summary>
    public int? MaxJobs { get; init; }

    /// <summary>Submits jobs again whose task failed: each costs again.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>Submits jobs again that may have been accepted before.</summary>
    public bool RetryUncertain { get; init; }

    /// <summary>What the videos' hosts are told of who asks; null for the client's own name.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Leaves the judgement of local images to the server.</summary>
    public bool SkipImageCheck { get; init; }

    /// <summary>Whose API it is, for rows that do not say it; null for the client's own.</summary>
    public KlingGatewayName? Gateway { get; init; }

    /// <summary>Makes a full path of one that the rows give; relative to the current folder unless set.</summary>
    public Func<string, string> ResolvePath { get; init; } = Path.GetFullPath;

    internal VideoNameTemplate NameTemplate => Name is not null
        ? VideoNameTemplate.Parse(Name)
        : VideoNameTemplate.Parse("{ExternalTaskId}").WithoutOwnId(VideoNameTemplate.Parse("{Image}"));

    internal TimeSpan? WaitTime =>
        Timeout == TimeSpan.Zero ? null : Timeout ?? (Step == KlingBatchStep.Collect ? Policy.CollectTime : Policy.WaitTime);
}
