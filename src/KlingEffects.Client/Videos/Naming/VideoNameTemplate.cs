using KlingEffects.Videos.Containers;
using KlingEffects.Videos.Naming;

namespace KlingEffects;

/// <summary>How saved videos are named: text with the tokens {TaskId}, {ExternalTaskId}, {Scene}, {Image} and {Index}.</summary>
/// <remarks>
/// Ids, scenes and the names of pictures come from a server or a table, so names made of them are made safe: whatever the values, a name
/// is one of a file directly in its folder, on every common file system. A name that had to be changed ends in a digest of what it was.
/// </remarks>
public sealed class VideoNameTemplate
{
    /// <summary>The template used unless another is given.</summary>
    public const string DefaultText = "{TaskId}";

    private readonly IReadOnlyList<NamePart> _parts;
    private VideoNameTemplate? _other;

    private VideoNameTemplate(IReadOnlyList<NamePart> parts) => _parts = parts;

    /// <summary><see cref="DefaultText"/>, read.</summary>
    public static VideoNameTemplate Default { get; } = Parse(DefaultText);

    /// <summary>
    /// Reads a template. Tokens in any case; <c>{Index:000}</c> pads with zeros; <c>{{</c> and <c>}}</c> stand for braces; the
    /// extension of a video at the end is left out, since names get their video's own.
    /// </summary>
    /// <exception cref="KlingException">InvalidRequest: an unknown token, a lone brace, or what no file name can hold.</exception>
    public static VideoNameTemplate Parse(string text) => new(NameTemplateReader.Read(text));

    /// <summary>The file names of a task's videos, in their order: <c>name.mp4</c>, <c>name-2.mp4</c>, <c>name-3.mp4</c>.</summary>
    /// <param name="task">The task; <c>unknown</c> stands for a value that it does not have.</param>
    /// <param name="index">The task's place in the batch, from 1.</param>
    public IReadOnlyList<string> Names(KlingTask task, int index) => NamesWith(task, index, "");

    /// <summary>The same template, and another one for tasks that have no external id of the user's.</summary>
    internal VideoNameTemplate WithoutOwnId(VideoNameTemplate other) => new(_parts) { _other = other };

    internal IReadOnlyList<string> NamesWith(KlingTask task, int index, string ending)
    {
        string stem = SafeFileName.From(Text(task, index) + ending);
        return [.. Extensions(task).Select((extension, i) => stem + Ordinal(i) + extension)];
    }

    // Of videos that were saved before, the files tell what the URLs did.
    private static IEnumerable<string> Extensions(KlingTask task) =>
        task.Videos.Count == 0 && task.Context.Record is { IsSaved: true } record
        ? record.Files!.Select(static file => Path.GetExtension(file.Path ?? ""))
        : task.Videos.Select(static video => VideoContainer.ExtensionOf(video.Url));

    /// <summary>Whether the name shows which task's video it is, in whatever batch.</summary>
    internal bool IdentifiesTask(KlingTask task) =>
        For(task).Has(NameToken.TaskId) || (For(task).Has(NameToken.ExternalTaskId) && !string.IsNullOrWhiteSpace(task.ExternalTaskId));

    // An external id stands for the task; without one, nothing in the name would.
    internal bool LacksIdentity(KlingTask task) => For(task).Has(NameToken.ExternalTaskId) && !IdentifiesTask(task);

    internal bool Has(NameToken token) => _parts.Any(part => part.Token == token);

    private VideoNameTemplate For(KlingTask task) => task.Context.HasDerivedId ? _other ?? this : this;

    private static string Ordinal(int position) => position == 0 ? "" : "-" + (position + 1).ToString(CultureInfo.InvariantCulture);

    private string Text(KlingTask task, int index) => string.Concat(For(task)._parts.Select(part => part.Token switch
    {
        NameToken.TaskId => OrUnknown(task.TaskId),
        NameToken.ExternalTaskId => OrUnknown(task.ExternalTaskId),
        NameToken.Scene => OrUnknown(task.Scene),
        NameToken.Image => OrUnknown(ImageStem(task)),
        NameToken.Index => index.ToString(part.Text, CultureInfo.InvariantCulture),
        _ => part.Text,
    }));

    // A dot in front is no extension's.
    private static string? ImageStem(KlingTask task)
    {
        string? name = task.Images.Count > 0 ? TextList.ShortOf(task.Images[0]) : null;
        return name is not null && name.LastIndexOf('.') is > 0 and var dot ? name.Substring(0, dot) : name;
    }

    private static string OrUnknown(string? value) => string.IsNullOrWhiteSpace(value) ? "unknown" : value!;
}
