using KlingEffects.Batches;

namespace KlingEffects.Api.Exchange;

/// <summary>Follows one request, and once more if it is sent again at once: each is told when it has ended.</summary>
internal sealed class RequestWatch(Action<RunEvent.Requested> tell, string method, string place, TimeProvider time) : IDisposable
{
    private const string GivenUp = "given up";

    private long? _begun;
    private RunEvent.Requested? _ended;

    /// <summary>What the answer's reader found in it.</summary>
    public string? RequestId { get; set; }

    public void Begin()
    {
        Flush();
        _begun = time.GetTimestamp();
    }

    public void Answered(int status) => End(status, null);

    public void NotAnswered(int? status, string reason) => End(status, status is null ? reason : null);

    public void Dispose() => Flush();

    private void End(int? status, string? reason) =>
        _ended = new RunEvent.Requested(method, place, status, reason, time.GetElapsedTime(_begun ?? time.GetTimestamp()));

    private void Flush()
    {
        if (_begun is not null)
        {
            if (_ended is null)
            {
                End(null, GivenUp);
            }

            tell(_ended! with { RequestId = RequestId });
        }

        _begun = null;
        _ended = null;
    }
}
