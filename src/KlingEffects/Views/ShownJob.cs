using System.Collections;
using KlingEffects.Reports;

namespace KlingEffects.Views;

/// <summary>What the views show of a job, live or deserialised.</summary>
public static class ShownJob
{
    /// <summary>The user's own id, else the names of its pictures, else the id of its task.</summary>
    /// <param name="job">The job.</param>
    public static string Name(PSObject job) => new[]
    {
        Text(job, nameof(KlingJob.ExternalTaskId)),
        string.Join(", ", List(job, nameof(KlingJob.Images)).Select(ReportText.ImageName)),
        Text(job, nameof(KlingJob.TaskId)),
    }.First(static name => name.Length > 0);

    /// <summary>What it cost in units, where the API told.</summary>
    /// <param name="job">The job.</param>
    public static string Units(PSObject job) => Amount(job, nameof(KlingJob.Units));

    /// <summary>What it cost in money, where the API told.</summary>
    /// <param name="job">The job.</param>
    public static string Cost(PSObject job) => Amount(job, nameof(KlingJob.Cost));

    /// <summary>The time since its submit.</summary>
    /// <param name="job">The job.</param>
    public static string Age(PSObject job) => ReadableText.Age(ReadableText.Property(job, nameof(KlingJob.SubmittedAt)));

    /// <summary>What went wrong.</summary>
    /// <param name="job">The job.</param>
    public static string Problem(PSObject job) => Text(job, nameof(KlingJob.Message)) is { Length: > 0 } message ? message : Text(job, nameof(KlingJob.ErrorId));

    /// <summary>Its pictures, one a line.</summary>
    /// <param name="job">The job.</param>
    public static string Images(PSObject job) => string.Join("\n", List(job, nameof(KlingJob.Images)));

    /// <summary>Its videos' files, one a line.</summary>
    /// <param name="job">The job.</param>
    public static string Files(PSObject job) => string.Join("\n", List(job, nameof(KlingJob.Files)));

    /// <summary>When its last submit began, and how long ago.</summary>
    /// <param name="job">The job.</param>
    public static string SubmittedAt(PSObject job) => ReadableText.Time(ReadableText.Property(job, nameof(KlingJob.SubmittedAt)));

    /// <summary>When its task ended, and how long ago.</summary>
    /// <param name="job">The job.</param>
    public static string EndedAt(PSObject job) => ReadableText.Time(ReadableText.Property(job, nameof(KlingJob.EndedAt)));

    /// <summary>When its videos were complete on disk, and how long ago.</summary>
    /// <param name="job">The job.</param>
    public static string SavedAt(PSObject job) => ReadableText.Time(ReadableText.Property(job, nameof(KlingJob.SavedAt)));

    private static string Amount(PSObject job, string name) =>
        LanguagePrimitives.TryConvertTo(ReadableText.Property(job, name), CultureInfo.InvariantCulture, out decimal? amount) && amount is { } told ? Figures.Amount(told) : "";

    private static string Text(PSObject job, string name) => ReadableText.Line(ReadableText.Property(job, name));

    private static IEnumerable<string> List(PSObject job, string name) =>
        (ReadableText.Property(job, name) is PSObject wrapped ? wrapped.BaseObject : ReadableText.Property(job, name)) is IEnumerable items and not string
            ? items.Cast<object?>().Select(static item => ReadableText.Line(item))
            : [];
}
