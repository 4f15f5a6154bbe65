using KlingEffects.Api.Answers;
using KlingEffects.Batches;

namespace KlingEffects.Waiting;

internal abstract record Verdict
{
    /// <summary>Poll again; a planned poll may be rescheduled when more is known.</summary>
    public sealed record Again(TimeSpan After, RunEvent? What, bool IsPlanned = false) : Verdict;

    public sealed record Ended(KlingTaskStatus Before) : Verdict;

    public sealed record GivenUp(KlingException Why) : Verdict;
}

/// <summary>Decides what an answer means for a waiting task, and records it for the batch's poll plan.</summary>
internal sealed class WaitJudge(WaitOptions options, PollPlan plan, PollRate rate, Random random)
{
    private readonly HashSet<WaitingTask> _failing = [];
    private TimeSpan _failingSince;
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
        KlingTaskStatus before = waiting.Task.Status;
        waiting.Task = task.MergedWith(waiting.Task);
        RunEvent.Polled? change = before == waiting.Task.Status ? null : new(waiting.Task, before);
        if (!waiting.Task.HasEnded)
        {
            plan.ObserveUnderWay(waiting, now);
            return IsLate(waiting, now)
                ? new Verdict.GivenUp(TimedOut(waiting))
                : new Verdict.Again(plan.IntervalOf(waiting, now), change, IsPlanned: true);
        }

        if (waiting.Task.Status.HasSucceeded() && waiting.Task.Videos.Count == 0)
        {
            waiting.WithoutUrlSince ??= now;
            if (!Policy.MissingUrl.IsOver(now - waiting.WithoutUrlSince.Value) && !IsLate(waiting, now))
            {
                return new Verdict.Again(options.PollInterval ?? Policy.MissingUrl.Pause(1, null, random), change);
            }
        }

        plan.ObserveEnd(waiting, now);
        return new Verdict.Ended(before);
    }

    /// <summary>Reports failing polls as one outage: when the first task's polls fail, and when no task's do any more.</summary>
    public RunEvent? ObserveOutage(WaitingTask waiting, KlingException? error, TimeSpan now)
    {
        if (error is null)
        {
            return _failing.Remove(waiting) && _failing.Count == 0 ? new RunEvent.PollsAnswered(now - _failingSince) : null;
        }

        // A task that the API does not know yet is no failure.
        if (waiting.FailingSince is null || !_failing.Add(waiting) || _failing.Count > 1)
        {
            return null;
        }

        _failingSince = now;
        return new RunEvent.PollsFail(waiting.Task, error);
    }

    public void Leave(WaitingTask waiting) => _failing.Remove(waiting);

    public KlingException TimedOut(WaitingTask waiting, KlingException? cause = null)
    {
        KlingTask task = waiting.Task;
        string word = task.StatusWord is { } told ? $" (the API's word: '{told}')" : "";
        string message = task.StatusMessage is { } said ? $", with the message: {said.TrimEnd('.')}" : "";
        string lastPoll = cause is null ? "" : $" The last poll failed: {cause.Message}";
        return new KlingException(
            KlingErrorId.WaitTimeout,
            $"{task.Title} has not ended within {options.Timeout?.TotalSeconds:0.#} s; "
                + $"it was {task.Status} when last seen{word}{message}.{lastPoll} It goes on.",
            cause)
        {
            TaskId = task.TaskId,
            RequestId = cause?.RequestId ?? task.RequestId,
            Target = task,
        };
    }

    private Verdict JudgeFailure(WaitingTask waiting, ApiResult answer, TimeSpan now)
    {
        KlingException error = answer.Error!;
        bool notYet = error.Id == KlingErrorId.TaskNotFound && waiting.HasBeginning && !Policy.NewTask.IsOver(now - waiting.Begun);
        waiting.Failures++;
        waiting.FailingSince ??= notYet ? null : now;
        bool isFinal = !notYet && IsFinal(waiting, answer);
        RetryPolicy policy = answer.IsDefect ? Policy.PollDefect : Policy.Poll;
        TimeSpan? delay = isFinal ? null : notYet ? Policy.NewTask.Pause(1, null, random)
            : policy.NextDelay(waiting.Failures, (now - waiting.FailingSince) ?? TimeSpan.Zero, answer.RetryAfter, random);
        if (error.Id == KlingErrorId.RateLimited || answer.RetryAfter is not null)
        {
            rate.Limited(now, delay ?? policy.Pause(waiting.Failures, answer.RetryAfter, random));
        }

        return IsLate(waiting, now) && !isFinal ? new Verdict.GivenUp(TimedOut(waiting, error))
            : delay is { } after ? new Verdict.Again(after, ObserveQuiet(after, error))
            : new Verdict.GivenUp(error.WithSubject(waiting.Task, waiting.Task.TaskId, waiting.Task.Title));
    }

    private RunEvent.PollsHeld? ObserveQuiet(TimeSpan delay, KlingException why)
    {
        bool isNew = !_isHeld && why.RetryAfter is not null && delay > Policy.LongSilence;
        _isHeld |= isNew;
        return isNew ? new RunEvent.PollsHeld(delay, why) : null;
    }

    // After a good answer, such as to the submit, only an error about the task itself ends its wait: gateways refuse a good key now and
    // then (new-api #3302, 2026-06 and 2026-08; one-api #383), and ingresses return pages during a rollout. So does "no such task", unless
    // the API has returned it before.
    private bool IsFinal(WaitingTask waiting, ApiResult answer) => !answer.Repeatable && (answer.IsHopeless
        || !(_isTrusted || waiting.Task.Context.SubmittedAt is not null)
        || (answer.Error!.Id == KlingErrorId.TaskNotFound && !waiting.WasSeen));

    private static bool IsLate(WaitingTask waiting, TimeSpan now) => waiting.Deadline <= now;
}
