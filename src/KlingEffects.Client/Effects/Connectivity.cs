using KlingEffects.Api.Answers;
using KlingEffects.Policies;

namespace KlingEffects.Effects;

/// <summary>Whether the API can be reached. Shared by a batch, so that not each of its jobs waits anew for a host that is gone.</summary>
internal sealed class Connectivity
{
    private readonly object _lock = new();
    private DateTimeOffset? _silentSince;
    private DateTimeOffset _lastTry;
    private KlingException? _failure;

    /// <summary>Why it can't be reached; null where it could be at the last try.</summary>
    public KlingException? Failure
    {
        get
        {
            lock (_lock)
            {
                return _failure;
            }
        }
    }

    public void Learn(Answer answer, DateTimeOffset now)
    {
        lock (_lock)
        {
            _lastTry = now;
            _failure = answer.WasAnswered ? null : answer.Error;
            _silentSince = answer.WasAnswered ? null : _silentSince ?? now;
        }
    }

    /// <summary>Whether every try has failed for so long, the last one a moment ago.</summary>
    public bool IsLost(DateTimeOffset now, TimeSpan grace)
    {
        lock (_lock)
        {
            return now - _silentSince >= grace && now - _lastTry < Policy.ConnectivityValidity;
        }
    }
}
