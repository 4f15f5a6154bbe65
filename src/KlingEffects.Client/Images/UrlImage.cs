using KlingEffects.Http;

namespace KlingEffects.Images;

/// <summary>An image that the server fetches. The URL is sent unchanged, because it may be signed.</summary>
internal sealed class UrlImage(string url) : ImageSource
{
    private const byte DigestType = (byte)'U';

    private string? _shown;

    public string Url => url;
    public bool IsSigned => UrlSignature.Without(url) != url;
    internal override string ForWhatIf => url;

    public override string ToString() => _shown ??= ServerText.WithoutQuery(
        RequestAddress.TryCreate(url) is { } address ? RequestAddress.Place(address) : url);

    internal override void Check(bool skipImageCheck)
    {
        // The shown URL is escaped, as the given one should have been.
        SafeText? fault = url.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c))
                ? (SafeText)$"A URL holds a blank or a control character, which have to be escaped: '{this}'."
            : RequestAddress.TryCreate(url) is not { Host.Length: > 0 } ? (SafeText)$"'{this}' is not a complete http(s) URL."
            : null;
        if (fault is not null)
        {
            throw Refused(KlingErrorId.InvalidRequest, fault, ToString());
        }
    }

    internal override Task<byte[]> ComputeDigestAsync(CancellationToken cancellationToken) => DigestAsync(UrlSignature.Without(url));

    /// <summary>The first release's digest, of the whole URL.</summary>
    internal Task<byte[]> ComputeFormerDigestAsync() => DigestAsync(url);

    private static Task<byte[]> DigestAsync(string url) => Task.FromResult<byte[]>([DigestType, .. Sha256.Hash(url)]);
}
