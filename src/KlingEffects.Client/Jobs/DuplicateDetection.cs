using System.Security.Cryptography;
using System.Text;
using KlingEffects.Images;

namespace KlingEffects.Jobs;

/// <summary>What makes two rows of a batch duplicates where no journal compares their contents: the same words in every field.</summary>
internal static class DuplicateDetection
{
    // A long batch keeps each for as long as it runs.
    private const int DigestBytes = 16;

    public static async Task<string> KeyAsync(EffectJob job, CancellationToken cancellationToken)
    {
        List<string?> fields = [job.ExternalTaskId, job.Scene, $"{job.Duration ?? JobKey.UsualDuration}", job.Mode, job.ModelName, job.CallbackUrl, job.AdditionalBody?.ToString()];
        foreach (ImageSource image in job.Images)
        {
            fields.Add(image switch
            {
                UrlImage url => url.Url,
                FileImage file => file.FullPath,
                _ => Convert.ToBase64String(await image.ComputeDigestAsync(cancellationToken).ConfigureAwait(false)),
            });
        }

        using IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(Encoding.Unicode.GetBytes(string.Join("\n", fields)));
        return Convert.ToBase64String(digest.GetHashAndReset(), 0, DigestBytes);
    }
}
