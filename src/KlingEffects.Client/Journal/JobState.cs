namespace KlingEffects;

/// <summary>What a journal knows of a job's submit.</summary>
public enum JobState
{
    /// <summary>The journal does not know the job.</summary>
    New,

    /// <summary>Begun and not answered yet by the process that holds the journal. If none holds it, the job is uncertain.</summary>
    Submitting,

    /// <summary>The API gave it a task. Final: no later line takes that back.</summary>
    Accepted,

    /// <summary>The API answered that nothing was created, so it may be submitted again.</summary>
    Refused,

    /// <summary>It may or may not have been accepted: only an explicit retry submits it again.</summary>
    Uncertain,
}
