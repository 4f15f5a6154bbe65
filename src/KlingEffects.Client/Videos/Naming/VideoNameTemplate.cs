using KlingEffects.Videos.Containers;

namespace KlingEffects.Videos.Naming;

/// <summary>A template for file names: text with the tokens {TaskId}, {ExternalTaskId}, {Scene}, {Image} and {Index}.</summary>
/// <remarks>Values come from a server or a table, so names are made safe; a changed one ends in a digest of the original.</remarks>
internal sealed class VideoNameTemplate
{
    public const string DefaultText = "{TaskId}";

    private static readonly string[] Tokens = ["TaskId", "ExternalTaskId", "Scene", "Image", "Index"];

    private static readonly Regex Piece = new(@"(?<text>(?:[^{}]|\{\{|\}\})+)|\{(?<token>[^}]*)\}|(?<lone>[{}])");

    // A part with an empty token is literal text.
    private readonly (string Token, string Text)[] _parts;
    private VideoNameTemplate? _other;

    private VideoNameTemplate((string Token, string Text)[] parts) => _parts = parts;

    /// <summary>Parses a template. Tokens in any case; <c>{Index:000}</c> pads with zeros; <c>{{</c> and <c>}}</c> are braces; a video's
    /// extension at the end is left out.</summary>
    /// <exception cref="KlingException">InvalidRequest: an unknown token, a lone brace, or an invalid character.</exception>
    public static VideoNameTemplate Parse(string text)
    {
        string trimmed = text.Trim();
        string stem = trimmed.Substring(0, trimmed.Length - (VideoContainer.ExtensionIn(trimmed)?.Length ?? 0));
        (string, string)[] parts = [.. Piece.Matches(stem).Cast<Match>().Select(piece =>
            piece.Groups["text"].Success ? ("", Literal(piece.Value.Replace("{{", "{").Replace("}}", "}"), text))
            : piece.Groups["token"] is { Success: true } token ? Token(token.Value, text)
            : throw Refused(text, piece.Value == "{" ? "has an opening brace without a closing one"
                : "has a closing brace without an opening one"))];
        return parts.Length > 0 ? new VideoNameTemplate(parts) : throw Refused(text, "names nothing");
    }

    /// <summary>The same template, with another one for tasks without an external id of the user's.</summary>
    internal VideoNameTemplate WithoutOwnId(VideoNameTemplate other) => new(_parts) { _other = other };

    /// <summary>The file names of a task's videos: <c>name.mp4</c>, <c>name-2.mp4</c>, <c>name-3.mp4</c>.</summary>
    public IReadOnlyList<string> Names(KlingTask task, int index, string ending = "")
    {
        string stem = SafeFileName.From(Text(task, index) + ending);
        return [.. Extensions(task).Select((extension, i) => stem + Ordinal(i) + extension)];
    }

    // The extensions of saved files replace those of unknown URLs.
    private static IEnumerable<string> Extensions(KlingTask task) =>
        task.Videos.Count == 0 && task.Context.Record is { IsSaved: true } record
        ? record.Files!.Select(static file => Path.GetExtension(file.Path ?? ""))
        : task.Videos.Select(static video => VideoContainer.ExtensionOf(video.Url));

    /// <summary>Whether the name identifies the task in every batch.</summary>
    internal bool IdentifiesTask(KlingTask task) =>
        For(task).HasTaskId || (For(task).Has("ExternalTaskId") && !string.IsNullOrWhiteSpace(task.ExternalTaskId));

    // The template needs an external id, and the task has none.
    internal bool LacksIdentity(KlingTask task) => For(task).Has("ExternalTaskId") && !IdentifiesTask(task);

    internal bool HasTaskId => Has("TaskId");

    private bool Has(string token) => _parts.Any(part => part.Token == token);

    private VideoNameTemplate For(KlingTask task) => task.Context.HasDerivedId ? _other ?? this : this;

    private static string Ordinal(int position) => position == 0 ? "" : "-" + (position + 1).ToString(CultureInfo.InvariantCulture);

    private string Text(KlingTask task, int index) => string.Concat(For(task)._parts.Select(part => part.Token switch
    {
        "TaskId" => OrUnknown(task.TaskId),
        "ExternalTaskId" => OrUnknown(task.ExternalTaskId),
        "Scene" => OrUnknown(task.Scene),
        "Image" => OrUnknown(ImageStem(task)),
        "Index" => index.ToString(part.Text, CultureInfo.InvariantCulture),
        _ => part.Text,
    }));

    // A leading dot begins no extension.
    private static string? ImageStem(KlingTask task)
    {
        string? name = task.Images.Count > 0 ? TextList.ShortOf(task.Images[0]) : null;
        return name is not null && name.LastIndexOf('.') is > 0 and var dot ? name.Substring(0, dot) : name;
    }

    private static string OrUnknown(string? value) => string.IsNullOrWhiteSpace(value) ? "unknown" : value!;

    private static string Literal(string text, string template)
    {
        if (text.IndexOfAny(['/', '\\']) >= 0 || text.Contains("..", StringComparison.Ordinal))
        {
            throw Refused(template, $"leads to another folder, which is what {Term.Destination} is for");
        }

        return text.FirstOrDefault(static c => !SafeFileName.IsAllowed(c)) is var wrong and not '\0'
            ? throw Refused(template, char.IsControl(wrong) ? "holds a control character"
                : $"holds '{wrong}', which not every file system takes in a name")
            : text;
    }

    private static (string, string) Token(string inner, string template)
    {
        string[] halves = inner.Split([':'], 2);
        string? token = Array.Find(Tokens, one => one.Equals(halves[0].Trim(), StringComparison.OrdinalIgnoreCase));
        bool isPadded = halves.Length == 2;
        return token is null ? throw Refused(template, $"has the unknown token '{{{inner}}}'")
            : isPadded && !(token == "Index" && halves[1].Length is > 0 and < 10 && halves[1].All(static c => c == '0'))
                ? throw Refused(template, $"has the token '{{{inner}}}': only {{Index}} takes a format, of zeros, as in {{Index:000}}")
            : (token, isPadded ? halves[1] : "");
    }

    private static KlingException Refused(string template, string fault) => new(
        KlingErrorId.InvalidRequest,
        $"The name template '{ServerText.Clean(template)}' {fault}. "
            + $"Its tokens are {{TaskId}}, {{ExternalTaskId}}, {{Scene}}, {{Image}} and {{Index}}; '{{{{' and '}}}}' stand for braces.",
        advice: $"Correct {Term.Name}.");
}
