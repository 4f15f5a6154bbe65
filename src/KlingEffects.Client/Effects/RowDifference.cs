using KlingEffects.Jobs;

namespace KlingEffects.Effects;

/// <summary>What a row asks for now, as against what the journal has under the same id of the user's.</summary>
internal static class RowDifference
{
    private const int DigestBytes = 16;

    /// <summary>What differs, in words; null where nothing does, as far as that can be told.</summary>
    public static async Task<string?> FindAsync(EffectJob job, KlingJob known, CancellationToken stop)
    {
        bool otherScene = known.Scene is { } scene && scene != job.Scene;
        return await AreOthersAsync(job, known, stop).ConfigureAwait(false)
            ? otherScene ? "the scene and the images differ" : "the images differ"
            : otherScene ? "the scene differs" : null;
    }

    /// <summary>
    /// The start of each image's digest, for a job that is known by the user's own id; null for another, whose key tells its images.
    /// </summary>
    public static async Task<string[]?> DigestsAsync(EffectJob job, CancellationToken stop) => string.IsNullOrEmpty(job.ExternalTaskId)
        ? null
        : [.. (await JobKey.DigestsAsync(job, stop).ConfigureAwait(false))
            .Select(static digest => Sha256.Hex(digest, Math.Min(DigestBytes, digest.Length)))];

    /// <summary>The digest of what a job asks for; null where a picture is gone that may be.</summary>
    public static async Task<string?> ContentAsync(EffectJob job, bool mayBeGone, CancellationToken stop)
    {
        try
        {
            return JobKey.FromContent(job, await JobKey.DigestsAsync(job, stop).ConfigureAwait(false));
        }
        catch (KlingException) when (mayBeGone)
        {
            return null;
        }
    }

    private static async Task<bool> AreOthersAsync(EffectJob job, KlingJob known, CancellationToken stop)
    {
        if (known.Images.Count > 0 && known.Images.Count != job.Images.Count)
        {
            return true;
        }

        try
        {
            if (known.Digests.Count > 0)
            {
                return !known.Digests.SequenceEqual(await DigestsAsync(job, stop).ConfigureAwait(false) ?? []);
            }
        }
        catch (KlingException)
        {
            // A picture that is not there any more can only be compared by its name.
        }

        return known.Images.Count > 0
            && !known.Images.Select(TextList.ShortOf).SequenceEqual(job.Images.Select(static image => TextList.ShortOf(image.ToString())));
    }
}
