using System.Net.Http.Headers;
using KlingEffects.Http;
using KlingEffects.Policies;

namespace KlingEffects.Videos;

/// <summary>One request for a video and the reading of its answer. Whatever the network does becomes a <see cref="TransferFault"/>.</summary>
internal sealed class VideoTransfer(HttpClient client, HttpTimeouts timeouts, TimeProvider time, CancellationToken caller) : IDisposable
{
    private const int MostRedirects = 5;

    private readonly IdleTimeout _idle = new(time, caller);
    private HttpResponseMessage? _response;
    private Stream? _body;
    private CancellationTokenRegistration _abort;

    /// <summary>Asks for the video, or for the rest of it if there is something to go on from. Follows redirects, to http(s) only.</summary>
    /// <param name="url">Where it is.</param>
    /// <param name="from">How many bytes are there.</param>
    /// <param name="validator">Of the version that they are of; null asks for the whole.</param>
    public async Task<HttpResponseMessage> SendAsync(Uri url, long from, Validator? validator)
    {
        _response = await AskAsync(url, from, validator).ConfigureAwait(false);
        for (int redirects = 0; redirects < MostRedirects && NextOf(url, _response) is { } next; redirects++)
        {
            url = next;
            _response.Dispose();
            _response = await AskAsync(url, from, validator).ConfigureAwait(false);
        }

        _abort = _response.AbortOn(_idle.Token);
        return _response;
    }

    /// <summary>Reads what has come; 0 at the end.</summary>
    public async Task<int> ReadAsync(byte[] block, int offset)
    {
        _body ??= await WatchAsync(
            () => HttpHandlers.ReadStreamAsync(_response!.Content, _idle.Token), timeouts.Stall).ConfigureAwait(false);
        return await WatchAsync(
            async () => await _body.ReadBlockAsync(block, offset, block.Length - offset, _idle.Token).ConfigureAwait(false),
            timeouts.Stall).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _abort.Dispose();
        _body?.Dispose();
        _response?.Dispose();
        _idle.Dispose();
    }

    private Task<HttpResponseMessage> AskAsync(Uri url, long from, Validator? validator) => WatchAsync(
        async () =>
        {
            using HttpRequestMessage request = new(HttpMethod.Get, url);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            if (validator is not null)
            {
                request.Headers.Range = new RangeHeaderValue(from, null);
                request.Headers.IfRange = validator.Condition;
            }

            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _idle.Token).ConfigureAwait(false);
        },
        timeouts.Answer);

    // Where a redirect leads; null for one that is not followed, and for every other answer.
    private static Uri? NextOf(Uri url, HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308
        && response.Headers.Location is { } location
        && Uri.TryCreate(url, location, out Uri? next)
        && (next.Scheme == Uri.UriSchemeHttps || (next.Scheme == Uri.UriSchemeHttp && url.Scheme == Uri.UriSchemeHttp))
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
        catch (Exception fault) when (fault is HttpRequestException or IOException or InvalidOperationException or FormatException or ArgumentException or NotSupportedException)
        {
            throw new TransferFault(ServerText.Clean(fault.GetBaseException().Message)?.TrimEnd('.') ?? "the connection failed");
        }
        finally
        {
            _idle.Restart(Timeout.InfiniteTimeSpan);
        }
    }
}
