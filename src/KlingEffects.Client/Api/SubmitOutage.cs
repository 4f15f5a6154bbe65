using KlingEffects.Api.Answers;

namespace KlingEffects.Api;

/// <summary>A notice for the pipeline: the first job that waits and why, or how long jobs had to wait.</summary>
internal sealed record SubmitNotice(EffectJob? First, KlingException? Why, TimeSpan Lasted);

/// <summary>Why the jobs of one pipeline wait at an account (a limit, or no connection), since when, and when to give up. It reports the
/// beginning once, each further reason once, and the end once no job had to wait for a while.</summary>
internal sealed class SubmitOutage(Account account, SubmitOptions options)
{
    private readonly HashSet<KlingErrorId> _reported = [];
    private TimeSpan? _heldSince;
    private TimeSpan? _lastTaken;
    private TimeSpan _lastWait;
    private TimeSpan? _since;
    private TimeSpan _lastTry;
    private bool _isSilent;
    private bool _hasTaken;
    private KlingException? _why;

    public bool IsOver => _heldSince is null && _since is null;

    /// <summary>Whether the API was unreachable at the last try, a moment ago: a new job fails at once.</summary>
    public bool IsLost => _isSilent
        && account.Now - _since >= options.UnreachableTime && account.Now - _lastTry < Policy.ConnectivityValidity;

    // Within a task's lifetime a busy account accepts a job or frees a slot; one that does neither has another problem.
    private TimeSpan? StandstillEnd =>
        _hasTaken || _since is not { } since ? null : Latest(since, account.LastSign) + options.StandstillTime;

    public SubmitNotice? Observe(EffectJob job, ApiResult result)
    {
        bool isSilent = !result.WasAnswered;
        bool isTaken = result.Creation == Creation.Created;
        if (isSilent || (result.Repeatable && !isTaken))
        {
            _since = isSilent == _isSilent ? _since ?? account.Now : account.Now;
            _why = result.Error;
        }
        else if (_isSilent || isTaken)
        {
            _since = null;
        }

        _isSilent = isSilent;
        _lastTry = account.Now;
        if (isTaken)
        {
            _hasTaken = true;
            _lastTaken = account.Now;
            return End(isLast: false);
        }

        if (!result.Repeatable)
        {
            return null;
        }

        _heldSince ??= account.Now;
        _lastTaken = null;
        _lastWait = account.Now;
        return _reported.Add(result.Error!.Id) ? new SubmitNotice(job, result.Error, default) : null;
    }

    public void Waits() => _lastWait = account.Now;

    public SubmitNotice? End(bool isLast)
    {
        if (_heldSince is not { } since || _lastTaken is not { } taken || !(isLast || taken - _lastWait >= Policy.FreeSubmits))
        {
            return null;
        }

        _reported.Clear();
        _heldSince = null;
        return new SubmitNotice(null, null, taken - since);
    }

    /// <summary>When a waiting job is given up; null for never.</summary>
    public TimeSpan? DeadlineOf(SubmitTicket ticket)
    {
        TimeSpan? own = _heldSince is { } held ? Latest(held, ticket.Arrived, account.LastTaken) + options.Timeout : null;
        TimeSpan? all = _isSilent ? _since + options.UnreachableTime : StandstillEnd;
        return ((TimeSpan?[])[own, all]).Min();
    }

    /// <summary>The error of a job that is given up, with the last answer; a standstill of the account is named as such.</summary>
    public KlingException GiveUp(KlingException? refusal)
    {
        bool standsStill = !_isSilent && refusal is null or { Id: KlingErrorId.RateLimited } && account.Now >= StandstillEnd;
        KlingException? said = refusal ?? _why;
        if (said is not null && !standsStill && (refusal is not null || _isSilent))
        {
            return said;
        }

        said ??= new KlingException(KlingErrorId.RateLimited, "The account's limit was reached all the time.");
        SafeText still = $" No job got through for {options.StandstillTime?.TotalMinutes:0.#} minutes.";
        return said.With(
            $"{said.Message}{(refusal is null ? " This job was not sent." : "")}{(standsStill ? still : null)}",
            KlingErrorId.RateLimited,
            standsStill ? Advice.ForStandstill : null);
    }

    private static TimeSpan Latest(params TimeSpan[] times) => times.Max();
}
