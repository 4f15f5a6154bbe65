using KlingEffects.Http;

namespace KlingEffects.Api.Exchange;

/// <summary>Traces the requests of one command, apart from its records: a full output must not delay a paid answer.</summary>
internal sealed class RequestTrace
{
    private readonly ConcurrentQueue<EndedRequest> _ended = new();
    private volatile Action? _listener;

    public bool HasAny => !_ended.IsEmpty;

    public void Listen(Action listener) => _listener = listener;

    public bool TryTake(out EndedRequest ended) => _ended.TryDequeue(out ended!);

    /// <summary>Starts tracing a request. The place has no query, which may be a signature. Null if nobody listens.</summary>
    public RequestWatch? Watch(HttpMethod method, string place, TimeProvider time) =>
        _listener is null ? null : new RequestWatch(Report, method.Method, ServerText.Clean(place) ?? "", time);

    private void Report(EndedRequest ended)
    {
        _ended.Enqueue(ended);
        _listener?.Invoke();
    }
}
