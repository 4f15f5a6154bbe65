namespace KlingEffects.Pipeline;

/// <summary>
/// Not a task: what a stage that waits writes to the next one, if that is of this module, so that the next one can write
/// what it has ready. A pipeline has one thread, and it moves downstream only with an object.
/// </summary>
internal sealed class PipelineTurn : KlingTask
{
    public static readonly PipelineTurn Instance = new() { TaskId = "turn" };

    private PipelineTurn()
    {
    }
}
