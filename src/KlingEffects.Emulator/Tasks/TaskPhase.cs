namespace KlingEffects.Emulator.Tasks;

/// <summary>One stretch of a task's life; swapped whole, so that a reader never sees half a change.</summary>
internal sealed record TaskPhase(TaskState State, DateTimeOffset Since, string Message = "")
{
    public bool IsEnd => State is TaskState.Succeed or TaskState.Failed;
}
