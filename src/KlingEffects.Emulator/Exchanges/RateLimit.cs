namespace KlingEffects.Emulator.Exchanges;

/// <summary>Lets so many requests a second pass: a bucket that holds one second's worth and fills as time goes by.</summary>
internal sealed class RateLimit(TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _left = double.MaxValue;
    private long _at = time.GetTimestamp();

    public bool TryPass(int perSecond)
    {
        if (perSecond == 0)
        {
            return true;
        }

        lock (_gate)
        {
            long now = time.GetTimestamp();
            _left = Math.Min(perSecond, _left + (perSecond * time.GetElapsedTime(_at, now).TotalSeconds));
            _at = now;
            if (_left < 1)
            {
                return false;
            }

            _left--;
            return true;
        }
    }
}
