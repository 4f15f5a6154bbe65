using KlingEffects.Policies;

namespace KlingEffects.Waiting;

/// <summary>Bounds the polls of a batch: so many a second, fewer after the server has complained, none while it asks for quiet.</summary>
internal sealed class PollRate
{
    private readonly double _mostPerSecond;
    private double _perSecond;
    private double _allowance = 1;
    private DateTimeOffset _counted;
    private DateTimeOffset _quietUntil;

    public PollRate(double mostPerSecond)
    {
        _mostPerSecond = mostPerSecond;
        _perSecond = mostPerSecond;
    }

    /// <summary>Whether the server has complained of every pace but the slowest.</summary>
    public bool IsSlowest => _perSecond <= Policy.FewestPollsPerSecond;

    /// <summary>How long the server still asks for quiet.</summary>
    public TimeSpan QuietFor(DateTimeOffset now) => now < _quietUntil ? _quietUntil - now : TimeSpan.Zero;

    /// <summary>When the next poll may leave: now, or a later instant.</summary>
    public DateTimeOffset Next(DateTimeOffset now)
    {
        if (now < _quietUntil)
        {
            return _quietUntil;
        }

        if (double.IsPositiveInfinity(_perSecond))
        {
            return now;
        }

        if (_counted != default)
        {
            _allowance = Math.Min(1, _allowance + ((now - _counted).TotalSeconds * _perSecond));
        }

        _counted = now;
        return _allowance >= 1 ? now : now + TimeSpan.FromSeconds((1 - _allowance) / _perSecond);
    }

    public void Polled()
    {
        if (!double.IsPositiveInfinity(_perSecond))
        {
            _allowance--;
        }
    }

    /// <summary>The server limits the rate: all wait, and go on at half the pace.</summary>
    public void Limited(DateTimeOffset now, TimeSpan quiet)
    {
        if (now < _quietUntil)
        {
            return;
        }

        _quietUntil = now + quiet;
        _perSecond = Math.Max(Policy.FewestPollsPerSecond, Math.Min(_perSecond, Policy.MostPollsPerSecond) / 2);
    }

    /// <summary>The server answers: the pace rises again, slowly.</summary>
    public void Answered()
    {
        if (_perSecond < _mostPerSecond)
        {
            _perSecond = Math.Min(_mostPerSecond, _perSecond + Policy.PollsPerSecondRegained);
        }
    }
}
