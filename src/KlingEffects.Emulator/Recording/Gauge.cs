namespace KlingEffects.Emulator.Recording;

/// <summary>How many requests came, are under way, and were under way at once at most.</summary>
internal sealed class Gauge
{
    private readonly Lock _gate = new();

    public long Total { get; private set; }

    public int Current { get; private set; }

    public int Maximum { get; private set; }

    public void Enter()
    {
        lock (_gate)
        {
            Total++;
            Maximum = Math.Max(Maximum, ++Current);
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            Current--;
        }
    }

    /// <summary>Forgets the past; what is under way stays counted.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            Total = Maximum = Current;
        }
    }
}
