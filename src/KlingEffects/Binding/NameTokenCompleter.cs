namespace KlingEffects.Binding;

/// <summary>Suggests the tokens of a name template, each in its place after what is typed.</summary>
public sealed class NameTokenCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Words => ["{TaskId}", "{ExternalTaskId}", "{Scene}", "{Image}", "{Index}", "{Index:000}"];

    /// <inheritdoc/>
    protected override IEnumerable<string> Suggest(string typed)
    {
        int brace = typed.LastIndexOf('{');
        int begun = brace > typed.LastIndexOf('}') ? brace : typed.Length;
        string before = typed.Substring(0, begun);
        return base.Suggest(typed.Substring(begun)).Select(token => before + token);
    }

    /// <inheritdoc/>
    protected override string Describe(string word) => word.Substring(word.LastIndexOf('{')) switch
    {
        "{TaskId}" => $"{word}: the system's id of the task",
        "{ExternalTaskId}" => $"{word}: your own id of the job",
        "{Scene}" => $"{word}: the effect scene",
        "{Image}" => $"{word}: the name of the first image, without its extension",
        "{Index}" => $"{word}: the place in the batch, from 1",
        _ => $"{word}: the place in the batch, from 001",
    };
}
