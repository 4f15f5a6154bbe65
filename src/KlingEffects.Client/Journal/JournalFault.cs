namespace KlingEffects.Journal;

internal static class JournalFault
{
    public const string Taken = "was taken by another process";
    public const string Deleted = "was deleted or moved away";
    public const string Replaced = "was replaced by another file";
    public const string Changed = "was changed";

    /// <summary>Another holds it. The inner exception is a <see cref="PassingLockException"/> if the lock may pass soon.</summary>
    public static KlingException Locked(string path, GuardOwner? holder = null, bool isBrief = false, bool isSilent = false) => new(
        KlingErrorId.JournalLocked,
        $"The journal '{path}' is in use by another process or pipeline{(holder is null ? "" : $" ({holder})")}.",
        isSilent || isBrief || holder is { IsBrief: true } ? new PassingLockException(isSilent) : null) { Target = path };

    public static KlingException Unguarded(string path, string guard, NotSupportedException cause) => Invalid(
        path,
        $"The journal '{path}' can't be guarded: '{guard}' is in the way ({cause.Message}).",
        $"Move '{guard}' away: this module makes a file there while it works with the journal.");

    public static KlingException Lost(string path, string change, string? rescue, int jobs) => new(
        change == Taken ? KlingErrorId.JournalLocked : KlingErrorId.JournalInvalid,
        $"The journal '{path}' {change} while this process held it. Nothing more is submitted with it. "
            + $"What is known here of its {jobs} jobs {(rescue is null
                ? "could be written nowhere: keep the ids of the tasks that were passed on." : $"is in '{rescue}'.")}",
        target: path,
        advice: "Leave a journal where it is while a command works with it. If it was moved away, put it back"
            + $"{(rescue is null ? "" : $", with '{rescue}' beside it")}; then run the same command again: "
            + "it takes in what is beside the journal, and pays for nothing twice.");

    public static KlingException NotHeld(string path) => Invalid(
        path,
        $"The file system does not keep what is written to the journal '{path}': read again, it is not there. "
            + $"Nothing is submitted with it.",
        "Name a file on another disk.");

    public static KlingException LacksTask(string path, KlingTask task) => Invalid(
        path,
        $"Task {task.TaskId} was submitted, and its id could not be written to the journal '{path}'.",
        $"Keep the id: {Term.WaitForTask} and {Term.SaveVideo} take it. Another run would pay for the job again.");

    public static KlingException TooLong(string? job) =>
        new(KlingErrorId.InvalidRequest, "The job is too long to be written to a journal.") { Target = job };

    public static KlingException NotAJournal(string path) =>
        Invalid(path, $"The file '{path}' is not a journal: its first line is not one that this module writes.", null);

    public static KlingException Newer(string path, int version) => Invalid(
        path,
        $"The journal '{path}' was written by a newer version of this module: it has version {version}, "
            + $"known here is {JournalHeader.CurrentVersion}.",
        "Update the module, or name another journal.");

    public static KlingException Damaged(string path, int line) =>
        Invalid(
            path,
            $"The journal '{path}' is damaged: line {line} can't be read. Nothing was changed in it.",
            "Take that line out of a copy of the file, and name the copy. A new journal would have everything paid for again.");

    public static KlingException Missing(string path) =>
        Invalid(path, $"There is no journal '{path}'.", "Check the path; it is taken literally and relative to the current location.");

    public static KlingException Unopened(string path, Exception cause) => Invalid(
        path,
        $"The journal '{path}' could not be opened: {FileFault.Reason(cause)}.",
        "Name a file in a folder that can be written to.");

    public static KlingException Unwritten(string path, Exception cause) => Invalid(
        path,
        $"The journal '{path}' could not be written: {FileFault.Reason(cause)}. Nothing more is submitted with it.",
        "Make the disk writable again, then run the same command: what the journal holds is kept.");

    private static KlingException Invalid(string path, SafeText message, string? advice) =>
        new(KlingErrorId.JournalInvalid, message) { Target = path, RecommendedAction = advice };
}

/// <summary>Why a lock may pass soon: it is held for a few lines, or its owner may be dead.</summary>
internal sealed class PassingLockException(bool isSilent)
    : Exception(isSilent ? "The owner's life can't be looked up from here." : "It is held for a few lines only.")
{
    public bool IsSilent => isSilent;
}
