using System.Buffers.Binary;
using System.Security.Cryptography;
using KlingEffects.Files;
using KlingEffects.Images;

namespace KlingEffects.Jobs;

/// <summary>
/// What a job is known by, with a journal and without, so that the same row, in this run or the next, is the same job: its own id, else
/// all that changes what is made.
/// </summary>
internal static class JobKey
{
    /// <summary>The members of a job that are no part of its content. A callback's new port must not pay for the job again.</summary>
    public static readonly string[] NoContent =
        [nameof(EffectJob.ExternalTaskId), nameof(EffectJob.CallbackUrl), nameof(EffectJob.Gateway), nameof(EffectJob.SkipImageCheck)];

    private const string OwnPrefix = "x:";
    private const string ContentPrefix = "sha256:";
    private const string Form = "kling-effect-job-1";
    private const string WithAdditionalBody = "additional-body";

    // A length that was not given counts as this one, as it did before gateways differed in it: old journals keep matching.
    private const int UsualDuration = 5;
    private const int DerivedIdBytes = 16;
    private const int DigestBytes = 32;

    /// <summary>The user's own id in a key, or null for a job that is known by its content.</summary>
    public static string? OwnId(string key) =>
        key.StartsWith(OwnPrefix, StringComparison.Ordinal) ? key.Substring(OwnPrefix.Length) : null;

    /// <summary>Whether the key is a digest of the job's content.</summary>
    public static bool IsOfContent(string key) => key.StartsWith(ContentPrefix, StringComparison.Ordinal);

    /// <summary>The key of the job that has this id of its own.</summary>
    public static string FromOwnId(string externalTaskId) =>
        // As it will be read from the file again: half a surrogate pair can't be written.
        OwnPrefix + NameForms.Composed(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(externalTaskId)));

    /// <summary>The key of a job with an id of its own, which needs no look at its images; null for any other.</summary>
    public static string? TryFromOwnId(EffectJob job) => string.IsNullOrEmpty(job.ExternalTaskId) ? null : FromOwnId(job.ExternalTaskId!);

    /// <summary>The external id that an attempt, counted from 1, should be sent under.</summary>
    public static string ExternalId(string journalId, string key, int attempt) =>
        attempt > 1 ? FormattableString.Invariant($"{ExternalId(journalId, key)}.{attempt}") : ExternalId(journalId, key);

    public static async Task<string> CreateAsync(EffectJob job, CancellationToken cancellationToken) =>
        TryFromOwnId(job) ?? FromContent(job, await DigestsAsync(job, cancellationToken).ConfigureAwait(false));

    public static Task<byte[][]> DigestsAsync(EffectJob job, CancellationToken cancellationToken) =>
        Task.WhenAll(job.Images.Select(image => image.ComputeDigestAsync(cancellationToken)));

    /// <summary>The key of a job without an id of its own.</summary>
    public static string FromContent(EffectJob job, IEnumerable<byte[]> digests)
    {
        using IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(digest, Form);
        Append(digest, job.Scene);
        Append(digest, (job.Duration ?? UsualDuration).ToString(CultureInfo.InvariantCulture));
        Append(digest, job.Mode);
        Append(digest, job.ModelName);
        foreach (byte[] image in digests)
        {
            Append(digest, image);
        }

        if (job.AdditionalBody?.Identity is { } more)
        {
            Append(digest, WithAdditionalBody);
            Append(digest, more);
        }

        return ContentPrefix + Sha256.Hex(digest.GetHashAndReset(), DigestBytes);
    }

    /// <summary>
    /// The key that the first release made of the job, or null where it is the same: signatures of URLs were part of it.
    /// </summary>
    public static async Task<string?> FormerAsync(EffectJob job, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(job.ExternalTaskId) && job.Images.Any(static image => image is UrlImage { IsSigned: true })
            ? FromContent(job, await Task.WhenAll(job.Images.Select(image =>
                image is UrlImage url ? url.ComputeFormerDigestAsync(cancellationToken) : image.ComputeDigestAsync(cancellationToken))).ConfigureAwait(false))
            : null;

    public static string ExternalId(string journalId, string key)
    {
        if (OwnId(key) is { } own)
        {
            return own;
        }

        using IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(digest, journalId);
        Append(digest, key);
        return SubjectName.Derived + Sha256.Hex(digest.GetHashAndReset(), DerivedIdBytes);
    }

    private static void Append(IncrementalHash digest, string? field) =>
        Append(digest, string.IsNullOrEmpty(field) ? [] : Encoding.UTF8.GetBytes(field));

    // The length in front of each field: "ab" + "c" must not be "a" + "bc".
    private static void Append(IncrementalHash digest, byte[] field)
    {
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, field.Length);
        digest.AppendData(length);
        digest.AppendData(field);
    }
}
