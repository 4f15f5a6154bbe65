namespace KlingEffects.Api;

/// <summary>
/// How many submits an account takes at once, by what it has answered: any number until a limit is reached; then one probe at a time, and
/// one more with every job that is taken. Times are counted from the start of the account's loop.
/// </summary>
internal sealed class SubmitWindow(Random random)
{
    private int _width = int.MaxValue;
    private int _refusals;
    private TimeSpan _closedUntil;
    private TimeSpan _quietUntil;

    public int InFlight { get; private set; }

    public TimeSpan OpensAt => _quietUntil > _closedUntil ? _quietUntil : _closedUntil;

    public bool IsOpen(TimeSpan now) => InFlight < _width && now >= OpensAt;

    public void Begin() => InFlight++;

    public void End() => InFlight--;

    /// <summary>The account took a job: the limit, if there was one, is not reached any more.</summary>
    public void Taken()
    {
        _refusals = 0;
        _closedUntil = default;
        _width += _width < int.MaxValue ? 1 : 0;
    }

    /// <summary>Nothing was created because a limit is reached, or the API could not be reached.</summary>
    public void Refused(TimeSpan? retryAfter, TimeSpan now)
    {
        _width = 1;
        if (retryAfter is not null && now + Policy.Submit.Pause(1, retryAfter, random) is var asked && asked > _quietUntil)
        {
            _quietUntil = asked;
        }

        // What was under way when the limit was reached says nothing new.
        if (now >= _closedUntil)
        {
            _refusals++;
            _closedUntil = now + Policy.Submit.Pause(_refusals, null, random);
        }
    }

    /// <summary>A slot of the account is free: no need to wait for the next probe, unless the server asked for quiet.</summary>
    public void SlotFreed() => _closedUntil = default;
}
