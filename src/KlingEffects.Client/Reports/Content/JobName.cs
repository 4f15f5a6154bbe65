namespace KlingEffects.Reports.Content;

/// <summary>What a reader knows a job by.</summary>
internal static class JobName
{
    /// <summary>The user's own id, else the names of its pictures, else the id of its task: what is the same in the next run comes first.</summary>
    public static string Of(KlingJob job)
    {
        string own = ReportText.Of(job.ExternalTaskId);
        string pictures = own.Length > 0 ? own : OfPictures(job);
        string task = pictures.Length > 0 ? pictures : ReportText.Of(job.TaskId);
        return task.Length > 0 ? task : "a job without a name";
    }

    public static string OfPictures(KlingJob job) =>
        string.Join(" + ", job.Images.Select(ReportText.OfImage).Where(static name => name.Length > 0));

    /// <summary>The scene, or words where the journal does not tell it.</summary>
    public static string SceneOf(KlingJob job) => ReportText.Of(job.Scene) is { Length: > 0 } scene ? scene : "unknown scene";
}
