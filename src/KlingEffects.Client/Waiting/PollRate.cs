namespace KlingEffects.Waiting;

/// <summary>
/// Bounds the polls of a batch: to what the server has shown that it takes. The bound rises while it is what holds polls back and
/// answers come as fast as before; it falls when the server complains, and from then on stays about where that was; none is sent
/// while the server asks for quiet.
/// </summary>
internal sealed class PollRate
{
    private readonly double _mostPerSecond;
    private double _perSecond;
    private double _refusedAt = double.PositiveInfinity;
    private double _allowance = 1;
    private bool _holdsBack;
    private int _heldBack;
    private bool _isSlow;
    private TimeSpan _fastest = TimeSpan.MaxValue;
    private TimeSpan? _counted;
    private TimeSpan _quietUntil;

    /// <param name="mostPerSecond">The bound that no server's speed lifts; infinite for no bound at all.</param>
    public PollRate(double mostPerSecond)
    {
        _mostPerSecond = mostPerSecond;
        _perSecond = double.IsPositiveInfinity(mostPerSecond) ? mostPerSecond : Math.Min(Policy.FirstPollsPerSecond, mostPerSecond);
    }

    /// <summary>Whether the server has complained of every pace but the slowest.</summary>
    public bool IsSlowest => _perSecond <= Policy.FewestPollsPerSecond;

    /// <summary>How long the server still asks for quiet.</summary>
    public TimeSpan QuietFor(TimeSpan now) => now < _quietUntil ? _quietUntil - now : TimeSpan.Zero;

    /// <summary>When the next poll may leave: now, or a later instant.</summary>
    public TimeSpan Next(TimeSpan now)
    {
        if (now < _quietUntil)
        {
            return _quietUntil;
        }

        if (double.IsPositiveInfinity(_perSecond))
        {
            return now;
        }

        if (_counted is { } counted)
        {
            _allowance = Math.Min(1, _allowance + ((now - counted).TotalSeconds * _perSecond));
        }

        _counted = now;
        _holdsBack |= _allowance < 1;
        return _allowance >= 1 ? now : now + TimeSpan.FromSeconds((1 - _allowance) / _perSecond);
    }

    public void Polled()
    {
        if (!double.IsPositiveInfinity(_perSecond))
        {
            _allowance--;
            _heldBack += _holdsBack ? 1 : 0;
            _holdsBack = false;
        }
    }

    /// <summary>How long a poll took, whatever its answer. A server whose answers come much later than they did has enough to do.</summary>
    public void Took(TimeSpan time)
    {
        _fastest = time < _fastest ? time : _fastest;
        _isSlow = time > _fastest + _fastest + Policy.SlowAnswer;
    }

    /// <summary>The server limits the rate: all wait, and go on at a slower pace.</summary>
    public void Limited(TimeSpan now, TimeSpan quiet)
    {
        if (now < _quietUntil)
        {
            return;
        }

        _quietUntil = now + quiet;
        double pace = double.IsPositiveInfinity(_perSecond) ? Policy.FirstPollsPerSecond : _perSecond;
        double kept = double.IsPositiveInfinity(_refusedAt) ? Policy.PollsKeptAtFirst : Policy.PollsKept;
        _refusedAt = pace;
        _perSecond = Math.Max(Policy.FewestPollsPerSecond, pace * kept);
    }

    /// <summary>The server answers well: where the bound held the poll back, it rises.</summary>
    public void Answered()
    {
        if (_heldBack > 0 && _perSecond < _mostPerSecond)
        {
            _heldBack--;
            _perSecond = Math.Min(_mostPerSecond, _perSecond + Rise);
        }
    }

    private double Rise => _isSlow ? 0
        : double.IsPositiveInfinity(_refusedAt) ? Policy.PollsPerSecondGained
        : _perSecond < _refusedAt * Policy.PollsNearRefusal ? Policy.PollsPerSecondRegained
        : Policy.PollsPerSecondProbed;
}
