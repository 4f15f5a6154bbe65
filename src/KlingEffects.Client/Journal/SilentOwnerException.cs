namespace KlingEffects.Journal;

/// <summary>A guard is in the way whose owner may be dead: the system's lock was had, and from here nobody can look the owner up.</summary>
internal sealed class SilentOwnerException() : Exception("The owner's life can't be looked up from here.");
