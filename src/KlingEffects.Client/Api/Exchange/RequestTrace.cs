using KlingEffects.Http;

namespace KlingEffects.Api.Exchange;

/// <summary>The requests of one command, for whoever wants to know each. Nothing is kept and no clock is read while nobody does.</summary>
/// <remarks>Not among a stage's records: a full output may hold back work, but not the reading of an answer that is paid for.</remarks>
internal sealed class RequestTrace
{
    private readonly ConcurrentQueue<EndedRequest> _ended = new();
    private volatile Action? _listener;

    public bool HasAny => !_ended.IsEmpty;

    public void Listen(Action listener) => _listener = listener;

    public bool TryTake(out EndedRequest ended) => _ended.TryDequeue(out ended!);

    /// <summary>Follows a request to a place, which has no query, for that may be a signature; null where nobody listens.</summary>
    public RequestWatch? Watch(HttpMethod method, string place, TimeProvider time) =>
        _listener is null ? null : new RequestWatch(Report, method.Method, ServerText.Clean(place) ?? "", time);

    private void Report(EndedRequest ended)
    {
        _ended.Enqueue(ended);
        _listener?.Invoke();
    }
}
