using KlingEffects.Batches;
using KlingEffects.Policies;

namespace KlingEffects.Effects;

/// <summary>
/// Tells of jobs that are held back, by the account's limit or because the API can't be reached, as of one thing: when it begins, with its
/// reason, and when it ends. While slots are busy one job after another gets through without an end to that: it has ended when they have not
/// had to wait for a while, or when none is left.
/// </summary>
internal sealed class SubmitOutage
{
    private readonly object _lock = new();
    private readonly HashSet<KlingErrorId> _told = [];
    private DateTimeOffset? _since;
    private DateTimeOffset? _lastTaken;
    private DateTimeOffset? _freeSince;

    /// <summary>What is to be told of a job that is to be sent again, or null.</summary>
    public RunEvent? Refused(EffectJob job, KlingException why, DateTimeOffset now)
    {
        lock (_lock)
        {
            _since ??= now;
            _lastTaken = null;
            _freeSince = null;
            return _told.Add(why.Id) ? new RunEvent.SubmitsHeld(job, why) : null;
        }
    }

    /// <summary>A job was taken. Nothing is told here, for its id goes first.</summary>
    /// <param name="atOnce">Whether it was sent once, and had not to wait for its turn.</param>
    /// <param name="now">When its answer came.</param>
    public void Taken(bool atOnce, DateTimeOffset now)
    {
        lock (_lock)
        {
            _lastTaken = now;
            _freeSince = atOnce ? _freeSince ?? now : null;
        }
    }

    /// <summary>What is to be told of its end, once; null where there is none.</summary>
    /// <param name="isLast">Whether no job is left.</param>
    public RunEvent? TakeEnd(bool isLast)
    {
        lock (_lock)
        {
            bool isFree = _lastTaken - _freeSince >= Policy.FreeSubmits;
            if (!(isFree || isLast) || _lastTaken - _since is not { } after)
            {
                return null;
            }

            _told.Clear();
            _since = null;
            return new RunEvent.SubmitsTaken(after);
        }
    }
}
