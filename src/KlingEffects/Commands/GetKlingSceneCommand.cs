using KlingEffects.Scenes;

namespace KlingEffects.Commands;

/// <summary>Gives the known scenes. Asks nobody.</summary>
[Cmdlet(VerbsCommon.Get, "KlingScene")]
[OutputType(typeof(KlingScene))]
public sealed class GetKlingSceneCommand : PSCmdlet
{
    /// <summary>The scenes' names; wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The name of each scene; wildcards are allowed. Default: all.")]
    [Alias("Scene")]
    [ArgumentCompleter(typeof(SceneCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only scenes that take so many images.</summary>
    [Parameter(HelpMessage = "Only scenes that take so many images: 1 or 2.")]
    [ValidateRange(1, 2)]
    [Alias("Images")]
    public int? ImageCount { get; set; }

    /// <summary>Gives those too that are no longer published.</summary>
    [Parameter(HelpMessage = "Gives the scenes too that are no longer published.")]
    public SwitchParameter IncludeRetired { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            if (!WildcardPattern.ContainsWildcardCharacters(name) && Refusal(name) is { } refusal)
            {
                WriteError(ErrorRecords.From(refusal));
                continue;
            }

            WildcardPattern pattern = new(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            try
            {
                WriteObject(
                    SceneCatalog.Published.Where(scene => (IncludeRetired || scene.IsCurrent)
                        && (ImageCount ?? scene.ImageCount) == scene.ImageCount && pattern.IsMatch(scene.Name)).ToArray(),
                    enumerateCollection: true);
            }
            catch (WildcardPatternException)
            {
                WriteError(ErrorRecords.From(new KlingException(
                    KlingErrorId.InvalidRequest, $"'{name}' is no pattern: a bracket is open.", target: name, advice: "Close it.")));
            }
        }
    }

    // Tells why a named scene is not found.
    private KlingException? Refusal(string name)
    {
        KlingScene? known = SceneCatalog.Published.FirstOrDefault(
            scene => string.Equals(scene.Name, name, StringComparison.OrdinalIgnoreCase));
        return known is not null && (known.IsCurrent || IncludeRetired) ? null : new KlingException(
            KlingErrorId.ModelNotFound,
            known is null ? (SafeText)$"No scene '{name}' is known here."
                : $"The scene '{known.Name}' was last published in {known.LastSeen}.",
            target: name,
            advice: known is null
                ? "Check the spelling. A scene newer than this module's list is no mistake: New-KlingEffect takes any name."
                : "Give -IncludeRetired to get it all the same; the API may refuse it.");
    }
}
