namespace KlingEffects.Http;

/// <summary>Sends Expect: 100-continue with large bodies (RFC 9110, 10.1.1), so that a refusal comes before the upload. A host that fails
/// on it gets the request once more without it. Neither it nor a host that ignored it twice gets it again.</summary>
internal sealed class ExpectHandler(TimeProvider time) : DelegatingHandler
{
    // Fits into the socket buffers of both sides, so that it can't get stuck.
    private const long Small = 64 * 1024;

    private static readonly ConcurrentStringSet Refusers = new(StringComparer.OrdinalIgnoreCase);
    private static readonly ConcurrentStringSet Silent = new(StringComparer.OrdinalIgnoreCase);

    public static void Avoid(Uri address) => Refusers.Add(address.Authority);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.Content is RequestBody { Length: > Small } body && !Refusers.Contains(request.RequestUri!.Authority)
            ? AskAsync(request, body, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, RequestBody body, CancellationToken cancellationToken)
    {
        long asked = time.GetTimestamp();
        body.Beginning = () => Observe(request.RequestUri!, time.GetElapsedTime(asked));
        request.Headers.ExpectContinue = true;
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.ExpectationFailed)
            {
                return response;
            }

            // The server refused it unread, even if body bytes were sent: .NET Framework writes on after a 417.
            response.Dispose();
        }
        catch (RequestFault fault) when (fault.IsDropped && body is { Progress: not BodyProgress.Whole, Failure: null })
        {
            Avoid(request.RequestUri!);
            if (body.Progress != BodyProgress.NotBegun)
            {
                throw;
            }
        }

        Avoid(request.RequestUri!);
        body.Beginning = null;
        request.Headers.ExpectContinue = false;
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    // The first delay may have been the connect.
    private static void Observe(Uri address, TimeSpan waited)
    {
        if (waited < Policy.LeaveTimeout)
        {
            Silent.Remove(address.Authority);
        }
        else if (!Silent.Add(address.Authority))
        {
            Avoid(address);
        }
    }
}
