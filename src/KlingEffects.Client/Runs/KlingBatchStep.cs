namespace KlingEffects;

/// <summary>What a batch does.</summary>
public enum KlingBatchStep
{
    /// <summary>Submits, waits and saves.</summary>
    All,
    /// <summary>Submits what has no task, and leaves.</summary>
    Submit,
    /// <summary>Saves what has ended since. A job that has not ended is no error.</summary>
    Collect,
}
