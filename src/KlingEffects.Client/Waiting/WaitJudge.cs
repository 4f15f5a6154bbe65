using KlingEffects.Api.Answers;
using KlingEffects.Batches;

namespace KlingEffects.Waiting;

/// <summary>What is to be done about a task after an answer.</summary>
internal abstract record Verdict
{
    /// <summary>Ask again after a while.</summary>
    public sealed record Again(TimeSpan After, RunEvent? What = null) : Verdict;

    /// <summary>The task has ended.</summary>
    public sealed record Ended(KlingTask Task, KlingTaskStatus Before) : Verdict;

    /// <summary>It is not waited for any longer, for this reason.</summary>
    public sealed record GivenUp(KlingException Error) : Verdict;
}

/// <summary>Decides what an answer means for a task that is waited for, and learns from it for the batch.</summary>
internal sealed class WaitJudge(WaitOptions options, PollPlan plan, PollRate rate, Random random)
{
    public Verdict Judge(WaitingTask waiting, Answer answer, DateTimeOffset now)
    {
        if (answer.Task is not { } task)
        {
            return Stumble(waiting, answer, now);
        }

        rate.Answered();
        waiting.FailingSince = null;
        waiting.Failures = 0;
        KlingTask seen = task.Following(waiting.Task);
        KlingTaskStatus before = waiting.Task.Status;
        waiting.Task = seen;
        return seen.HasEnded ? SeeEnded(waiting, before, now) : SeeUnderWay(waiting, before, now);
    }

    private Verdict SeeUnderWay(WaitingTask waiting, KlingTaskStatus before, DateTimeOffset now)
    {
        plan.SeenUnderWay(waiting, now);
        return IsLate(waiting, now)
            ? new Verdict.GivenUp(TimedOut(waiting, null))
            : new Verdict.Again(plan.Next(waiting, now), before == waiting.Task.Status ? null : new RunEvent.Polled(waiting.Task, before));
    }

    private Verdict SeeEnded(WaitingTask waiting, KlingTaskStatus before, DateTimeOffset now)
    {
        if (waiting.Task.Status == KlingTaskStatus.Succeed && waiting.Task.Videos.Count == 0)
        {
            waiting.WithoutUrlSince ??= now;
            if (!options.MissingUrl.IsOver(waiting.WithoutUrlSince, now) && !IsLate(waiting, now))
            {
                RunEvent? what = before == waiting.Task.Status ? null : new RunEvent.Polled(waiting.Task, before);
                return new Verdict.Again(options.PollInterval ?? options.MissingUrl.Pause(1, null, random), what);
            }
        }

        plan.SeenEnded(waiting, waiting.Task, now);
        return new Verdict.Ended(waiting.Task, before);
    }

    private Verdict Stumble(WaitingTask waiting, Answer answer, DateTimeOffset now)
    {
        KlingException error = answer.Error!;
        waiting.Failures++;
        waiting.FailingSince ??= now;
        TimeSpan pause = options.Failing.Pause(waiting.Failures, answer.RetryAfter, random);
        if (error.Id == KlingErrorId.RateLimited || answer.RetryAfter is not null)
        {
            rate.Limited(now, pause);
        }

        bool notYet = error.Id == KlingErrorId.TaskNotFound && IsNew(waiting, now);
        if (!notYet && (!answer.Repeatable || (options.Failing.IsOver(waiting.FailingSince, now) && !IsLate(waiting, now))))
        {
            return new Verdict.GivenUp(error.About(waiting.Task, waiting.Task.TaskId, waiting.Task.Title));
        }

        return IsLate(waiting, now)
            ? new Verdict.GivenUp(TimedOut(waiting, error))
            : new Verdict.Again(notYet ? options.NewTask.Pause(1, null, random) : pause, new RunEvent.PollFailed(waiting.Task, error));
    }

    private bool IsNew(WaitingTask waiting, DateTimeOffset now) =>
        waiting.HasBeginning && !options.NewTask.IsOver(waiting.Begun, now);

    /// <summary>What is to be said of a task whose time is up and that can't be asked for any more.</summary>
    public Verdict.GivenUp GiveUp(WaitingTask waiting) => new(TimedOut(waiting, null));

    private static bool IsLate(WaitingTask waiting, DateTimeOffset now) => waiting.Deadline <= now;

    private KlingException TimedOut(WaitingTask waiting, KlingException? cause) => new(
        KlingErrorId.WaitTimeout,
        $"{waiting.Task.Title} has not ended within {options.Timeout?.TotalSeconds:0.#} s; it was {waiting.Task.Status} when last seen. It goes on.",
        cause)
    {
        TaskId = waiting.Task.TaskId,
        Target = waiting.Task,
    };
}
