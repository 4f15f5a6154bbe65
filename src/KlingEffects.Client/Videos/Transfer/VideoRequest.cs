using KlingEffects.Api;
using KlingEffects.Api.Exchange;
using KlingEffects.Http;

namespace KlingEffects.Videos.Transfer;

/// <summary>One GET for a video or the rest of one, with its redirects. Failures are a <see cref="RequestFault"/>.</summary>
internal sealed class VideoRequest(
    ApiClient api, string? userAgent, CookieContainer cookies, Func<string, ValueTask> reportWait, CancellationToken caller) : IDisposable
{
    private const int BlockSize = 256 * 1024;
    private const int LongestRefusal = 16 * 1024;

    private static readonly string[] KnownEncodings = ["GZIP", "X-GZIP", "DEFLATE", "BR", "ZSTD", "COMPRESS"];

    private HostLimit? _host;
    private HttpResponseMessage? _response;
    private Stream? _body;
    private PrefixedStream? _packed;
    private long? _paceSince;
    private long _paceBytes;

    public byte[] Block { get; } = ArrayPool<byte>.Shared.Rent(BlockSize);
    public string? BrokenBy { get; private set; }
    public TimeSpan Queued { get; private set; }

    /// <summary>The bound for decompressed bytes; null if they are not compressed.</summary>
    public long? LargestUnpacked => _packed is null ? null : Policy.UnpackedAllowance + (Policy.MostUnpackedRatio * _packed.Taken);

    /// <summary>Sends the request and follows redirects. The key is sent only while they stay at the API.</summary>
    public async Task<HttpResponseMessage> SendAsync(Uri url, long? from)
    {
        bool isForeign = false;
        for (int redirects = 0; ; redirects++)
        {
            _response = await AskAsync(url, from, isForeign).ConfigureAwait(false);
            if (redirects == Policy.MostRedirects || NextOf(url, _response) is not { } next)
            {
                return _response;
            }

            isForeign |= new Origin(next) != new Origin(url);
            url = next;
            _response.Dispose();
            Leave();
        }
    }

    /// <summary>Reads at least so many bytes, or to the end.</summary>
    public async Task<int> ReadAsync(int least)
    {
        int count = 0;
        try
        {
            _body ??= await _response!.Content.ReadAsStreamAsync(caller).ConfigureAwait(false);
            for (int read = -1; read != 0 && count < least && BrokenBy is null; CheckPace(read))
            {
                read = await _body.ReadBlockAsync(Block, count, Block.Length - count, caller).ConfigureAwait(false);
                count += read;
            }
        }
        catch (Exception fault) when (!caller.IsCancellationRequested)
        {
            // such as invalid compressed data
            BrokenBy = fault is RequestFault ? fault.Message
                : ServerText.Clean(fault.GetBaseException().Message)?.TrimEnd('.') ?? "the connection failed";
        }

        return count;
    }

    /// <summary>Whether the first bytes are compressed, whatever the headers say: then reading starts over, decompressed.</summary>
    public bool TryUnpack(ReadOnlySpan<byte> head)
    {
        bool isGzip = head.StartsWith(ContentDecoding.Gzip);
        bool isZlib = ContentDecoding.IsZlib(head) && Encodings(_response!).Contains("DEFLATE");
        if (_packed is not null || (!isGzip && !isZlib))
        {
            return false;
        }

        // A zlib stream is a deflate stream after two bytes (RFC 1950).
        _packed = new PrefixedStream(head.Slice(isZlib ? 2 : 0).ToArray(), _body!);
        _body = isGzip ? new GZipStream(_packed, CompressionMode.Decompress) : new DeflateStream(_packed, CompressionMode.Decompress);
        return true;
    }

    public static string[] Encodings(HttpResponseMessage response) =>
        [.. response.Content.Headers.ContentEncoding.Select(static name => name.ToUpperInvariant()).Where(KnownEncodings.Contains)];

    public async Task<HostRefusal> ReadRefusalAsync()
    {
        int count = await ReadAsync(LongestRefusal).ConfigureAwait(false);
        HttpResponseHeaders headers = _response!.Headers;
        string? code = headers.TryGetValues("x-ms-error-code", out IEnumerable<string>? codes) ? codes.FirstOrDefault() : null;
        string body = Encoding.UTF8.GetString(Block, 0, count);
        return HostRefusal.Parse((int)_response.StatusCode, body, code) with { Date = headers.Date };
    }

    public void Dispose()
    {
        _body?.Dispose();
        _response?.Dispose();
        ArrayPool<byte>.Shared.Return(Block);
        Leave();
    }

    private void Leave()
    {
        _host?.Leave();
        _host = null;
    }

    private async Task<HttpResponseMessage> AskAsync(Uri url, long? from, bool isForeign)
    {
        HostLimit host = HostLimit.For(url, api.Time);
        long begun = api.Time.GetTimestamp();
        await host.EnterAsync(caller, () => reportWait($"{url.Host} bears no more connections at once: waiting for one"))
            .ConfigureAwait(false);
        _host = host;
        Queued += api.Time.GetElapsedTime(begun);
        using RequestWatch? watch = api.WatchVideo(url);
        using ClientRequest request = new(HttpMethod.Get, url) { Watch = watch, IsForeign = isForeign };
        request.Headers.Range = from is null ? null : new RangeHeaderValue(from, null);
        if (userAgent is not null)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        }

        if (cookies.GetCookieHeader(PlaceOf(url)) is { Length: > 0 } cookie)
        {
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        }

        try
        {
            HttpResponseMessage response = await api.VideoHttp.SendAsync(request, caller).ConfigureAwait(false);
            if ((int)response.StatusCode is 429 or 503)
            {
                host.RecordRefusal();
            }

            Keep(url, response);
            return response;
        }
        catch (RequestFault)
        {
            host.RecordRefusal();
            throw;
        }
    }

    private void Keep(Uri url, HttpResponseMessage response)
    {
        foreach (string cookie in response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? values) ? values : [])
        {
            try
            {
                cookies.SetCookies(PlaceOf(url), cookie);
            }
            catch (CookieException)
            {
                // an invalid cookie is ignored
            }
        }
    }

    // An exact address has no normalised path to match a cookie's path.
    private static Uri PlaceOf(Uri url) => new(RequestAddress.Place(url));

    private static Uri? NextOf(Uri url, HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308
        && RequestAddress.Location(response) is { } location
        && RequestAddress.Follow(url, location) is { } next
        && (next.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) ? next : null;

    // A very slow connection is replaced by a new one, which is often fast.
    private void CheckPace(int read)
    {
        _paceBytes += read;
        _paceSince ??= api.Time.GetTimestamp();
        if (read == 0)
        {
            _host!.RecordSuccess();
        }
        else if (api.Time.GetElapsedTime(_paceSince.Value) >= Policy.PaceInterval)
        {
            if (_paceBytes < Policy.NoticeableProgress)
            {
                throw new RequestFault($"only {_paceBytes} bytes came in {Policy.PaceInterval.TotalSeconds:0} seconds");
            }

            (_paceSince, _paceBytes) = (api.Time.GetTimestamp(), 0);
        }
    }

    private sealed class PrefixedStream(byte[] prefix, Stream rest) : ReadOnlyStream(rest)
    {
        public long Taken { get; private set; }

        protected override async Task<int> ReadNextAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            int read = (int)Math.Min(count, Math.Max(0, prefix.Length - Taken));
            if (read > 0)
            {
                Array.Copy(prefix, (int)Taken, buffer, offset, read);
            }
            else
            {
                read = await Inner.ReadBlockAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
            }

            Taken += read;
            return read;
        }
    }
}
