namespace KlingEffects.Binding;

/// <summary>Suggests the lengths that scenes are known to take, in seconds.</summary>
public sealed class DurationCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Words => ["5", "10"];

    /// <inheritdoc/>
    protected override string Describe(string word) => $"{word} seconds";
}

/// <summary>Suggests the generation modes.</summary>
public sealed class ModeCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Words => ["std", "pro"];

    /// <inheritdoc/>
    protected override string Describe(string word) => word == "pro" ? "pro: professional mode" : "std: standard mode";
}
