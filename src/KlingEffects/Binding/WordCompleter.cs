using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace KlingEffects.Binding;

/// <summary>Suggests words that go on with what is typed, quoted where PowerShell needs it. Asks nobody.</summary>
public abstract class WordCompleter : IArgumentCompleter
{
    /// <summary>What can be suggested, best first.</summary>
    protected abstract IEnumerable<string> Words { get; }

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Suggest(wordToComplete.Trim('\'', '"'))
            .Select(word => new CompletionResult(Quoted(word), word, CompletionResultType.ParameterValue, Describe(word)));

    /// <summary>What goes on with the text.</summary>
    /// <param name="typed">What is typed, without its quotes.</param>
    protected virtual IEnumerable<string> Suggest(string typed) =>
        Words.Where(word => word.StartsWith(typed, StringComparison.OrdinalIgnoreCase));

    /// <summary>The tooltip of a word.</summary>
    /// <param name="word">One of <see cref="Words"/>.</param>
    protected virtual string Describe(string word) => word;

    private static string Quoted(string word) =>
        word.All(static c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.')
            ? word
            : "'" + CodeGeneration.EscapeSingleQuotedStringContent(word) + "'";
}
