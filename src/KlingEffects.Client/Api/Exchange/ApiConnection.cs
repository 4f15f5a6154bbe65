using System.Net.Http.Headers;
using KlingEffects.Http;

namespace KlingEffects.Api.Exchange;

/// <summary>Sends one request to the API and reads the answer.</summary>
internal sealed class ApiConnection(HttpChain http, HttpTimeouts timeouts, TimeProvider time)
{
    private static readonly MediaTypeWithQualityHeaderValue Json = new("application/json");

    private readonly ResponseReader _reader = new(timeouts, time);
    private NoResponse? _proxyRefusal;

    /// <summary>The answer, or why none came; throws only when the caller cancels, or the body itself is at fault.</summary>
    public async Task<ExchangeResult> SendAsync(
        HttpMethod method, Uri uri, RequestBody? body, RequestWatch? watch, CancellationToken cancellationToken)
    {
        if (_proxyRefusal is { } refusal)
        {
            return new ExchangeResult(null, refusal);
        }

        using ClientRequest request = new(method, uri) { Body = body, Watch = watch };
        request.Headers.Accept.Add(Json);
        try
        {
            using HttpResponseMessage message = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            Response response = await _reader.ReadAsync(message, cancellationToken).ConfigureAwait(false);
            response = response with { Sent = ProgressOf(body), RequestLength = body?.Length };
            return response.Status == RequestFault.ProxyLogin
                ? new ExchangeResult(null, AsksForLogin(uri, body))
                : response.CutOff is { } cut ? new ExchangeResult(response, Fail(cut))
                : new ExchangeResult(response, null);
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
            return Explain(fault, body);
        }
    }

    // Without a body, nothing can have been made; what was sent counts as whole all the same.
    private static BodyProgress ProgressOf(RequestBody? body) => body?.Progress ?? BodyProgress.Whole;

    // Only a proxy that reads the request can answer so in the API's place (RFC 9110, 15.5.8): nothing went on from there.
    private NoResponse AsksForLogin(Uri uri, RequestBody? body)
    {
        NoResponse refusal = new(http.IsReadByProxy(uri) ? BodyProgress.NotBegun : ProgressOf(body), RequestFault.ProxyLoginReason)
        {
            IsPermanent = true,
            Status = RequestFault.ProxyLogin,
            Advice = Advice.ForProxy,
        };
        return refusal.Sent == BodyProgress.NotBegun ? _proxyRefusal = refusal : refusal;
    }

    private NoResponse Explain(RequestFault fault, RequestBody? body)
    {
        string size = body is { Progress: BodyProgress.Begun, Length: > ByteSize.Mega }
            && !fault.Message.Contains(ByteSize.Describe(body.Length), StringComparison.Ordinal)
            ? $", in the midst of a request of {ByteSize.Describe(body.Length)}" : "";
        NoResponse none = new(ProgressOf(body), fault.Message + size) { IsPermanent = fault.IsPermanent, Status = fault.Status, Advice = fault.Advice };
        return fault.Status == RequestFault.ProxyLogin ? _proxyRefusal = none with { Sent = BodyProgress.NotBegun } : none;
    }
}
