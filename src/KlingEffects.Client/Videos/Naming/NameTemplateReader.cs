using System.Text.RegularExpressions;
using KlingEffects.Videos.Containers;

namespace KlingEffects.Videos.Naming;

/// <summary>What a piece of a name template stands for; a text for itself.</summary>
internal enum NameToken
{
    Text,
    TaskId,
    ExternalTaskId,
    Scene,
    Index,
    Image,
}

/// <summary>A piece of a name template: a token with its format, or plain text.</summary>
internal sealed record NamePart(NameToken Token, string Text);

/// <summary>Reads a name template, and says what is wrong with one.</summary>
internal static class NameTemplateReader
{
    private static readonly NameToken[] Tokens =
        [NameToken.TaskId, NameToken.ExternalTaskId, NameToken.Scene, NameToken.Index, NameToken.Image];

    private static readonly Regex Piece = new(
        @"(?<text>(?:[^{}]|\{\{|\}\})+)|\{(?<token>[^}]*)\}|(?<lone>[{}])", RegexOptions.CultureInvariant);

    public static IReadOnlyList<NamePart> Read(string template)
    {
        string trimmed = template.Trim();
        string text = trimmed.Substring(0, trimmed.Length - (VideoContainer.ExtensionIn(trimmed)?.Length ?? 0));
        NamePart[] parts = [.. Piece.Matches(text).Cast<Match>().Select(piece =>
            piece.Groups["text"].Success ? Text(piece.Value.Replace("{{", "{").Replace("}}", "}"), template)
            : piece.Groups["token"] is { Success: true } token ? Token(token.Value, template)
            : throw Refused(template, piece.Value == "{" ? "has an opening brace without a closing one"
                : "has a closing brace without an opening one"))];
        return parts.Length > 0 ? parts : throw Refused(template, "names nothing");
    }

    private static NamePart Text(string text, string template)
    {
        if (text.IndexOfAny(['/', '\\']) >= 0 || text.Contains("..", StringComparison.Ordinal))
        {
            throw Refused(template, $"leads to another folder, which is what {Term.Destination} is for");
        }

        return text.FirstOrDefault(static c => !SafeFileName.IsAllowed(c)) is var wrong and not '\0'
            ? throw Refused(template, char.IsControl(wrong) ? "holds a control character"
                : $"holds '{wrong}', which not every file system takes in a name")
            : new NamePart(NameToken.Text, text);
    }

    private static NamePart Token(string inner, string template)
    {
        string[] halves = inner.Split([':'], 2);
        NameToken token = Array.Find(Tokens, one => string.Equals(one.ToString(), halves[0].Trim(), StringComparison.OrdinalIgnoreCase));
        bool isPadded = halves.Length == 2;
        return token == NameToken.Text ? throw Refused(template, $"has the unknown token '{{{inner}}}'")
            : isPadded && !(token == NameToken.Index && halves[1].Length is > 0 and < 10 && halves[1].All(static c => c == '0'))
                ? throw Refused(template, $"has the token '{{{inner}}}': only {{Index}} takes a format, of zeros, as in {{Index:000}}")
            : new NamePart(token, isPadded ? halves[1] : "");
    }

    private static KlingException Refused(string template, string fault) => new(
        KlingErrorId.InvalidRequest,
        $"The name template '{ServerText.Clean(template)}' {fault}. "
        + $"Its tokens are {{TaskId}}, {{ExternalTaskId}}, {{Scene}}, {{Image}} and {{Index}}; '{{{{' and '}}}}' stand for braces.")
    {
        RecommendedAction = $"Correct {Term.Name}.",
    };
}
