namespace KlingEffects.Waiting;

/// <summary>Limits the polls of a batch by what the server accepts. The rate rises while it delays polls and answers are fast; it falls
/// when the server refuses, and then stays near that rate. No poll is sent while the server asks for a pause.</summary>
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

    public bool IsSlowest => _perSecond <= Policy.FewestPollsPerSecond;
    private bool IsUnbound => double.IsPositiveInfinity(_perSecond);

    /// <summary>Whether the server's pause is too long for a last poll of a task whose time is up.</summary>
    public bool IsQuiet(TimeSpan now) => _quietUntil - now > Policy.LastPoll;

    /// <summary>How long the next poll has to wait; zero counts it as sent.</summary>
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

    /// <summary>Records a poll's duration, whatever its answer: a server that has become slow is busy.</summary>
    public void Took(TimeSpan time)
    {
        _fastest = time < _fastest ? time : _fastest;
        _isSlow = time > _fastest + _fastest + Policy.SlowAnswer;
    }

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

    /// <summary>Records a good answer: if the rate delayed the poll, it rises.</summary>
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
