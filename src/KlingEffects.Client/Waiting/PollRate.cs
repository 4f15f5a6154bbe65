namespace KlingEffects.Waiting;

/// <summary>
/// Bounds the polls of a batch: to what the server has shown that it takes. The bound rises while it is what holds polls back and
/// answers come as fast as before; it falls when the server complains, and from then on stays about where that was; none is sent
/// while the server asks for quiet.
/// </summary>
/// <param name="mostPerSecond">The bound that no server's speed lifts; infinite for no bound at all.</param>
internal sealed class PollRate(double mostPerSecond)
{
    private double _perSecond =
        double.IsPositiveInfinity(mostPerSecond) ? mostPerSecond : Math.Min(Policy.FirstPollsPerSecond, mostPerSecond);

    private double? _refusedAt;
    private double _allowance = 1;
    private bool _holdsBack;
    private int _heldBack;
    private bool _isSlow;
    private TimeSpan _fastest = TimeSpan.MaxValue;
    private TimeSpan _counted;
    private TimeSpan _quietUntil;

    /// <summary>Whether the server has complained of every pace but the slowest.</summary>
    public bool IsSlowest => _perSecond <= Policy.FewestPollsPerSecond;

    private bool IsUnbound => double.IsPositiveInfinity(_perSecond);

    /// <summary>Whether the server asks for quiet for so much longer that a task whose time is up is not asked for again.</summary>
    public bool IsQuiet(TimeSpan now) => _quietUntil - now > Policy.LastPoll;

    /// <summary>How long the next poll has to wait. Where that is no time, it counts as sent.</summary>
    public TimeSpan Take(TimeSpan now)
    {
        if (now < _quietUntil || IsUnbound)
        {
            return now < _quietUntil ? _quietUntil - now : TimeSpan.Zero;
        }

        _allowance = Math.Min(1, _allowance + ((now - _counted).TotalSeconds * _perSecond));
        _counted = now;
        TimeSpan wait = TimeSpan.FromSeconds((1 - _allowance) / _perSecond);
        if (wait > TimeSpan.Zero)
        {
            _holdsBack = true;
            return wait;
        }

        _allowance--;
        _heldBack += _holdsBack ? 1 : 0;
        _holdsBack = false;
        return TimeSpan.Zero;
    }

    /// <summary>How long a poll took. A server whose answers, whatever they are, come much later than they did has enough to do.</summary>
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

        double pace = IsUnbound ? Policy.FirstPollsPerSecond : _perSecond;
        _quietUntil = now + quiet;
        _perSecond = Math.Max(Policy.FewestPollsPerSecond, pace * (_refusedAt is null ? Policy.PollsKeptAtFirst : Policy.PollsKept));
        _refusedAt = pace;
    }

    /// <summary>The server answers well: where the bound held the poll back, it rises.</summary>
    public void Answered()
    {
        if (_heldBack > 0 && _perSecond < mostPerSecond)
        {
            _heldBack--;
            double rise = _isSlow ? 0
                : _refusedAt is not { } refused ? Policy.PollsPerSecondGained
                : _perSecond < refused * Policy.PollsNearRefusal ? Policy.PollsPerSecondRegained
                : Policy.PollsPerSecondProbed;
            _perSecond = Math.Min(mostPerSecond, _perSecond + rise);
        }
    }
}
