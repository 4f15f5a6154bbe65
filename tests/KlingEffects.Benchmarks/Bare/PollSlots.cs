using System.Diagnostics;

namespace KlingEffects.Benchmarks.Bare;

/// <summary>Gives out the moments at which polls may leave, evenly.</summary>
internal sealed class PollSlots(double perSecond)
{
    private readonly Lock _gate = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _next;

    public Task NextAsync()
    {
        double now = _clock.Elapsed.TotalSeconds;
        double slot;
        lock (_gate)
        {
            slot = Math.Max(now, _next);
            _next = slot + (1 / perSecond);
        }

        return Task.Delay(TimeSpan.FromSeconds(slot - now));
    }
}
