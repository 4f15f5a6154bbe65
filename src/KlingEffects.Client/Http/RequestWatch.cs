namespace KlingEffects.Http;

/// <summary>
/// One request that has ended, to the API or to a video's host: its path (never a query, which may be a signature), and how it ended. It took
/// the time until the answer was read, at a video's host until its head.
/// </summary>
internal sealed record EndedRequest(string Method, string Place, int? Status, string? Reason, TimeSpan Elapsed, string? RequestId)
{
    public SafeText Text => $"{Method} {Place}: {(Status is { } status ? $"{status}" : $"no answer ({Reason})")}, "
        + $"{Elapsed.TotalMilliseconds:0} ms"
        + $"{(RequestId is null ? "" : $", request id {RequestId}")}";
}

/// <summary>Follows one request, and once more if it is sent again at once: each is reported when it has ended.</summary>
internal sealed class RequestWatch(Action<EndedRequest> report, string method, string place, TimeProvider time) : IDisposable
{
    public const string GivenUp = "given up";

    private long? _begun;
    private EndedRequest? _ended;

    /// <summary>What the answer's reader found in it.</summary>
    public string? RequestId { get; set; }

    public void Begin()
    {
        Dispose();
        _begun = time.GetTimestamp();
    }

    public void Answered(int status) => End(status, null);

    public void Failed(string reason, int? status = null) => End(status, status is null ? reason : null);

    public void Dispose()
    {
        if (_begun is not null)
        {
            if (_ended is null)
            {
                End(null, GivenUp);
            }

            report(_ended! with { RequestId = RequestId });
        }

        _begun = null;
        _ended = null;
    }

    private void End(int? status, string? reason) =>
        _ended = new EndedRequest(method, place, status, reason, time.GetElapsedTime(_begun ?? time.GetTimestamp()), null);
}
