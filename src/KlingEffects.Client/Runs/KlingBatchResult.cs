namespace KlingEffects;

/// <summary>What became of a batch.</summary>
public sealed class KlingBatchResult
{
    internal KlingBatchResult()
    {
    }

    /// <summary>Every job, in the order of the rows.</summary>
    public IReadOnlyList<KlingJob> Jobs { get; internal init; } = [];

    /// <summary>How many errors were told of. With none, each job has what the step was to give it.</summary>
    public int Problems { get; internal set; }

    /// <summary>How many rows have not been submitted yet, where the step collects.</summary>
    public int NotSubmitted { get; internal init; }

    /// <summary>The reports that were written, full paths by <c>results</c>, <c>report</c> and <c>summary</c>.</summary>
    public IReadOnlyDictionary<string, string> Reports { get; internal set; } = new Dictionary<string, string>();
}
