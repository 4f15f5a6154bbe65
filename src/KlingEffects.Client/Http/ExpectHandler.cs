namespace KlingEffects.Http;

/// <summary>Asks for leave before a large body is sent (RFC 9110, 10.1.1), so that a refusal comes before the megabytes leave. A host that
/// does not bear the question, or has something on the way that does not, is sent the request once more without it, and is not asked
/// again; nor is one that has twice said nothing for so long that the body left all the same.</summary>
internal sealed class ExpectHandler(TimeProvider time) : DelegatingHandler
{
    // What socket buffers hold on both sides; such a body is never stuck.
    private const long Small = 64 * 1024;

    private static readonly ConcurrentStringSet Refusers = new(StringComparer.OrdinalIgnoreCase);
    private static readonly ConcurrentStringSet Silent = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Has a host not be asked any more in this process.</summary>
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

            // Nothing was made of it, whatever of the body has left: .NET Framework writes on after a 417.
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

    // The first time may have gone into connecting.
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
