namespace KlingEffects.Pipeline;

/// <summary>
/// The tasks of this pipeline whose ids nobody else has: submitted here, in no journal, and not passed on yet. If the
/// pipeline ends early, they are told of on the host, for they are paid for and go on.
/// </summary>
internal sealed class HeldTasks
{
    private readonly ConcurrentStringSet _ids = new();

    /// <summary>Holds the task, unless its id is safe elsewhere.</summary>
    public void Hold(KlingTask task)
    {
        if (task.Context.SubmittedAt is not null && !task.Context.IsJournaled)
        {
            _ids.Add(task.TaskId);
        }
    }

    /// <summary>The task's id has been written, as an object or in an error, or another command of the pipeline holds it.</summary>
    public void Release(string? taskId)
    {
        if (taskId is not null)
        {
            _ids.Remove(taskId);
        }
    }

    /// <summary>The ids that would be lost, or null where there are none.</summary>
    public SafeText? Leftover => _ids.IsEmpty ? null : SafeText.Join(", ", _ids.ToArray());
}
