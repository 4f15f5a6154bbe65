namespace KlingEffects;

/// <summary>An effect scene that was published once. A hint: the provider's list changes monthly, and no name is refused here.</summary>
public sealed class KlingScene
{
    internal KlingScene(string name, int imageCount, bool isCurrent, string lastSeen) =>
        (Name, ImageCount, IsCurrent, LastSeen) = (name, imageCount, isCurrent, lastSeen);

    /// <summary>The name, as the API's <c>effect_scene</c> takes it.</summary>
    public string Name { get; }

    /// <summary>How many images it takes: 1, or 2 (left, right).</summary>
    public int ImageCount { get; }

    /// <summary>Whether the provider still offered it when this module's list was made.</summary>
    public bool IsCurrent { get; }

    /// <summary>The month in which it was last offered, such as <c>2026-03</c>; of a current scene, that of this module's list.</summary>
    public string LastSeen { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
