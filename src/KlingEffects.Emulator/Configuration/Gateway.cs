namespace KlingEffects.Emulator.Configuration;

/// <summary>Whose API is emulated.</summary>
public enum Gateway
{
    /// <summary>CometAPI: the calls below <c>/kling</c>, a length in every submit, no list.</summary>
    CometApi,

    /// <summary>Kling itself: no prefix, no length asked for, the list, and what a task cost. Source: its page of the effects call, 2026-11.</summary>
    Kling,
}
