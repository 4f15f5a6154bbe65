using KlingEffects.Reports;

namespace KlingEffects.Views;

/// <summary>What the module's views show of an object, live or deserialised.</summary>
public static class ShownObject
{
    /// <summary>The texts of an object's properties, each fit to print: of a file that anybody wrote, too. Beside them stands what they
    /// come to: <c>Age</c>, <c>Outcome</c>, <c>Title</c> and <c>Problem</c>.</summary>
    /// <param name="item">The task, the job, the video or the resource pack.</param>
    public static PSObject From(PSObject item)
    {
        PSObject shown = new();
        void add(string name, string text) => shown.Properties.Add(new PSNoteProperty(name, text));
        void addFirst(string name, params string[] texts) => add(name, NotEmpty(texts).FirstOrDefault() ?? "");
        string text(string name) => shown.Properties[name]?.Value as string ?? "";
        foreach (PSPropertyInfo property in item.Properties.Where(
            static property => property.MemberType is PSMemberTypes.Property or PSMemberTypes.NoteProperty))
        {
            if (Text(property.Name, property.Value) is { } shownText)
            {
                add(property.Name, shownText);
            }
        }

        string[] images = [.. List(Property(item, nameof(KlingTask.Images))).Select(static image => $"{image}")];
        string names = images.Length == 0 ? text(nameof(KlingTask.Images))
            : string.Join(", ", images.Select(static image => Line(TextList.ShortOf(image))));
        add("Age", Age(RowTime.Read(Property(item, nameof(KlingJob.SubmittedAt)) ?? Property(item, nameof(KlingTask.CreatedAt)))));
        add("Outcome", string.Join(": ", NotEmpty(names, Outcome(item, text(nameof(KlingTask.StatusMessage))))));
        addFirst("Problem", text(nameof(KlingJob.Message)), text(nameof(KlingJob.ErrorId)));
        string pictures = string.Join(", ", images.Select(ReportText.ImageName));
        addFirst("Title", text(nameof(KlingJob.ExternalTaskId)), pictures, text(nameof(KlingJob.TaskId)));
        return shown;
    }

    private static string? Text(string name, object? value) => Unwrap(value) switch
    {
        string url when name == nameof(KlingVideo.Url) => string.Join("?", url.Split('?').Select(Line)),
        string text => Line(text),
        double seconds => Seconds(seconds),
        decimal amount => Figures.Amount(amount),
        IEnumerable videos when name == nameof(KlingTask.Videos) => string.Join("\n", videos.Cast<object>().Select(Video)),
        IEnumerable list => string.Join("\n", list.Cast<object>().Select(static item => Line($"{item}"))),
        _ => RowTime.Read(value) is { } instant ? Instant(name, instant) : null,
    };

    // A pack ends on a day of the API's calendar.
    private static string Instant(string name, DateTimeOffset instant) => name == nameof(KlingResourcePack.EndsAt)
        ? instant.LocalDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : $"{instant.LocalDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} ({Age(instant)} ago)";

    // The reason of a failure, the number and length of the videos, or the progress.
    private static string Outcome(PSObject task, string reason)
    {
        object[] videos = List(Property(task, nameof(KlingTask.Videos)));
        IEnumerable<string> known = videos.Select(static video => Seconds(Property(video, nameof(KlingVideo.Duration))));
        string lengths = string.Join(", ", NotEmpty([.. known]));
        return lengths.Length > 0 ? $"{videos.Length} ({lengths})"
            : videos.Length > 0 ? $"{videos.Length}"
            : reason.Length == 0 && Property(task, nameof(KlingTask.Progress)) is { } percent ? $"{percent} %" : reason;
    }

    private static string Video(object video) => string.Join("  ", NotEmpty(
        Line($"{Property(video, nameof(KlingVideo.Id))}"),
        Seconds(Property(video, nameof(KlingVideo.Duration))),
        ServerText.WithoutQuery($"{Property(video, nameof(KlingVideo.Url))}")));

    private static string Seconds(object? seconds) =>
        LanguagePrimitives.TryConvertTo(seconds, CultureInfo.InvariantCulture, out double number) && number > 0
            ? number.ToString("0.#", CultureInfo.InvariantCulture) + " s"
            : "";

    // 42 s, 5 min, 3 h, 12 d: at most six characters for 27 years.
    private static string Age(DateTimeOffset? since) => (DateTimeOffset.UtcNow - since) switch
    {
        null => "",
        { TotalSeconds: < 0 } => "0 s",
        { TotalSeconds: < 100 } span => $"{(int)span.TotalSeconds} s",
        { TotalMinutes: < 100 } span => $"{(int)span.TotalMinutes} min",
        { TotalDays: < 2 } span => $"{(int)span.TotalHours} h",
        { } span => $"{(int)span.TotalDays} d",
    };

    private static string Line(string text) => ServerText.Line(text);

    private static IEnumerable<string> NotEmpty(params string[] texts) => texts.Where(static text => text.Length > 0);

    private static object? Property(object item, string name) => PSObject.AsPSObject(item).Properties[name]?.Value;

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static object[] List(object? value) => Unwrap(value) is IEnumerable items and not string ? [.. items.Cast<object>()] : [];
}
