using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using KlingEffects.Http;

namespace KlingEffects.Videos.Transfer;

/// <summary>How the hosts of a task's videos are reached: with the key for those at the API's own address alone.</summary>
internal sealed record VideoAccess(HttpChain Http, string? UserAgent = null, Uri? Base = null, Func<Uri, RequestWatch?>? Watch = null);

/// <summary>One GET for a video, or for the rest of one, with its redirects. What goes wrong is a <see cref="RequestFault"/>.</summary>
internal sealed class VideoRequest(VideoAccess access, TimeProvider time, CookieContainer cookies, CancellationToken caller) : IDisposable
{
    private const int LongestRefusal = 16 * 1024;

    private static readonly string[] KnownEncodings = ["GZIP", "X-GZIP", "DEFLATE", "BR", "ZSTD", "COMPRESS"];

    private HostLimit.Lease? _lease;
    private HttpResponseMessage? _response;
    private Stream? _body;
    private PrefixedStream? _packed;
    private long? _paceSince;
    private long _paceBytes;

    public TimeSpan Queued { get; private set; }

    /// <summary>The most bytes that what has come so far may be unpacked to; null where it is not packed.</summary>
    public long? LargestUnpacked => _packed is null ? null : Policy.UnpackedAllowance + (Policy.MostUnpackedRatio * _packed.Taken);

    /// <summary>Follows redirects, to http(s) only; the key goes as far as they stay at the API.</summary>
    public async Task<HttpResponseMessage> SendAsync(Uri url, long? from, Func<string, ValueTask> queueing)
    {
        bool isForeign = false;
        for (int redirects = 0; ; redirects++)
        {
            await EnterAsync(url, queueing).ConfigureAwait(false);
            _response = await AskAsync(url, from, isForeign).ConfigureAwait(false);
            if (redirects == Policy.MostRedirects || NextOf(url, _response) is not { } next)
            {
                return _response;
            }

            isForeign |= new Origin(next) != new Origin(url);
            url = next;
            _response.Dispose();
            _lease!.Dispose();
        }
    }

    /// <summary>Reads until so much is there, or the end; gives how much is there.</summary>
    public async Task<int> FillAsync(byte[] block, int wanted)
    {
        int count = 0;
        for (int read = -1; read != 0 && count < wanted; count += read)
        {
            read = await ReadAsync(block, count).ConfigureAwait(false);
        }

        return count;
    }

    public async Task<int> ReadAsync(byte[] block, int offset)
    {
        int read;
        try
        {
            _body ??= await _response!.Content.ReadAsStreamAsync(caller).ConfigureAwait(false);
            read = await _body.ReadBlockAsync(block, offset, block.Length - offset, caller).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not RequestFault && !caller.IsCancellationRequested)
        {
            // what was packed can't be unpacked
            throw new RequestFault(ServerText.Clean(fault.GetBaseException().Message)?.TrimEnd('.') ?? "the connection failed", fault);
        }

        if (read > 0)
        {
            CheckPace(read);
        }
        else
        {
            _lease!.Succeeded();
        }

        return read;
    }

    /// <summary>Whether the first bytes are of an encoding, whatever the headers name: then reading begins anew, unpacked.</summary>
    public bool TryUnpack(ReadOnlySpan<byte> head)
    {
        bool isGzip = head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]);
        bool isZlib = head.Length > 2 && (head[0] & 0x0F) == 8 && ((head[0] << 8) | head[1]) % 31 == 0
            && Encodings(_response!).Contains("DEFLATE");
        if (_packed is not null || (!isGzip && !isZlib))
        {
            return false;
        }

        // A zlib stream is a deflate stream behind two bytes (RFC 1950).
        _packed = new PrefixedStream(head.Slice(isZlib ? 2 : 0).ToArray(), _body!);
        _body = isGzip ? new GZipStream(_packed, CompressionMode.Decompress) : new DeflateStream(_packed, CompressionMode.Decompress);
        return true;
    }

    public static string[] Encodings(HttpResponseMessage response) =>
        [.. response.Content.Headers.ContentEncoding.Select(static name => name.ToUpperInvariant()).Where(KnownEncodings.Contains)];

    /// <summary>The beginning of a refusal's text; empty where it can't be read.</summary>
    public async Task<string> ReadRefusalAsync()
    {
        byte[] block = new byte[LongestRefusal];
        try
        {
            return Encoding.UTF8.GetString(block, 0, await FillAsync(block, block.Length).ConfigureAwait(false));
        }
        catch (RequestFault)
        {
            return ""; // the status is answer enough
        }
    }

    public void Dispose()
    {
        _body?.Dispose();
        _response?.Dispose();
        _lease?.Dispose();
    }

    private async Task EnterAsync(Uri url, Func<string, ValueTask> queueing)
    {
        long begun = time.GetTimestamp();
        Task<HostLimit.Lease> entering = HostLimit.For(url, time).EnterAsync(caller);
        if (!entering.IsCompleted)
        {
            await queueing($"{url.Host} bears no more connections at once: waiting for one").ConfigureAwait(false);
        }

        _lease = await entering.ConfigureAwait(false);
        Queued += time.GetElapsedTime(begun);
    }

    private async Task<HttpResponseMessage> AskAsync(Uri url, long? from, bool isForeign)
    {
        using RequestWatch? watch = access.Watch?.Invoke(url);
        using ClientRequest request = new(HttpMethod.Get, url) { Watch = watch, IsForeign = isForeign };
        request.Headers.Range = from is null ? null : new RangeHeaderValue(from, null);
        string cookie = cookies.GetCookieHeader(PlaceOf(url));
        foreach ((string name, string? value) in new[] { ("User-Agent", access.UserAgent), ("Cookie", cookie) })
        {
            _ = !string.IsNullOrEmpty(value) && request.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            HttpResponseMessage response = await access.Http.SendAsync(request, caller).ConfigureAwait(false);
            if ((int)response.StatusCode is 429 or 503)
            {
                _lease!.Refused();
            }

            Keep(url, response);
            return response;
        }
        catch (RequestFault)
        {
            _lease!.Refused();
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
                // what is no cookie is not sent back
            }
        }
    }

    // An address that is asked for byte for byte has no path that a cookie's could be held against.
    private static Uri PlaceOf(Uri url) => new(RequestAddress.Place(url));

    // Where a redirect leads; null for one that is not followed, and for every other answer.
    private static Uri? NextOf(Uri url, HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308
        && RequestAddress.Location(response) is { } location
        && RequestAddress.Follow(url, location) is { } next
        && (next.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) ? next : null;

    // A connection that brings next to nothing is left for a new one, which often is a fast one.
    private void CheckPace(int read)
    {
        _paceBytes += read;
        _paceSince ??= time.GetTimestamp();
        if (time.GetElapsedTime(_paceSince.Value) >= Policy.PaceInterval)
        {
            if (_paceBytes < Policy.NoticeableProgress)
            {
                throw new RequestFault($"only {_paceBytes} bytes came in {Policy.PaceInterval.TotalSeconds:0} seconds");
            }

            (_paceSince, _paceBytes) = (time.GetTimestamp(), 0);
        }
    }

    /// <summary>A stream of which the beginning was read already, and that counts what it gives.</summary>
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
