using KlingEffects.Api.Answers;
using KlingEffects.Batches;

namespace KlingEffects.Waiting;

/// <summary>What is to be done about a task after an answer.</summary>
internal abstract record Verdict
{
    /// <summary>Ask again after a while; a planned one may be planned anew when more is known.</summary>
    public sealed record Again(TimeSpan After, RunEvent? What = null, bool IsPlanned = false) : Verdict;

    /// <summary>The task has ended.</summary>
    public sealed record Ended(KlingTask Task, KlingTaskStatus Before) : Verdict;

    /// <summary>It is not waited for any longer, for this reason.</summary>
    public sealed record GivenUp(KlingException Error) : Verdict;
}

/// <summary>Decides what an answer means for a task that is waited for, and learns from it for the batch.</summary>
internal sealed class WaitJudge(WaitOptions options, PollPlan plan, PollRate rate, Random random)
{
    private bool _isTrusted;
    private bool _isHeld;

    public Verdict Judge(WaitingTask waiting, ApiResult answer, TimeSpan now)
    {
        if (answer.Task is not { } task)
        {
            return JudgeFailure(waiting, answer, now);
        }

        rate.Answered();
        _isTrusted = true;
        _isHeld = false;
        waiting.WasSeen = true;
        waiting.FailingSince = null;
        waiting.Failures = 0;
        KlingTask seen = task.MergedWith(waiting.Task);
        KlingTaskStatus before = waiting.Task.Status;
        waiting.Task = seen;
        return seen.HasEnded ? SeeEnded(waiting, before, now) : SeeUnderWay(waiting, before, now);
    }

    private Verdict SeeUnderWay(WaitingTask waiting, KlingTaskStatus before, TimeSpan now)
    {
        plan.ObserveUnderWay(waiting, now);
        return IsLate(waiting, now)
            ? new Verdict.GivenUp(TimedOut(waiting))
            : new Verdict.Again(plan.Next(waiting, now), before == waiting.Task.Status ? null : new RunEvent.Polled(waiting.Task, before), IsPlanned: true);
    }

    private Verdict SeeEnded(WaitingTask waiting, KlingTaskStatus before, TimeSpan now)
    {
        if (waiting.Task.Status == KlingTaskStatus.Succeed && waiting.Task.Videos.Count == 0)
        {
            waiting.WithoutUrlSince ??= now;
            if (!options.MissingUrl.IsOver(now - waiting.WithoutUrlSince.Value) && !IsLate(waiting, now))
            {
                RunEvent? what = before == waiting.Task.Status ? null : new RunEvent.Polled(waiting.Task, before);
                return new Verdict.Again(options.PollInterval ?? options.MissingUrl.Pause(1, null, random), what);
            }
        }

        plan.ObserveEnd(waiting, waiting.Task, now);
        return new Verdict.Ended(waiting.Task, before);
    }

    private Verdict JudgeFailure(WaitingTask waiting, ApiResult answer, TimeSpan now)
    {
        KlingException error = answer.Error!;
        bool notYet = error.Id == KlingErrorId.TaskNotFound && IsNew(waiting, now);
        waiting.Failures++;
        waiting.FailingSince ??= notYet ? null : now;
        bool isFinal = !notYet && IsFinal(waiting, answer);
        RetryPolicy policy = answer.IsDefect ? options.Defects : options.Failing;
        TimeSpan? delay = isFinal ? null : notYet ? options.NewTask.Pause(1, null, random)
            : policy.NextDelay(waiting.Failures, (now - waiting.FailingSince) ?? TimeSpan.Zero, answer.RetryAfter, random);
        if (error.Id == KlingErrorId.RateLimited || answer.RetryAfter is not null)
        {
            rate.Limited(now, delay ?? policy.Pause(waiting.Failures, answer.RetryAfter, random));
        }

        return IsLate(waiting, now) && !isFinal ? new Verdict.GivenUp(TimedOut(waiting, error))
            : delay is { } after ? new Verdict.Again(after, TellOf(after, error))
            : new Verdict.GivenUp(error.WithSubject(waiting.Task, waiting.Task.TaskId, waiting.Task.Title));
    }

    private RunEvent.PollsHeld? TellOf(TimeSpan delay, KlingException why)
    {
        bool isNew = !_isHeld && why.RetryAfter is not null && delay > Policy.LongSilence;
        _isHeld |= isNew;
        return isNew ? new RunEvent.PollsHeld(delay, why) : null;
    }

    // Once the key, the address and the account have been good, an answer that is not about the task says nothing of it: gateways refuse a good
    // key now and then (new-api #3302, 2026-06 and 2026-08; one-api #383), and ingresses answer pages while they are rolled out.
    private bool IsFinal(WaitingTask waiting, ApiResult answer) => !answer.Repeatable
        && (!_isTrusted || answer.IsHopeless
            // Said of the task itself, unless the same API has told of it before.
            || (answer.Error!.Id == KlingErrorId.TaskNotFound && !waiting.WasSeen));

    private bool IsNew(WaitingTask waiting, TimeSpan now) =>
        waiting.HasBeginning && !options.NewTask.IsOver(now - waiting.Begun);

    private static bool IsLate(WaitingTask waiting, TimeSpan now) => waiting.Deadline <= now;

    /// <summary>What is to be said of a task whose time is up.</summary>
    public KlingException TimedOut(WaitingTask waiting, KlingException? cause = null) => new(
        KlingErrorId.WaitTimeout,
        $"{waiting.Task.Title} has not ended within {Seconds(options.Timeout)} s; {LastSeen(waiting.Task)}.{LastAnswer(cause)} It goes on.",
        cause)
    {
        TaskId = waiting.Task.TaskId,
        RequestId = cause?.RequestId ?? waiting.Task.RequestId,
        Target = waiting.Task,
    };

    private static string LastSeen(KlingTask task)
    {
        string word = task.StatusWord is { } told ? $" (the API's word: '{told}')" : "";
        string message = task.StatusMessage is { } said ? $", with the message: {said.TrimEnd('.')}" : "";
        return $"it was {task.Status} when last seen{word}{message}";
    }

    private static string LastAnswer(KlingException? cause) => cause is null ? "" : $" The last poll failed: {cause.Message}";

    private static string Seconds(TimeSpan? time) => (time?.TotalSeconds ?? 0).ToString("0.#", CultureInfo.InvariantCulture);
}
