namespace KlingEffects.Batches;

/// <summary>Who is told of a run. Called on any thread; may make the teller wait.</summary>
internal interface IRunObserver
{
    /// <summary>Something happened.</summary>
    ValueTask TellAsync(RunEvent what);

    /// <summary>The user should know of something although the work goes on.</summary>
    ValueTask WarnAsync(SafeText text);
}
