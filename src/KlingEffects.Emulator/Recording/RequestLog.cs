using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace KlingEffects.Emulator.Recording;

/// <summary>What the emulator was sent, and what was wrong with it.</summary>
internal sealed class RequestLog(TimeProvider time, Signal signal)
{
    private readonly Lock _gate = new();
    private readonly Queue<RecordedRequest> _requests = new();
    private readonly List<string> _violations = [];
    private long _lastNumber;

    public event Action<RecordedRequest>? Ended;

    // A client that takes the emulator for its proxy sends the whole URL (RFC 9112, 3.2.2), which every server has to accept.
    private static string OriginForm(string target) =>
        target.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && target.IndexOf('/', "http://".Length) is var path and > 0
            ? target[path..]
            : target;

    public RecordedRequest Arrived(HttpContext context, bool atVideoHost, int history)
    {
        string target = OriginForm(context.Features.Get<IHttpRequestFeature>()!.RawTarget);
        int question = target.IndexOf('?', StringComparison.Ordinal);
        RecordedRequest request;
        lock (_gate)
        {
            request = new RecordedRequest(++_lastNumber, time.GetUtcNow())
            {
                AtVideoHost = atVideoHost,
                Method = context.Request.Method,
                Path = question < 0 ? target : target[..question],
                Query = question < 0 ? "" : target[question..],
                Headers = context.Request.Headers.ToDictionary(
                    header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            };
            _requests.Enqueue(request);
            while (_requests.Count > history)
            {
                _requests.Dequeue();
            }
        }

        signal.Pulse();
        return request;
    }

    public void Answering(RecordedRequest request, int? status)
    {
        request.Status = status;
        request.WasReset = status is null;
        request.AnsweredAt = time.GetUtcNow();
        signal.Pulse();
    }

    public void Held(RecordedRequest request, bool isHeld)
    {
        request.IsHeld = isHeld;
        signal.Pulse();
    }

    public void Over(RecordedRequest request)
    {
        request.IsOver = true;
        Ended?.Invoke(request);
        signal.Pulse();
    }

    public void Violation(RecordedRequest request, string breach)
    {
        lock (_gate)
        {
            _violations.Add($"#{request.Number} {request.Method} {request.Path}: {breach}");
        }

        signal.Pulse();
    }

    public RecordedRequest[] Requests()
    {
        lock (_gate)
        {
            return [.. _requests];
        }
    }

    public string[] Violations()
    {
        lock (_gate)
        {
            return [.. _violations];
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _requests.Clear();
            _violations.Clear();
            _lastNumber = 0;
        }
    }
}
