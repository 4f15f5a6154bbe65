using KlingEffects.Api.Answers;
using KlingEffects.Batches;

namespace KlingEffects.Api;

/// <summary>
/// Why the jobs of one pipeline wait at an account, since when, and for how long it makes sense: by a limit, which is a matter of time
/// where it lets anything through within a few tasks' lives, or because the API can't be reached. It is reported once when it begins, with
/// each reason, and once when it ends: when jobs have not had to wait for a while, or none is left.
/// </summary>
internal sealed class SubmitOutage(SubmitOptions options)
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

    /// <summary>Takes an answer into account.</summary>
    /// <returns>What is to be reported, or null.</returns>
    public RunEvent? Observe(EffectJob job, ApiResult answer, TimeSpan now)
    {
        bool isSilent = !answer.WasAnswered;
        bool isTaken = answer.Creation == Creation.Created;
        if (isSilent || (answer.Repeatable && !isTaken))
        {
            _since = isSilent == _isSilent ? _since ?? now : now;
            _why = answer.Error;
        }
        else if (_isSilent || isTaken)
        {
            _since = null;
        }

        _isSilent = isSilent;
        _lastTry = now;
        if (isTaken)
        {
            _hasTaken = true;
            _lastTaken = now;
            return End(isLast: false);
        }

        if (!answer.Repeatable)
        {
            return null;
        }

        _heldSince ??= now;
        _lastTaken = null;
        _lastWait = now;
        return _reported.Add(answer.Error!.Id) ? new RunEvent.SubmitsHeld(job, answer.Error) : null;
    }

    public void Waits(TimeSpan now) => _lastWait = now;

    /// <summary>What is to be reported of its end, once; null where it has not come.</summary>
    public RunEvent? End(bool isLast)
    {
        if (_heldSince is not { } since || _lastTaken is not { } taken || !(isLast || taken - _lastWait >= Policy.FreeSubmits))
        {
            return null;
        }

        _reported.Clear();
        _heldSince = null;
        return new RunEvent.SubmitsTaken(taken - since);
    }

    /// <summary>Whether the API is out of reach: whoever comes a moment after the last try need not find out anew.</summary>
    public bool IsLost(TimeSpan now) =>
        _isSilent && now - _since >= options.UnreachableTime && now - _lastTry < Policy.ConnectivityValidity;

    /// <summary>When a job is given up that is not taken before; null for never.</summary>
    public TimeSpan? Deadline(TimeSpan arrived, TimeSpan lastTaken, TimeSpan lastSign)
    {
        TimeSpan? own = _heldSince is { } held ? Later(Later(held, arrived), lastTaken) + options.Timeout : null;
        TimeSpan? all = _isSilent ? _since + options.UnreachableTime : StandstillEnd(lastSign);
        return own is null || all < own ? all : own;
    }

    /// <summary>
    /// The error of a job that is given up: an account that lets nothing through is told as such, with what was answered last.
    /// </summary>
    public KlingException GiveUp(KlingException? refusal, TimeSpan lastSign, TimeSpan now)
    {
        bool standsStill = !_isSilent && refusal is null or { Id: KlingErrorId.RateLimited } && now >= StandstillEnd(lastSign);
        KlingException? said = refusal ?? _why;
        if (said is not null && !standsStill && (refusal is not null || _isSilent))
        {
            return said;
        }

        string what = said?.Message ?? "The account's limit was reached all the time.";
        SafeText still = $" No job got through for {options.StandstillTime?.TotalMinutes:0.#} minutes.";
        return new KlingException(
            KlingErrorId.RateLimited,
            $"{what}{(refusal is null ? " This job was not sent." : "")}{(standsStill ? still : null)}")
        {
            Code = said?.Code,
            HttpStatus = said?.HttpStatus,
            RequestId = said?.RequestId,
            RetryAfter = said?.RetryAfter,
            AnswerBody = said?.AnswerBody,
            RecommendedAction = standsStill ? Advice.ForStandstill : null,
        };
    }

    // An account whose slots are busy takes a job, or frees a slot, within a task's life; one that does neither for several has another
    // trouble than time.
    private TimeSpan? StandstillEnd(TimeSpan lastSign) =>
        _hasTaken || _since is not { } since ? null : Later(since, lastSign) + options.StandstillTime;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
