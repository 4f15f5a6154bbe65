using KlingEffects.Images;

namespace KlingEffects.Jobs;

/// <summary>Identifies a job in this run and the next: by its external id, else by everything that affects the result.</summary>
internal static class JobKey
{
    /// <summary>Members that do not identify a job. A callback's new port must not pay for it again.</summary>
    public static readonly string[] NoContent =
        [nameof(EffectJob.ExternalTaskId), nameof(EffectJob.CallbackUrl), nameof(EffectJob.Gateway), nameof(EffectJob.SkipImageCheck)];

    private const string OwnPrefix = "x:";
    private const string ContentPrefix = "sha256:";
    private const string Form = "kling-effect-job-1";
    private const string WithAdditionalBody = "additional-body";

    // Counts as the duration if none is given, as in journals of earlier releases.
    private const int UsualDuration = 5;
    private const int DerivedIdBytes = 16;
    private const int ImageBytes = 16;
    private const int DigestBytes = 32;

    public static string? OwnId(string key) =>
        key.StartsWith(OwnPrefix, StringComparison.Ordinal) ? key.Substring(OwnPrefix.Length) : null;

    public static bool IsOfContent(string key) => key.StartsWith(ContentPrefix, StringComparison.Ordinal);

    public static string FromOwnId(string externalTaskId) =>
        // As it will be read from the file: half a surrogate pair can't be written.
        OwnPrefix + NameForms.Composed(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(externalTaskId)));

    /// <summary>The key of a job with an external id, which needs no look at its images; else null.</summary>
    public static string? TryFromOwnId(EffectJob job) => string.IsNullOrEmpty(job.ExternalTaskId) ? null : FromOwnId(job.ExternalTaskId!);

    /// <summary>The external id to send an attempt under, from 1.</summary>
    public static string ExternalId(string journalId, string key, int attempt = 1)
    {
        string id = OwnId(key) ?? SubjectName.Derived + Sha256.Hex(Digest([Bytes(journalId), Bytes(key)]), DerivedIdBytes);
        return attempt > 1 ? FormattableString.Invariant($"{id}.{attempt}") : id;
    }

    public static async Task<string> CreateAsync(EffectJob job, CancellationToken cancellationToken) =>
        TryFromOwnId(job) ?? FromContent(job, await DigestsAsync(job, cancellationToken).ConfigureAwait(false));

    /// <summary>The job's key in a journal: the current one, or that of the first release.</summary>
    public static async Task<string> FindAsync(EffectJob job, Func<string, KlingJob?> find, CancellationToken cancellationToken)
    {
        string key = await CreateAsync(job, cancellationToken).ConfigureAwait(false);
        string? former = find(key) is null ? await FormerAsync(job, cancellationToken).ConfigureAwait(false) : null;
        return former is not null && find(former) is not null ? former : key;
    }

    /// <summary>The first release's key of the job, which included signatures of URLs; null if it is the same.</summary>
    public static async Task<string?> FormerAsync(EffectJob job, CancellationToken cancellationToken)
    {
        Task<byte[]> DigestAsync(ImageSource image) =>
            (image as UrlImage)?.ComputeFormerDigestAsync() ?? image.ComputeDigestAsync(cancellationToken);
        return string.IsNullOrEmpty(job.ExternalTaskId) && job.Images.Any(static image => image is UrlImage { IsSigned: true })
            ? FromContent(job, await Task.WhenAll(job.Images.Select(DigestAsync)).ConfigureAwait(false)) : null;
    }

    public static Task<byte[][]> DigestsAsync(EffectJob job, CancellationToken cancellationToken) =>
        Task.WhenAll(job.Images.Select(image => image.ComputeDigestAsync(cancellationToken)));

    public static string[] Starts(byte[][] digests) => [.. digests.Select(static digest => Sha256.Hex(digest, ImageBytes))];

    public static string FromContent(EffectJob job, byte[][] digests)
    {
        string duration = (job.Duration ?? UsualDuration).ToString(CultureInfo.InvariantCulture);
        IEnumerable<byte[]> more = job.AdditionalBody?.Identity is { } identity ? [Bytes(WithAdditionalBody), Bytes(identity)] : [];
        byte[] digest = Digest(
            [Bytes(Form), Bytes(job.Scene), Bytes(duration), Bytes(job.Mode), Bytes(job.ModelName), .. digests, .. more]);
        return ContentPrefix + Sha256.Hex(digest, DigestBytes);
    }

    public static string? Difference(EffectJob job, KlingJob known, byte[][]? digests)
    {
        // Missing images have no digests, and are compared by name.
        bool otherScene = known.Scene is { } scene && scene != job.Scene;
        bool otherImages = (known.Images.Count > 0 && known.Images.Count != job.Images.Count)
            || (known.Digests.Count > 0 && digests is not null ? !known.Digests.SequenceEqual(Starts(digests))
            : known.Images.Count > 0 && !known.Images.Select(TextList.ShortOf)
                .SequenceEqual(job.Images.Select(static image => TextList.ShortOf(image.ToString()))));
        return otherImages ? otherScene ? "the scene and the images differ" : "the images differ"
            : otherScene ? "the scene differs" : null;
    }

    private static byte[] Bytes(string? field) => Encoding.UTF8.GetBytes(field ?? "");

    // The length in front of each field: "ab" + "c" must not be "a" + "bc".
    private static byte[] Digest(IEnumerable<byte[]> fields)
    {
        using IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] length = new byte[sizeof(int)];
        foreach (byte[] field in fields)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, field.Length);
            digest.AppendData(length);
            digest.AppendData(field);
        }

        return digest.GetHashAndReset();
    }
}
