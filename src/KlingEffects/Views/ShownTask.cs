namespace KlingEffects.Views;

/// <summary>What the views show of a task, live or deserialised.</summary>
public static class ShownTask
{
    /// <summary>The time since its creation.</summary>
    /// <param name="task">The task.</param>
    public static string Age(PSObject task) => ReadableText.Age(ReadableText.Property(task, nameof(KlingTask.CreatedAt)));

    /// <summary>Its pictures, and why it failed, how many videos it has and how long they are, or how much of it is done.</summary>
    /// <param name="task">The task.</param>
    public static string Outcome(PSObject task)
    {
        string outcome = ReadableText.Outcome(
            ReadableText.Property(task, nameof(KlingTask.StatusMessage))?.ToString(), ReadableText.Property(task, nameof(KlingTask.Videos)), ReadableText.Property(task, nameof(KlingTask.Progress)));
        return string.Join(": ", new[] { ReadableText.Images(ReadableText.Property(task, nameof(KlingTask.Images))), outcome }.Where(static part => part.Length > 0));
    }

    /// <summary>Its pictures, whole.</summary>
    /// <param name="task">The task.</param>
    public static string Images(PSObject task) => ShownJob.Images(task).Replace("\n", ", ");

    /// <summary>When it was created, and how long ago.</summary>
    /// <param name="task">The task.</param>
    public static string CreatedAt(PSObject task) => ReadableText.Time(ReadableText.Property(task, nameof(KlingTask.CreatedAt)));

    /// <summary>When it last changed, and how long ago.</summary>
    /// <param name="task">The task.</param>
    public static string UpdatedAt(PSObject task) => ReadableText.Time(ReadableText.Property(task, nameof(KlingTask.UpdatedAt)));

    /// <summary>Its videos, one a line.</summary>
    /// <param name="task">The task.</param>
    public static string Videos(PSObject task) => ReadableText.Videos(ReadableText.Property(task, nameof(KlingTask.Videos)));
}
