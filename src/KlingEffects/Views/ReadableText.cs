using System.Collections;

namespace KlingEffects.Views;

/// <summary>Values as the module's views show them, of live and of deserialised objects.</summary>
public static class ReadableText
{
    /// <summary>The time since an instant: <c>42 s</c>, <c>5 min</c>, <c>3 h</c>, <c>12 d</c>; empty where there is none.</summary>
    /// <param name="since">A DateTimeOffset or DateTime, or the text of one.</param>
    public static string Age(object? since) => RowTime.Read(since) is { } instant ? Span(DateTimeOffset.UtcNow - instant) : "";

    /// <summary>An instant in local time, of the Gregorian calendar, and how long ago it was; empty where there is none.</summary>
    /// <param name="instant">A DateTimeOffset or DateTime, or the text of one.</param>
    public static string Time(object? instant) =>
        RowTime.Read(instant) is { } time ? $"{time.LocalDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} ({Age(time)} ago)" : "";

    /// <summary>What a task has come to: why it failed, how many videos it has and how long they are, or how much of it is done.</summary>
    /// <param name="reason">The API's reason, or null.</param>
    /// <param name="videos">The task's videos.</param>
    /// <param name="progress">Percent done, or null.</param>
    public static string Outcome(string? reason, object? videos, object? progress)
    {
        object[] list = List(videos);
        if (list.Length == 0)
        {
            return !string.IsNullOrEmpty(reason) ? Line(reason) : Unwrap(progress) is { } percent ? $"{percent} %" : "";
        }

        string count = list.Length.ToString(CultureInfo.InvariantCulture);
        string lengths = string.Join(", ", list.Select(static video => Seconds(Property(video, "Duration"))).Where(static length => length.Length > 0));
        return lengths.Length > 0 ? $"{count} ({lengths})" : count;
    }

    /// <summary>A task's videos, one a line: id, length and URL, without the query that may be a signature.</summary>
    /// <param name="videos">The task's videos.</param>
    public static string Videos(object? videos) => string.Join("\n", List(videos).Select(static video =>
    {
        string?[] parts = [Line(Property(video, "Id")), Seconds(Property(video, "Duration")), ServerText.WithoutQuery($"{Property(video, "Url")}")];
        return string.Join("  ", parts.Where(static part => !string.IsNullOrEmpty(part)));
    }));

    /// <summary>A length in seconds, or empty where it is not known.</summary>
    /// <param name="seconds">A number or null.</param>
    public static string Seconds(object? seconds) =>
        LanguagePrimitives.TryConvertTo(seconds, CultureInfo.InvariantCulture, out double number) && number > 0
            ? number.ToString("0.#", CultureInfo.InvariantCulture) + " s"
            : "";

    /// <summary>A task's images by their names alone, without folders.</summary>
    /// <param name="images">The task's images.</param>
    public static string Images(object? images) => Unwrap(images) is string text
        ? Line(text)
        : string.Join(", ", List(images).Select(static image => Line(TextList.ShortOf($"{image}"))));

    /// <summary>An object whose properties are the texts of the given one, each fit to print: of a file that anybody wrote, too.</summary>
    /// <param name="item">The task, the job or the video.</param>
    public static PSObject Texts(PSObject item)
    {
        PSObject shown = new();
        foreach (PSPropertyInfo property in item.Properties.Where(
            static property => property.MemberType is PSMemberTypes.Property or PSMemberTypes.NoteProperty))
        {
            if (Unwrap(property.Value) is string text)
            {
                shown.Properties.Add(new PSNoteProperty(property.Name, property.Name == "Url" ? string.Join("?", text.Split('?').Select(Line)) : Line(text)));
            }
        }

        return shown;
    }

    internal static string Line(object? text) => ServerText.Line($"{text}");

    internal static object? Property(object item, string name) => PSObject.AsPSObject(item).Properties[name]?.Value;

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static object[] List(object? videos) => Unwrap(videos) is IEnumerable items and not string ? [.. items.Cast<object>()] : [];

    // At most six characters for the next 27 years.
    private static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 0 } => "0 s",
        { TotalSeconds: < 100 } => $"{(int)span.TotalSeconds} s",
        { TotalMinutes: < 100 } => $"{(int)span.TotalMinutes} min",
        { TotalDays: < 2 } => $"{(int)span.TotalHours} h",
        _ => $"{(int)span.TotalDays} d",
    };
}
