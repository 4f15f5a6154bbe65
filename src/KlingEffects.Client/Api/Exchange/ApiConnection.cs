using System.Buffers;
using System.Net.Http.Headers;
using KlingEffects.Http;

namespace KlingEffects.Api.Exchange;

/// <summary>Sends one request to the API and reads the answer whole, within bounds of size and time.</summary>
internal sealed class ApiConnection(HttpChain http, TimeProvider time)
{
    /// <summary>No answer of the API comes near this many bytes.</summary>
    public const int LargestAnswer = 16 * 1024 * 1024;

    private const string TooLong = "the answer is longer than any answer of this API";
    private const int BlockSize = 16 * 1024;

    private static readonly MediaTypeWithQualityHeaderValue Json = new("application/json");

    private NoResponse? _proxyRefusal;

    /// <summary>The answer, or why none came; throws only when the caller cancels, or the body itself is at fault.</summary>
    public async Task<ExchangeResult> SendAsync(
        HttpMethod method, Uri uri, RequestBody? body, RequestWatch? watch, CancellationToken cancellationToken)
    {
        if (_proxyRefusal is { } refusal)
        {
            return new ExchangeResult(null, refusal);
        }

        using ClientRequest request = new(method, uri) { Content = body, Watch = watch };
        request.Headers.Accept.Add(Json);
        try
        {
            using HttpResponseMessage message = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            Response response = await ReadAsync(message, cancellationToken).ConfigureAwait(false);
            response = response with { Sent = ProgressOf(body), RequestLength = body?.Length };
            // Only a proxy that reads the request can answer so in the API's place (RFC 9110, 15.5.8): nothing went on from there.
            return response.Status == RequestFault.ProxyLogin
                ? new ExchangeResult(null, Explain(RequestFault.ForProxyLogin(), body, hasArrived: !http.IsReadByProxy(uri)))
                : new ExchangeResult(response, response.CutOff is { } cut ? Fail(cut) : null);
        }
        catch (Exception) when (body?.Failure is { } failure)
        {
            throw failure;
        }
        catch (Exception thrown)
        {
            return new ExchangeResult(null, Fail(thrown));
        }

        NoResponse Fail(Exception thrown)
        {
            RequestFault fault = RequestFault.From(thrown, uri, null);
            watch?.Failed(cancellationToken.IsCancellationRequested ? RequestWatch.GivenUp : fault.Message, fault.Status);
            cancellationToken.ThrowIfCancellationRequested();
            return Explain(fault, body, hasArrived: fault.Status != RequestFault.ProxyLogin);
        }
    }

    private async Task<Response> ReadAsync(HttpResponseMessage message, CancellationToken cancellationToken)
    {
        HttpContentHeaders headers = message.Content.Headers;
        TimeSpan ahead = ServerClock.Ahead(message.Headers.Date, message.Headers.Age, time.GetUtcNow());
        Response response = new((int)message.StatusCode, default, ClockAhead: ahead, RetryAfter: RetryAfter.From(message.Headers, time));
        if (headers.ContentLength > LargestAnswer)
        {
            return response with { Unfit = TooLong };
        }

        using Stream stream = await message.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using MemoryStream came = new(Math.Min((int?)headers.ContentLength ?? 0, BlockSize));
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
        // A server that sends a byte now and then does not stall; so the whole has a bound, too.
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
            response = response with { CutOff = fault };
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

    // Without a body, nothing can have been made; what was sent counts as whole all the same.
    private static BodyProgress ProgressOf(RequestBody? body) => body?.Progress ?? BodyProgress.Whole;

    private NoResponse Explain(RequestFault fault, RequestBody? body, bool hasArrived)
    {
        string size = body is { Progress: BodyProgress.Begun, Length: > ByteSize.Mega } && fault.Status != RequestFault.ProxyLogin
            && !fault.Message.Contains(ByteSize.Describe(body.Length), StringComparison.Ordinal)
            ? $", in the midst of a request of {ByteSize.Describe(body.Length)}" : "";
        BodyProgress sent = hasArrived ? ProgressOf(body) : BodyProgress.NotBegun;
        NoResponse none = new(sent, fault.Message + size, fault.IsPermanent, fault.Status, fault.Advice);
        return fault.Status == RequestFault.ProxyLogin && sent == BodyProgress.NotBegun ? _proxyRefusal = none : none;
    }
}
