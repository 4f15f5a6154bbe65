namespace KlingEffects.Reports;

/// <summary>What every form of report says of a job, fit to show.</summary>
internal static class ReportText
{
    /// <summary>The text fit to show; null where nothing of it is left.</summary>
    public static string? Clean(string? text) => ServerText.Line(text ?? "").Trim() is { Length: > 0 } line ? line : null;

    /// <summary>The text with the values in its holes escaped, so that none goes in as it is; markup stays markup.</summary>
    public static string Fill(FormattableString text, Func<string, string> escape)
    {
        IEnumerable<object?> values = text.GetArguments().Select(value =>
            value is Markup ? value : escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
        return string.Format(CultureInfo.InvariantCulture, text.Format, [.. values]);
    }

    /// <summary>What stands behind a path's last separator, of any system.</summary>
    public static string FileName(string path)
    {
        string whole = path.TrimEnd('/', '\\');
        return Clean(whole.Substring(whole.LastIndexOfAny(['/', '\\']) + 1)) ?? "";
    }

    /// <summary>What a reader calls an image: the name of its file, here or on the web, or the words that stand for its data.</summary>
    public static string ImageName(string image) => IsWeb(image) ? FileName(ServerText.WithoutQuery(image))
        : IsData(image) ? Clean(image) ?? ""
        : FileName(image);

    public static bool IsWeb(string image) =>
        image.StartsWith("https:", StringComparison.OrdinalIgnoreCase) || image.StartsWith("http:", StringComparison.OrdinalIgnoreCase);

    public static bool IsData(string image) => image.StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    /// <summary>What a reader knows a job by. What is the same in the next run comes first.</summary>
    public static string JobName(KlingJob job) =>
        Clean(job.ExternalTaskId) ?? Pictures(job) ?? Clean(job.TaskId) ?? "a job without a name";

    public static string? Pictures(KlingJob job) =>
        Clean(string.Join(" + ", job.Images.Select(ImageName).Where(static name => name.Length > 0)));

    public static string Scene(KlingJob job) => Clean(job.Scene) ?? "unknown scene";

    /// <summary>Whether someone has to do something about the job. A task that ended well has failed if its video can't be had.</summary>
    public static bool WentWrong(KlingJob job) => job.State is KlingJobState.Failed or KlingJobState.Refused or KlingJobState.Uncertain
        || (job.State == KlingJobState.Succeeded && !string.IsNullOrWhiteSpace(job.ErrorId));

    /// <summary>Why it went wrong, as a sentence; null where it did not.</summary>
    public static string? Reason(KlingJob job) => Clean(job.Message) ?? job.State switch
    {
        KlingJobState.Failed => "The API gave no reason.",
        KlingJobState.Refused => "The API refused it, and gave no reason.",
        KlingJobState.Uncertain => "The submit may or may not have been accepted.",
        _ => WentWrong(job) ? "Its video could not be had." : null,
    };

    public static string? AdviceFor(KlingJob job) =>
        WentWrong(job) && ErrorId(job) is ['K', 'l', 'i', 'n', 'g', .. var kind] && Enum.TryParse(kind, out KlingErrorId id)
            ? Advice.For(id) : null;

    /// <summary>The error id, as scripts see it, such as <c>KlingTaskFailed</c>.</summary>
    public static string ErrorId(KlingJob job) => Clean(job.ErrorId) ?? KlingException.NameOf(job.State switch
    {
        KlingJobState.Uncertain => KlingErrorId.SubmitUncertain,
        KlingJobState.Refused => KlingErrorId.InvalidRequest,
        _ => KlingErrorId.TaskFailed,
    });

    /// <summary>How long it took, from its submit to its end, in so far as that is known.</summary>
    public static TimeSpan? Duration(KlingJob job) => (job.EndedAt ?? job.SavedAt) - job.SubmittedAt is { Ticks: >= 0 } span ? span : null;
}
