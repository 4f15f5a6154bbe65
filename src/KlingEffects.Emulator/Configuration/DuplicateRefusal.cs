namespace KlingEffects.Emulator.Configuration;

/// <summary>How a submit is refused whose external id another task has.</summary>
public enum DuplicateRefusal
{
    /// <summary>400 with code 1201, "already exists, it must be unique": Kling's, probed by a public client on 2026-09-22.</summary>
    Code1201,

    /// <summary>409 with the code <c>duplicate_external_task_id</c>.</summary>
    Conflict,
}
