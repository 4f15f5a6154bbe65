using KlingEffects.Batches;

namespace KlingEffects.Waiting;

/// <summary>Tells of polls that fail as of one thing: when it begins, with its reason, and when no task is left whose polls fail.</summary>
internal sealed class Outage
{
    private readonly HashSet<WaitingTask> _failing = [];
    private TimeSpan _since;

    /// <summary>What is to be told after an answer, or null.</summary>
    public RunEvent? Observe(WaitingTask waiting, KlingException? error, TimeSpan now)
    {
        if (error is null)
        {
            return _failing.Remove(waiting) && _failing.Count == 0 ? new RunEvent.PollsAnswered(now - _since) : null;
        }

        // One that is not there yet is nobody's fault.
        if (waiting.FailingSince is null || !_failing.Add(waiting) || _failing.Count > 1)
        {
            return null;
        }

        _since = now;
        return new RunEvent.PollsFail(waiting.Task, error);
    }

    /// <summary>The task is not asked for any longer, which its own error tells.</summary>
    public void Leave(WaitingTask waiting) => _failing.Remove(waiting);
}
