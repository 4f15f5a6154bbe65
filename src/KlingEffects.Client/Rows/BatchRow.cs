using System.ComponentModel;

namespace KlingEffects;

/// <summary>One job of a batch and where it stands, or why it is none.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class BatchRow
{
    internal BatchRow()
    {
    }

    /// <summary>Its place in the batch, from 1.</summary>
    internal int Index { get; init; }

    /// <summary>Where it stands, as messages say it; null for a job that no row told of.</summary>
    internal string? Place { get; init; }

    internal string? ExternalTaskId { get; set; }

    /// <summary>What to make; null where that can't be told, or where a task is there already.</summary>
    internal EffectJob? Job { get; set; }

    /// <summary>Why it is no job; null where it is one.</summary>
    internal KlingException? Refusal { get; set; }

    /// <summary>The job of a journal that it is about, where no row is needed.</summary>
    internal KlingJob? Journaled { get; init; }

    internal KlingJob? Ended { get; set; }

    /// <summary>The scene as the row has it.</summary>
    internal string? Scene { get; init; }

    /// <summary>The images as the row has them; of a <c>data:</c> URI no more than that it is one.</summary>
    internal IReadOnlyList<string> Images { get; init; } = [];

    internal string Title => Place is null ? $"The job {ExternalTaskId}" : char.ToUpperInvariant(Place[0]) + Place.Substring(1);

    /// <summary>The error, with what finds the row again.</summary>
    internal KlingException Named(KlingException error) =>
        error.WithSubject(error.Target ?? ExternalTaskId ?? Place ?? (object)Index, null, Place is null ? null : Title).Of(ExternalTaskId);
}
