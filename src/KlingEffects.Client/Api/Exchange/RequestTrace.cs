using System.Collections.Concurrent;
using KlingEffects.Batches;
using KlingEffects.Http;

namespace KlingEffects.Api.Exchange;

/// <summary>The requests of one command, for whoever wants to know each. Nothing is kept, and no clock is read, while nobody does.</summary>
/// <remarks>Not among a stage's records: a full output may hold back work, but not the reading of an answer that is paid for.</remarks>
internal sealed class RequestTrace
{
    private readonly ConcurrentQueue<RunEvent.Requested> _ended = new();
    private volatile Signal? _listener;

    public bool HasAny => !_ended.IsEmpty;

    /// <summary>Requests are kept from now on.</summary>
    public void Listen(Signal listener) => _listener = listener;

    public bool TryTake(out RunEvent.Requested what) => _ended.TryDequeue(out what!);

    /// <summary>Follows a request to the API; null where nobody listens.</summary>
    public RequestWatch? ToApi(HttpMethod method, Uri uri, TimeProvider time) => Watch(method, RequestAddress.Path(uri), time);

    /// <summary>Follows a request to a video's host; null where nobody listens.</summary>
    public RequestWatch? ToVideo(Uri uri, TimeProvider time) => Watch(HttpMethod.Get, RequestAddress.Place(uri), time);

    private RequestWatch? Watch(HttpMethod method, string place, TimeProvider time) =>
        _listener is null ? null : new RequestWatch(Tell, method.Method, ServerText.Clean(place) ?? "", time);

    private void Tell(EndedRequest what)
    {
        _ended.Enqueue(new RunEvent.Requested(what.Method, what.Place, what.Status, what.Reason, what.Elapsed) { RequestId = what.RequestId });
        _listener?.Set();
    }
}
