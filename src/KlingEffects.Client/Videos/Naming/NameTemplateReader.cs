using System.Text;

namespace KlingEffects.Videos;

/// <summary>Reads a name template, and says what is wrong with one.</summary>
internal static class NameTemplateReader
{
    public static IReadOnlyList<NamePart> Read(string template)
    {
        string text = WithoutExtension(template);
        List<NamePart> parts = [];
        StringBuilder plain = new();
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool doubled = i + 1 < text.Length && text[i + 1] == c;
            if (c is '{' or '}' && doubled)
            {
                plain.Append(c);
                i++;
            }
            else if (c == '{')
            {
                int end = text.IndexOf('}', i);
                if (end < 0)
                {
                    throw Refused(template, "has an opening brace without a closing one");
                }

                AddText(parts, plain, template);
                parts.Add(Token(text.Substring(i + 1, end - i - 1), template));
                i = end;
            }
            else if (c == '}')
            {
                throw Refused(template, "has a closing brace without an opening one");
            }
            else
            {
                plain.Append(c);
            }
        }

        AddText(parts, plain, template);
        return parts.Count > 0 ? parts : throw Refused(template, "names nothing");
    }

    private static string WithoutExtension(string template)
    {
        string trimmed = template.Trim();
        return VideoContainer.ExtensionIn(trimmed) is { } extension ? trimmed.Substring(0, trimmed.Length - extension.Length) : trimmed;
    }

    private static void AddText(List<NamePart> parts, StringBuilder plain, string template)
    {
        if (plain.Length == 0)
        {
            return;
        }

        string text = plain.ToString();
        plain.Clear();
        if (text.IndexOfAny(['/', '\\']) >= 0 || text.Contains("..", StringComparison.Ordinal))
        {
            throw Refused(template, "leads to another folder, which is what -Destination is for");
        }

        if (text.FirstOrDefault(static c => !SafeFileName.IsAllowed(c)) is var wrong and not '\0')
        {
            throw Refused(template, char.IsControl(wrong) ? "holds a control character" : $"holds '{wrong}', which not every file system takes in a name");
        }

        parts.Add(new NamePart(NameToken.Text, text));
    }

    private static NamePart Token(string inner, string template)
    {
        int colon = inner.IndexOf(':');
        string name = (colon < 0 ? inner : inner.Substring(0, colon)).Trim();
        string format = colon < 0 ? "" : inner.Substring(colon + 1);
        NameToken token = name.ToUpperInvariant() switch
        {
            "TASKID" => NameToken.TaskId,
            "EXTERNALTASKID" => NameToken.ExternalTaskId,
            "SCENE" => NameToken.Scene,
            "INDEX" => NameToken.Index,
            "IMAGE" => NameToken.Image,
            _ => throw Refused(template, $"has the unknown token '{{{inner}}}'"),
        };
        bool padding = token == NameToken.Index && format.Length is > 0 and < 10 && format.All(static c => c == '0');
        return colon < 0 || padding
            ? new NamePart(token, format)
            : throw Refused(template, $"has the token '{{{inner}}}': only {{Index}} takes a format, of zeros, as in {{Index:000}}");
    }

    private static KlingException Refused(string template, string fault) => new(
        KlingErrorId.InvalidRequest,
        $"The name template '{ServerText.Clean(template)}' {fault}. Its tokens are {{TaskId}}, {{ExternalTaskId}}, {{Scene}}, {{Image}} and {{Index}}; '{{{{' and '}}}}' stand for braces.")
    {
        RecommendedAction = "Correct -Name.",
    };
}
