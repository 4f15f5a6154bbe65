using KlingEffects.Emulator.Answers;

namespace KlingEffects.Emulator.Specification;

/// <summary>Something in a request that the specification does not allow, and how the API answers it.</summary>
internal sealed record Breach(string Text, Answer Answer);
