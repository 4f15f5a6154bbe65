using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

using KlingEffects.Http;
using KlingEffects.Policies;

namespace KlingEffects.Api.Exchange;

/// <summary>Sends one request to the API's own host, with the key, and reads the answer.</summary>
internal sealed class ApiConnection(string apiKey, HttpTimeouts timeouts, TimeProvider time, HttpClient? client = null)
{
    private const long LargeBody = 1024 * 1024;

    private static readonly MediaTypeWithQualityHeaderValue Json = new("application/json");
    private static readonly StringWithQualityHeaderValue Identity = new("identity");

    private readonly AuthenticationHeaderValue _bearer = new("Bearer", apiKey);
    private readonly ReplyReader _reader = new(timeouts, time);

    /// <summary>The answer, or why none came; throws only when the caller cancels, or the body itself is at fault.</summary>
    public async Task<(Reply? Reply, NoReply? NoReply)> SendAsync(
        HttpMethod method, Uri uri, RequestBody? body, CancellationToken cancellationToken)
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
            // A refusal should come before the megabytes leave; sent into a closing connection they would drown it.
            request.Headers.ExpectContinue = body.Headers.ContentLength > LargeBody;
        }

        idle.Restart(timeouts.Answer);
        try
        {
            using HttpResponseMessage response = await (client ?? Transport.ForApi(uri))
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, idle.Token).ConfigureAwait(false);
            return (await _reader.ReadAsync(response, idle).ConfigureAwait(false), null);
        }
        catch (Exception) when (body?.Failure is { } failure)
        {
            throw failure;
        }
        catch (Exception fault) when (IsOfNetwork(fault))
        {
            return (null, idle.HasExpired ? NotAnswered(body, "no answer came in time") : Explain(fault, uri, body, cancellationToken));
        }
    }

    private static bool IsOfNetwork(Exception fault) =>
        fault is HttpRequestException or IOException or InvalidOperationException or OperationCanceledException;

    private static NoReply Explain(Exception fault, Uri uri, RequestBody? body, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Exception cause = fault.GetBaseException();
        string message = ServerText.Clean(cause.Message)?.TrimEnd('.') ?? "no reason is known";
        return cause switch
        {
            _ when IsOfTls(fault) => NotAnswered(body, $"there is no secure connection to {uri.Authority}: {message}") with
            {
                IsPermanent = true,
                Advice = Advice.ForCertificate,
            },
            _ when fault is OperationCanceledException =>
                NotAnswered(body, $"no connection to {uri.Authority} within {Policy.ConnectTimeout.TotalSeconds:0} s"),
            SocketException => NotAnswered(body, $"the connection to {uri.Authority} failed: {message}"),
            _ => NotAnswered(body, message),
        };
    }

    private static bool IsOfTls(Exception? fault) => fault is AuthenticationException || (fault is not null && IsOfTls(fault.InnerException));

    private static NoReply NotAnswered(RequestBody? body, string reason) => new(body?.IsComplete ?? true, reason);
}
