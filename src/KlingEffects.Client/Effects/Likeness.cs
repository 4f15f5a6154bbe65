using KlingEffects.Images;

namespace KlingEffects.Effects;

/// <summary>What makes two rows of a batch one job where no journal compares their contents: the same words in every field.</summary>
internal static class Likeness
{
    public static async Task<string> OfAsync(EffectJob job, CancellationToken cancellationToken)
    {
        List<string?> fields = [job.ExternalTaskId, job.Scene, $"{job.Duration}", job.Mode, job.ModelName, job.CallbackUrl];
        foreach (ImageSource image in job.Images)
        {
            fields.Add(image switch
            {
                UrlImage url => url.Url,
                FileImage file => file.FullPath,
                _ => Convert.ToBase64String(await image.ComputeDigestAsync(cancellationToken).ConfigureAwait(false)),
            });
        }

        return string.Join("\n", fields);
    }
}
