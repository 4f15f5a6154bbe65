namespace KlingEffects.Http;

/// <summary>A finished request. Its place has no query, which may be a signature.</summary>
internal sealed record EndedRequest(string Method, string Place, int? Status, string? Reason, TimeSpan Elapsed, string? RequestId)
{
    public SafeText Text => $"{Method} {Place}: {(Status is { } status ? $"{status}" : $"no answer ({Reason})")}, "
        + $"{Elapsed.TotalMilliseconds:0} ms"
        + $"{(RequestId is null ? "" : $", request id {RequestId}")}";
}

/// <summary>Times one request, and its immediate retry if there is one; reports each when it ends.</summary>
internal sealed class RequestWatch(Action<EndedRequest> report, string method, string place, TimeProvider time) : IDisposable
{
    public const string GivenUp = "given up";

    private long? _begun;
    private EndedRequest? _ended;

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
            report((_ended ?? End(null, GivenUp)) with { RequestId = RequestId });
        }

        (_begun, _ended) = (null, null);
    }

    private EndedRequest End(int? status, string? reason) =>
        _ended = new(method, place, status, reason, time.GetElapsedTime(_begun ?? time.GetTimestamp()), null);
}
