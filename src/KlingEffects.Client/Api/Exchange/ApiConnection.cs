using KlingEffects.Http;

namespace KlingEffects.Api.Exchange;

/// <summary>Sends one request to the API and reads the answer whole, within bounds of size and time.</summary>
internal sealed class ApiConnection(HttpChain http, TimeProvider time)
{
    public const int LargestAnswer = 16 * 1024 * 1024;

    private const string TooLong = "the answer is longer than any answer of this API";
    private const int BlockSize = 16 * 1024;

    private static readonly MediaTypeWithQualityHeaderValue Json = new("application/json");

    private Response? _proxyRefusal;

    /// <summary>The answer, or why none came. Throws only if the caller cancels or the body itself fails.</summary>
    public async Task<Response> SendAsync(
        HttpMethod method, Uri uri, RequestBody? body, RequestWatch? watch, CancellationToken cancellationToken)
    {
        if (_proxyRefusal is { } refusal)
        {
            return refusal;
        }

        using ClientRequest request = new(method, uri) { Content = body, Watch = watch };
        request.Headers.Accept.Add(Json);
        try
        {
            using HttpResponseMessage message = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            Response response = await ReadAsync(message, Explain, cancellationToken).ConfigureAwait(false);
            // Only a proxy that reads the request can answer so in the API's place (RFC 9110, 15.5.8): nothing went on from there.
            return response.Status == RequestFault.ProxyLogin
                ? None(RequestFault.ForProxyLogin(), body, hasArrived: !http.IsReadByProxy(uri))
                : response with { Sent = ProgressOf(body), RequestLength = body?.Length };
        }
        catch (Exception) when (body?.Failure is { } failure)
        {
            throw failure;
        }
        catch (Exception thrown)
        {
            RequestFault fault = Explain(thrown);
            return None(fault, body, hasArrived: fault.Status != RequestFault.ProxyLogin);
        }

        RequestFault Explain(Exception thrown)
        {
            RequestFault fault = RequestFault.From(thrown, uri, null);
            watch?.Failed(cancellationToken.IsCancellationRequested ? RequestWatch.GivenUp : fault.Message, fault.Status);
            cancellationToken.ThrowIfCancellationRequested();
            return fault;
        }
    }

    private async Task<Response> ReadAsync(
        HttpResponseMessage message, Func<Exception, RequestFault> explain, CancellationToken cancellationToken)
    {
        HttpContentHeaders headers = message.Content.Headers;
        TimeSpan? ahead = ServerClock.Ahead(message.Headers.Date, message.Headers.Age, time.GetUtcNow());
        Response response = new((int)message.StatusCode, default, ClockAhead: ahead, RetryAfter: RetryAfter.From(message.Headers, time));
        if (headers.ContentLength > LargestAnswer)
        {
            return response with { Unfit = TooLong };
        }

        using Stream stream = await message.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using MemoryStream came = new(Math.Min((int?)headers.ContentLength ?? 0, BlockSize));
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
        // A server that trickles bytes never stalls, so the whole answer has a time limit too.
        long begun = time.GetTimestamp();
        try
        {
            int read;
            do
            {
                read = time.GetElapsedTime(begun) < Policy.AnswerTimeout
                    ? await stream.ReadBlockAsync(block, 0, block.Length, cancellationToken).ConfigureAwait(false)
                    : throw new RequestFault("the answer came too slowly");
                came.Write(block, 0, read);
            }
            while (read > 0 && came.Length <= LargestAnswer);
        }
        catch (Exception fault) when (came.Length > 0 && !cancellationToken.IsCancellationRequested)
        {
            response = response with { Fault = explain(fault) };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        return came.Length <= LargestAnswer
            && ContentDecoding.Undo(came.GetBuffer().AsMemory(0, (int)came.Length), headers.ContentEncoding, LargestAnswer) is { } body
                ? response with { Body = body }
                : response with { Unfit = TooLong };
    }

    // A request without a body counts as sent whole.
    private static BodyProgress ProgressOf(RequestBody? body) => body?.Progress ?? BodyProgress.Whole;

    private Response None(RequestFault fault, RequestBody? body, bool hasArrived)
    {
        Response none = Response.None(hasArrived ? ProgressOf(body) : BodyProgress.NotBegun, fault) with { RequestLength = body?.Length };
        return fault.Status == RequestFault.ProxyLogin && none.Sent == BodyProgress.NotBegun ? _proxyRefusal = none : none;
    }
}
