namespace KlingEffects.Reports;

/// <summary>What all reports say of a job, fit to print.</summary>
internal static class ReportText
{
    public static string? Clean(string? text) => ServerText.Line(text ?? "").Trim() is { Length: > 0 } line ? line : null;

    public static string Fill(FormattableString text, Func<string, string> escape)
    {
        IEnumerable<object?> values = text.GetArguments().Select(value =>
            value is Markup ? value : escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
        return string.Format(CultureInfo.InvariantCulture, text.Format, [.. values]);
    }

    public static string FileName(string path) => Clean(TextList.ShortOf(path)) ?? "";

    /// <summary>An image's file name, here or on the web, or the description of its data.</summary>
    public static string ImageName(string image) => IsWeb(image) ? FileName(ServerText.WithoutQuery(image))
        : IsData(image) ? Clean(image) ?? ""
        : FileName(image);

    public static bool IsWeb(string image) =>
        image.StartsWith("https:", StringComparison.OrdinalIgnoreCase) || image.StartsWith("http:", StringComparison.OrdinalIgnoreCase);

    public static bool IsData(string image) => image.StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    /// <summary>The name of a job, if possible one that is the same in the next run.</summary>
    public static string JobName(KlingJob job) =>
        Clean(job.ExternalTaskId) ?? Pictures(job) ?? Clean(job.TaskId) ?? "a job without a name";

    public static string? Pictures(KlingJob job) =>
        Clean(string.Join(" + ", job.Images.Select(ImageName).Where(static name => name.Length > 0)));

    public static string Scene(KlingJob job) => Clean(job.Scene) ?? "unknown scene";

    /// <summary>Whether somebody has to act: it failed, or its video could not be saved.</summary>
    public static bool WentWrong(KlingJob job) => job.State is KlingJobState.Failed or KlingJobState.Refused or KlingJobState.Uncertain
        || (job.State == KlingJobState.Succeeded && !string.IsNullOrWhiteSpace(job.ErrorId));

    public static string? Reason(KlingJob job) => Clean(job.Message) ?? job.State switch
    {
        KlingJobState.Failed => "The API gave no reason.",
        KlingJobState.Refused => "The API refused it, and gave no reason.",
        KlingJobState.Uncertain => "The submit may or may not have been accepted.",
        _ => WentWrong(job) ? "Its video could not be had." : null,
    };

    public static string? AdviceFor(KlingJob job) =>
        WentWrong(job) && ErrorId(job) is ['K', 'l', 'i', 'n', 'g', .. var kind] && Enum.TryParse(kind, out KlingErrorId id)
            ? (job.HasTask ? Advice.ForQuery(id) : null) ?? Advice.For(id) : null;

    public static string ErrorId(KlingJob job) => Clean(job.ErrorId) ?? KlingException.NameOf(job.State switch
    {
        KlingJobState.Uncertain => KlingErrorId.SubmitUncertain,
        KlingJobState.Refused => KlingErrorId.InvalidRequest,
        _ => KlingErrorId.TaskFailed,
    });

    /// <summary>The time from its submit to its end, if known.</summary>
    public static TimeSpan? Duration(KlingJob job) => (job.EndedAt ?? job.SavedAt) - job.SubmittedAt is { Ticks: >= 0 } span ? span : null;
}
