using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using KlingEffects.Api.Exchange;
using KlingEffects.Http;
using KlingEffects.Policies;

namespace KlingEffects.Videos;

/// <summary>One request for a video and the reading of its answer. Whatever the network does becomes a <see cref="TransferFault"/>.</summary>
internal sealed class VideoTransfer(VideoAccess access, HttpTimeouts timeouts, TimeProvider time, CancellationToken caller) : IDisposable
{
    private const int MostRedirects = 5;
    private const int LongestRefusal = 16 * 1024;

    // A7 of the reference (2026-11): Kling's URLs are "anti-hotlink", which may mean a check of the Referer; firewalls of hosts look at the rest.
    private static readonly (string Name, string Value)[] OrdinaryHeaders =
    [
        ("User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"),
        ("Accept", "*/*"),
        ("Accept-Language", "en-US,en;q=0.9"),
    ];

    private readonly IdleTimeout _idle = new(time, caller);
    private HttpResponseMessage? _response;
    private Stream? _body;
    private CancellationTokenRegistration _abort;

    /// <summary>Asks for the video, or for a part of it. Follows redirects, to http(s) only; the key goes as far as they stay at the API.</summary>
    public async Task<HttpResponseMessage> SendAsync(VideoQuery query)
    {
        AuthenticationHeaderValue? key = access.KeyFor(query.Url);
        _response = await AskAsync(query, key).ConfigureAwait(false);
        for (int redirects = 0; redirects < MostRedirects && NextOf(query.Url, _response) is { } next; redirects++)
        {
            query = query with { Url = next };
            key = key is null ? null : access.KeyFor(next);
            _response.Dispose();
            _response = await AskAsync(query, key).ConfigureAwait(false);
        }

        _abort = _response.AbortOn(_idle.Token);
        return _response;
    }

    /// <summary>Reads the body as what gzip made of it.</summary>
    public async Task DecompressAsync() =>
        _body = new GZipStream(await OpenAsync().ConfigureAwait(false), CompressionMode.Decompress);

    /// <summary>Reads what has come; 0 at the end.</summary>
    public async Task<int> ReadAsync(byte[] block, int offset)
    {
        _body ??= await OpenAsync().ConfigureAwait(false);
        return await WatchAsync(
            async () => await _body.ReadBlockAsync(block, offset, block.Length - offset, _idle.Token).ConfigureAwait(false),
            timeouts.Stall).ConfigureAwait(false);
    }

    /// <summary>The beginning of a refusal's text; empty where it can't be read.</summary>
    public async Task<string> ReadRefusalAsync()
    {
        byte[] block = new byte[LongestRefusal];
        int length = 0;
        try
        {
            for (int read = -1; read != 0 && length < block.Length; length += read)
            {
                read = await ReadAsync(block, length).ConfigureAwait(false);
            }
        }
        catch (TransferFault)
        {
            // the status is answer enough
        }

        return Encoding.UTF8.GetString(block, 0, length);
    }

    public void Dispose()
    {
        _abort.Dispose();
        _body?.Dispose();
        _response?.Dispose();
        _idle.Dispose();
    }

    private Task<Stream> OpenAsync() =>
        WatchAsync(() => HttpHandlers.ReadDownloadAsync(_response!.Content, _idle.Token), timeouts.Stall);

    private async Task<HttpResponseMessage> AskAsync(VideoQuery query, AuthenticationHeaderValue? key)
    {
        using RequestWatch? watch = access.Watch(query.Url);
        watch?.Begin();
        try
        {
            HttpResponseMessage response = await SendAsync(query, key).ConfigureAwait(false);
            watch?.Answered((int)response.StatusCode);
            return response;
        }
        catch (TransferFault fault)
        {
            watch?.NotAnswered(fault.End?.Status, fault.Message);
            throw;
        }
    }

    private Task<HttpResponseMessage> SendAsync(VideoQuery query, AuthenticationHeaderValue? key) => WatchAsync(
        async () =>
        {
            using HttpRequestMessage request = new(HttpMethod.Get, query.Url);
            request.Headers.Authorization = key;
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            if (query.IsOrdinary)
            {
                foreach ((string name, string value) in OrdinaryHeaders)
                {
                    request.Headers.TryAddWithoutValidation(name, value);
                }

                request.Headers.Referrer = new Uri($"{query.Url.Scheme}://{query.Url.Authority}/");
            }

            if (query.From is { } from)
            {
                request.Headers.Range = new RangeHeaderValue(from, null);
                request.Headers.IfRange = query.Version?.Condition;
            }

            return await access.ClientFor(query.Url).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _idle.Token).ConfigureAwait(false);
        },
        timeouts.Answer);

    // Where a redirect leads; null for one that is not followed, and for every other answer.
    private static Uri? NextOf(Uri url, HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308
        && response.RawLocation() is { } location
        && RequestAddress.Follow(url, location) is { } next
        && (next.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
            ? next
            : null;

    private async Task<T> WatchAsync<T>(Func<Task<T>> step, TimeSpan atMost)
    {
        _idle.Restart(atMost);
        try
        {
            return await step().ConfigureAwait(false);
        }
        catch (Exception) when (caller.IsCancellationRequested)
        {
            throw new OperationCanceledException(caller);
        }
        catch (Exception) when (_idle.HasExpired)
        {
            throw new TransferFault($"nothing came for {atMost.TotalSeconds:0} seconds");
        }
        catch (OperationCanceledException)
        {
            throw new TransferFault($"no connection within {Policy.ConnectTimeout.TotalSeconds:0} seconds");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or InvalidDataException or InvalidOperationException or FormatException or ArgumentException or NotSupportedException)
        {
            string reason = ServerText.Clean(fault.GetBaseException().Message)?.TrimEnd('.') ?? "the connection failed";
            throw new TransferFault(reason) { End = FinalEnd(fault, reason) };
        }
        finally
        {
            _idle.Restart(Timeout.InfiniteTimeSpan);
        }
    }

    private static ExchangeEnd.Refused? FinalEnd(Exception fault, string reason) =>
        ProxyLogin.IsWantedBy(fault) ? new(ProxyLogin.Reason) { Id = KlingErrorId.ServerError, Status = ProxyLogin.Status, Advice = Advice.ForProxy }
        : TlsFault.Is(fault) ? new($"there is no secure connection: {reason}") { Advice = Advice.ForCertificate }
        : null;
}
