namespace KlingEffects.Emulator.Tasks;

/// <summary>Where a task stands.</summary>
public enum TaskState
{
    /// <summary>Accepted and waiting.</summary>
    Submitted,

    /// <summary>Being generated.</summary>
    Processing,

    /// <summary>Ended with its videos.</summary>
    Succeed,

    /// <summary>Ended without, for a reason.</summary>
    Failed,
}
