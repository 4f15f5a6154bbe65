namespace KlingEffects;

/// <summary>How far a job of a journal has got, from its row to its videos on disk.</summary>
public enum KlingJobState
{
    /// <summary>Its submit has begun and is not answered yet, by the process that holds the journal.</summary>
    Submitting,
    /// <summary>It may or may not have been accepted: only an explicit retry submits it again.</summary>
    Uncertain,
    /// <summary>The API answered that nothing was created.</summary>
    Refused,
    /// <summary>The API gave it a task whose end the journal does not know.</summary>
    Running,
    /// <summary>Its task ended without a video.</summary>
    Failed,
    /// <summary>Its task ended well, and no video of it is on disk yet.</summary>
    Succeeded,
    /// <summary>Its videos were saved, as <see cref="KlingJob.Files"/>.</summary>
    Saved,
}
