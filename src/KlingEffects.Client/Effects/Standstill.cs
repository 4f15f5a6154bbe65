using KlingEffects.Api;
using KlingEffects.Api.Answers;

namespace KlingEffects.Effects;

/// <summary>
/// Whether a limit lets no job of a batch through at all. Shared by the batch, so that not each of its jobs waits anew. An account whose slots are
/// busy takes a job, or frees a slot, within a task's life; one that does neither for several lives has another trouble than time.
/// </summary>
internal sealed class Standstill(SubmitGate gate)
{
    private readonly object _lock = new();
    private DateTimeOffset? _refusedSince;
    private bool _hasTaken;
    private KlingException? _refusal;

    /// <summary>What was answered last; null where nothing was refused.</summary>
    public KlingException? Refusal
    {
        get
        {
            lock (_lock)
            {
                return _refusal;
            }
        }
    }

    public void Learn(Answer answer, DateTimeOffset now)
    {
        lock (_lock)
        {
            _hasTaken |= answer.Creation == Creation.Created;
            if (answer is { WasAnswered: true, Repeatable: true, Error: { } refusal })
            {
                _refusedSince ??= now;
                _refusal = refusal;
            }
            else if (!answer.WasAnswered)
            {
                // Out of reach is another matter, and what was refused before it says nothing of after.
                _refusedSince = null;
            }
        }
    }

    /// <summary>How much longer to go on; null for as long as the caller allows.</summary>
    public TimeSpan? Left(DateTimeOffset now, TimeSpan grace)
    {
        lock (_lock)
        {
            DateTimeOffset alive = gate.LastTaken > gate.LastFreed ? gate.LastTaken : gate.LastFreed;
            return _hasTaken || _refusedSince is not { } refused ? null
                : (alive > refused ? alive : refused) + grace - now;
        }
    }
}
