namespace KlingEffects.Reports.Content;

/// <summary>The names and texts that every form of report shows, fit to show.</summary>
internal static class ReportText
{
    public static string Clean(string? text) => ServerText.Line(text ?? "").Trim();

    /// <summary>What stands behind a path's last separator, of any system.</summary>
    public static string FileName(string path)
    {
        string whole = path.TrimEnd('/', '\\');
        return Clean(whole.Substring(whole.LastIndexOfAny(['/', '\\']) + 1));
    }

    /// <summary>What a reader calls an image: the name of its file, here or on the web, or the words that stand for its data.</summary>
    public static string ImageName(string image) => IsWeb(image) ? FileName(ServerText.WithoutQuery(image))
        : image.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? Clean(image)
        : FileName(image);

    public static bool IsWeb(string value) =>
        value.StartsWith("https:", StringComparison.OrdinalIgnoreCase) || value.StartsWith("http:", StringComparison.OrdinalIgnoreCase);

    /// <summary>What a reader knows a job by. What is the same in the next run comes first.</summary>
    public static string JobName(KlingJob job) =>
        new[] { Clean(job.ExternalTaskId), Pictures(job), Clean(job.TaskId), "a job without a name" }
            .First(static name => name.Length > 0);

    public static string Pictures(KlingJob job) => string.Join(" + ", job.Images.Select(ImageName).Where(static name => name.Length > 0));

    public static string Scene(KlingJob job) => Clean(job.Scene) is { Length: > 0 } scene ? scene : "unknown scene";
}
