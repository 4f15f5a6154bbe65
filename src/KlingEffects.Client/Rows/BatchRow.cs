using System.ComponentModel;

namespace KlingEffects;

/// <summary>One row of a batch: its place, and its job or why it has none.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class BatchRow
{
    internal BatchRow()
    {
    }

    /// <summary>Its number in the batch, from 1.</summary>
    internal int Index { get; init; }

    /// <summary>Its place in messages; null for a job without a row.</summary>
    internal string? Place { get; init; }

    internal string? ExternalTaskId { get; set; }
    internal EffectJob? Job { get; set; }

    /// <summary>Why it is no job, or null.</summary>
    internal KlingException? Refusal { get; set; }

    /// <summary>The journal's job, if it is only collected.</summary>
    internal KlingJob? Journaled { get; init; }

    internal KlingJob? Ended { get; set; }

    /// <summary>What identifies its job in the journal; empty before.</summary>
    internal string Key { get; set; } = "";
    internal string? Scene { get; init; }

    /// <summary>The images as the row has them, without the data of a <c>data:</c> URI.</summary>
    internal IReadOnlyList<string> Images { get; init; } = [];

    internal string Title => Place is null ? $"The job {ExternalTaskId}" : char.ToUpperInvariant(Place[0]) + Place.Substring(1);

    /// <summary>The error with the row's place and id.</summary>
    internal KlingException Named(KlingException error) =>
        error.WithSubject(error.Target ?? ExternalTaskId ?? Place ?? (object)Index, null, Place is null ? null : Title).Of(ExternalTaskId);
}
