using System.Management.Automation.Language;
using KlingEffects.Scenes;

namespace KlingEffects.Binding;

/// <summary>Completes a word from a list with tooltips, best first, quoted if PowerShell needs it.</summary>
internal abstract class WordCompleter(IEnumerable<(string Word, string Tip)> words) : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Suggest(wordToComplete.Trim('\'', '"'))
            .Select(static one => new CompletionResult(Quoted(one.Word), one.Word, CompletionResultType.ParameterValue, one.Tip));

    protected virtual IEnumerable<(string Word, string Tip)> Suggest(string typed) =>
        words.Where(one => Plain(one.Word).StartsWith(Plain(typed), StringComparison.OrdinalIgnoreCase));

    // let’s_ride was published with either apostrophe.
    private static string Plain(string word) => word.Replace('’', '\'');

    private static string Quoted(string word) =>
        word.All(static c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.')
            ? word
            : "'" + CodeGeneration.EscapeSingleQuotedStringContent(word) + "'";
}

internal sealed class DurationCompleter() : WordCompleter([("5", "5 seconds"), ("10", "10 seconds")]);

internal sealed class ModeCompleter() : WordCompleter([("std", "std: standard mode"), ("pro", "pro: professional mode")]);

internal sealed class GatewayCompleter() : WordCompleter(KlingGateway.All.Select(static gateway =>
    ($"{gateway.Name}", $"{gateway.Name}: {gateway.DefaultBaseUri.Host}, with the key in $env:{gateway.KeyVariable}")));

// Source: Kling's pages of its video calls, 2026-11; lip-sync is the older call.
internal sealed class KindCompleter() : WordCompleter(Kinds.Select(static kind => (kind, kind)))
{
    private static readonly string[] Kinds =
    [
        "effects", "text2video", "image2video", "omni-video", "motion-control", "multi-image2video", "multi-elements",
        "video-extend", "advanced-lip-sync", "lip-sync", "avatar/image2video",
    ];
}

/// <summary>Suggests published scenes, current ones first, and those used since the import.</summary>
internal sealed class SceneCompleter() : WordCompleter(SceneCatalog.Names.Select(static name => (name, Describe(name))))
{
    private static string Describe(string name) => SceneCatalog.Find(name) switch
    {
        null => $"{name}: used before",
        { IsCurrent: false } retired => $"{name}: {SceneHints.Words(retired.ImageCount)}, last published {retired.LastSeen}",
        { } current => $"{name}: {SceneHints.Words(current.ImageCount)}",
    };
}

/// <summary>Suggests the tokens of a name template, at any place in it.</summary>
internal sealed class NameTokenCompleter() : WordCompleter(
[
    ("{TaskId}", "{TaskId}: the system's id of the task"),
    ("{ExternalTaskId}", "{ExternalTaskId}: your own id of the job"),
    ("{Scene}", "{Scene}: the effect scene"),
    ("{Image}", "{Image}: the name of the first image, without its extension"),
    ("{Index}", "{Index}: the place in the batch, from 1"),
    ("{Index:000}", "{Index:000}: the place in the batch, from 001"),
])
{
    protected override IEnumerable<(string Word, string Tip)> Suggest(string typed)
    {
        int brace = typed.LastIndexOf('{');
        int begun = brace > typed.LastIndexOf('}') ? brace : typed.Length;
        string before = typed.Substring(0, begun);
        return base.Suggest(typed.Substring(begun)).Select(token => (before + token.Word, before + token.Tip));
    }
}
