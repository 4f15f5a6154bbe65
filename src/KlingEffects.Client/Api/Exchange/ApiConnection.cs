using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

using KlingEffects.Http;
using KlingEffects.Policies;

namespace KlingEffects.Api.Exchange;

/// <summary>Sends one request to the API's own host, with the key, and reads the answer.</summary>
internal sealed class ApiConnection(string apiKey, HttpTimeouts timeouts, TimeProvider time, HttpClient? client = null, IWebProxy? proxy = null)
{
    private const long LargeBody = 1024 * 1024;

    private static readonly MediaTypeWithQualityHeaderValue Json = new("application/json");
    private static readonly StringWithQualityHeaderValue Identity = new("identity");

    private readonly AuthenticationHeaderValue _bearer = new("Bearer", apiKey);
    private readonly ReplyReader _reader = new(timeouts, time);
    private NoReply? _proxyRefusal;

    /// <summary>What lets a request through to the API. For its own scheme, host and port only.</summary>
    public AuthenticationHeaderValue Bearer => _bearer;

    /// <summary>The answer, or why none came; throws only when the caller cancels, or the body itself is at fault.</summary>
    /// <param name="method">GET or POST.</param>
    /// <param name="uri">At the API's own host.</param>
    /// <param name="body">What is sent, or null.</param>
    /// <param name="watch">Told of each request that leaves, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ExchangeResult> SendAsync(
        HttpMethod method, Uri uri, RequestBody? body, RequestWatch? watch, CancellationToken cancellationToken)
    {
        if (_proxyRefusal is { } refusal)
        {
            return new ExchangeResult(null, refusal);
        }

        // A refusal should come before the megabytes leave; sent into a closing connection they would drown it.
        bool expects = body?.Headers.ContentLength > LargeBody && ExpectContinue.SuitsHost(uri);
        ExchangeResult result = await SendOnceAsync(method, uri, body, expects, watch, cancellationToken).ConfigureAwait(false);
        (Reply? reply, NoReply? none) = result;
        if (expects && (reply?.Status == (int)HttpStatusCode.ExpectationFailed || none?.IsDropped == true) && !body!.IsComplete)
        {
            // Nothing is made of a request whose body the server was asked about and never had (RFC 9110, 10.1.1).
            ExpectContinue.Avoid(uri);
            return body.HasBegun ? new ExchangeResult(null, new NoReply(false, "the connection did not bear Expect: 100-continue"))
                : await SendOnceAsync(method, uri, body, expects: false, watch, cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    private async Task<ExchangeResult> SendOnceAsync(
        HttpMethod method, Uri uri, RequestBody? body, bool expects, RequestWatch? watch, CancellationToken cancellationToken)
    {
        watch?.Begin();
        ExchangeResult result = await ExchangeAsync(method, uri, body, expects, cancellationToken).ConfigureAwait(false);
        (Reply? reply, NoReply? none) = result;
        if (reply is not null)
        {
            watch?.Answered(reply.Status);
        }
        else
        {
            watch?.NotAnswered(none!.Status, none.Reason);
        }

        return result;
    }

    private async Task<ExchangeResult> ExchangeAsync(
        HttpMethod method, Uri uri, RequestBody? body, bool expects, CancellationToken cancellationToken)
    {
        using IdleTimeout idle = new(time, cancellationToken);
        using HttpRequestMessage request = new(method, uri) { Content = body };
        request.Headers.Authorization = _bearer;
        request.Headers.Accept.Add(Json);
        // What is not compressed cannot swell beyond its bound.
        request.Headers.AcceptEncoding.Add(Identity);
        if (body is not null)
        {
            body.Idle = idle;
            body.Timeouts = timeouts;
            body.IsExpected = expects;
            request.Headers.ExpectContinue = expects;
        }

        // A body that has not begun by then never does: the server's leave to send it was lost on the way.
        TimeSpan begin = timeouts.Stall + Policy.ConnectTimeout;
        idle.Restart(body is null || begin > timeouts.Answer ? timeouts.Answer : begin);
        try
        {
            using HttpResponseMessage response = await (client ?? Transport.Api.For(uri, proxy))
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, idle.Token).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.ProxyAuthenticationRequired
                ? new ExchangeResult(null, RefusedByProxy())
                : new ExchangeResult(await _reader.ReadAsync(response, idle).ConfigureAwait(false) with { RequestLength = body?.Headers.ContentLength }, null);
        }
        catch (Exception) when (body?.Failure is { } failure)
        {
            throw failure;
        }
        catch (Exception fault) when (IsOfNetwork(fault))
        {
            return new ExchangeResult(null, idle.HasExpired ? NotAnswered(body, "no answer came in time") with { IsDropped = expects && !body!.HasBegun } : Explain(fault, uri, body, cancellationToken));
        }
        finally
        {
            // The body is its maker's, who may have it sent once more.
            request.Content = null;
        }
    }

    private NoReply RefusedByProxy() => _proxyRefusal = new NoReply(false, ProxyLogin.Reason)
    {
        IsPermanent = true,
        Status = ProxyLogin.Status,
        Advice = Advice.ForProxy,
    };

    private static bool IsOfNetwork(Exception fault) =>
        fault is HttpRequestException or IOException or InvalidOperationException or OperationCanceledException;

    private NoReply Explain(Exception fault, Uri uri, RequestBody? body, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Exception cause = fault.GetBaseException();
        string message = ServerText.Clean(cause.Message)?.TrimEnd('.') ?? "no reason is known";
        return cause switch
        {
            _ when ProxyLogin.IsWantedBy(fault) => RefusedByProxy(),
            _ when TlsFault.Is(fault) => NotAnswered(body, $"there is no secure connection to {uri.Authority}: {message}") with
            {
                IsPermanent = true,
                Advice = Advice.ForCertificate,
            },
            _ when fault is OperationCanceledException =>
                NotAnswered(body, $"no connection to {uri.Authority} within {Policy.ConnectTimeout.TotalSeconds:0} s"),
            SocketException => NotAnswered(body, $"the connection to {uri.Authority} failed: {message}"),
            _ => NotAnswered(body, message),
        } with { IsDropped = ExpectContinue.IsDropped(fault) };
    }

    private static NoReply NotAnswered(RequestBody? body, string reason) => new(body?.IsComplete ?? true, reason);
}
