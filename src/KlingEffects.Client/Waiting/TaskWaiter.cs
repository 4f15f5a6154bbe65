using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Api.Exchange;
using KlingEffects.Batches;
using KlingEffects.Http;
using KlingEffects.Journal;

namespace KlingEffects.Waiting;

/// <summary>Waits for any number of tasks at once. One loop owns the state and takes its work from one mailbox.</summary>
internal sealed class TaskWaiter : Stage<KlingTask>
{
    private readonly ApiClient _api;
    private readonly WaitOptions _options;
    private readonly PollPlan _plan;
    private readonly PollRate _rate;
    private readonly WaitJudge _judge;
    private readonly TaskRecorder _recorder;
    private readonly Channel<Func<ValueTask>> _mailbox = Channel.CreateUnbounded<Func<ValueTask>>(new() { SingleReader = true });
    private readonly long _begun;
    private long _arrivals;
    private bool _complete;

    private TaskWaiter(ApiClient api, WaitOptions options) : base(options.ThrottleLimit)
    {
        _api = api;
        _begun = api.Time.GetTimestamp();
        _options = options;
        _plan = new PollPlan(options.PollInterval, api.Random);
        _rate = new PollRate(options.PollInterval is null ? options.MostPollsPerSecond : double.PositiveInfinity);
        _judge = new WaitJudge(options, _plan, _rate, api.Random);
        _recorder = new TaskRecorder(api.Time);
    }

    public static TaskWaiter Start(ApiClient api, WaitOptions options)
    {
        TaskWaiter waiter = new(api, options);
        _ = Task.Run(waiter.RunAsync);
        return waiter;
    }

    // Monotonic. The wall clock is used only to compare with dates from elsewhere.
    private TimeSpan Now => _api.Time.GetElapsedTime(_begun);

    /// <summary>Accepts every task, because a waiting one costs little. Its timeout starts here.</summary>
    public override bool TryAdd(KlingTask item)
    {
        Progress.Add();
        _api.Known.Add(item);
        return _mailbox.Writer.TryWrite(() => ArriveAsync(item));
    }

    public override void Foresee() => Post(() =>
    {
        TimeSpan now = _api.Time.GetElapsedTime(0);
        BatchProgress? upstream = Progress.Upstream;
        (TimeSpan Ended, TimeSpan? Submitted)? left = CompletionForecast.From(_plan, _plan.Open, upstream, Now);
        Progress.EndsAt = now + left?.Ended;
        upstream?.EndsAt = now + left?.Submitted;
    });

    public override void Complete() => Post(() => _complete = true);

    private void Post(Action action) => _mailbox.Writer.TryWrite(() =>
    {
        action();
        return default;
    });

    private void Wake() => Post(static () => { });

    private async Task RunAsync()
    {
        Exception? defect = null;
        ITimer timer = _api.Time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // Reading the mailbox without a token allocates nothing per message.
        using CancellationTokenRegistration stop = Stopping.Register(Wake);
        try
        {
            while (!Stopping.IsCancellationRequested)
            {
                TimeSpan? late = await GiveUpLateAsync().ConfigureAwait(false);
                if (_complete && !_plan.Open.Any())
                {
                    break;
                }

                TimeSpan? due = ServeDue();
                if (!_mailbox.Reader.TryPeek(out _))
                {
                    timer.Change((due is null || late < due ? late : due) ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                }

                Func<ValueTask> step = await _mailbox.Reader.ReadAsync().ConfigureAwait(false);
                await step().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // the pipeline ended early
        }
        catch (Exception fault)
        {
            defect = fault;
        }
        finally
        {
            timer.Dispose();
            await Task.WhenAll(_plan.Open.Select(static waiting => waiting.Poll)).ConfigureAwait(false);
            await FinishAsync(defect, () => _recorder.CloseAsync(WarnAsync, Stopping)).ConfigureAwait(false);
        }
    }

    private async ValueTask ArriveAsync(KlingTask task)
    {
        TimeSpan now = Now;
        if (task.HasFailed || task.Videos.Count > 0 || IsSaved(task))
        {
            await EndAsync(task, KlingTaskStatus.Submitted).ConfigureAwait(false);
            return;
        }

        _plan.Arrive(new WaitingTask(task, now - AgeOf(task), now, _arrivals++) { Deadline = now + _options.Timeout }, now);
    }

    // Starts the polls that are due; returns how long until the next one is.
    private TimeSpan? ServeDue()
    {
        while (true)
        {
            TimeSpan now = Now;
            TimeSpan? due = _plan.NextPoll(now);
            if (due is null || due > now)
            {
                return due - now;
            }

            if (_plan.Asked >= _options.ThrottleLimit)
            {
                return null;
            }

            TimeSpan wait = _rate.Take(now);
            if (wait > TimeSpan.Zero)
            {
                return wait;
            }

            WaitingTask first = _plan.TakeFirst(now);
            first.Poll = PollAsync(first, now);
        }
    }

    // A task is polled once more at its deadline, unless the server allows no polls; then this must run again at the next deadline.
    private async ValueTask<TimeSpan?> GiveUpLateAsync()
    {
        TimeSpan now = Now;
        bool isQuiet = _rate.IsQuiet(now);
        while ((isQuiet || _rate.IsSlowest) && _plan.TakeLate(isQuiet ? now : now - Policy.LastPoll) is { } late)
        {
            await GiveUpAsync(late, _judge.TimedOut(late)).ConfigureAwait(false);
        }

        return isQuiet ? _plan.NextDeadline - now : null;
    }

    // Polls within the task's remaining time, and posts the answer to the mailbox.
    private async Task PollAsync(WaitingTask waiting, TimeSpan now)
    {
        using IdleTimeout idle = new(_api.Time, Stopping);
        ApiResult answer;
        try
        {
            if (waiting.Deadline - now is { } left)
            {
                idle.Restart(left > Policy.LastPoll ? left : Policy.LastPoll);
            }

            answer = await _api.For(waiting.Task.Gateway).QueryAsync(waiting.Task, idle.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            return;
        }
        catch (OperationCanceledException) when (idle.HasExpired)
        {
            answer = AnswerReader.Read(Operation.Query, Response.None(BodyProgress.Whole, new("no answer came in time")));
        }
        catch (KlingException unreachable)
        {
            answer = new ApiResult { Error = unreachable }; // its gateway's key is not known
        }
        catch (Exception defect)
        {
            answer = AnswerReader.Read(defect);
        }

        TimeSpan took = Now - now;
        _mailbox.Writer.TryWrite(() => ObserveAsync(waiting, answer, took));
    }

    private async ValueTask ObserveAsync(WaitingTask waiting, ApiResult answer, TimeSpan took)
    {
        TimeSpan now = Now;
        _rate.Took(took);
        if (answer.Task is { CreatedAt: not null } told && AgeOf(told) is { } age)
        {
            waiting.RecordAge(age, now);
        }

        Verdict verdict = _judge.Judge(waiting, answer, now);
        if (verdict is not Verdict.GivenUp)
        {
            await ReportAnyAsync(_judge.ObserveOutage(waiting, answer.Error, now)).ConfigureAwait(false);
        }

        switch (verdict)
        {
            case Verdict.Again again:
                await ReportAnyAsync(again.What).ConfigureAwait(false);
                _plan.Schedule(waiting, now + again.After, again.IsPlanned);
                break;
            case Verdict.Ended ended:
                _plan.Leave(waiting);
                _api.For(waiting.Task.Gateway).Account.SlotFreed();
                _plan.Reschedule();
                await EndAsync(waiting.Task, ended.Before).ConfigureAwait(false);
                break;
            case Verdict.GivenUp givenUp:
                await GiveUpAsync(waiting, givenUp.Why).ConfigureAwait(false);
                break;
        }
    }

    private TimeSpan? AgeOf(KlingTask task) => task.Context.Age(_api.Time) ?? (_api.Time.GetUtcNow() - task.CreatedHere);

    private ValueTask ReportAnyAsync(RunEvent? what) => what is null ? default : ReportAsync(what);

    private ValueTask GiveUpAsync(WaitingTask waiting, KlingException why)
    {
        _plan.Leave(waiting);
        _judge.Leave(waiting);
        waiting.Task.Context.Reported = true;
        Progress.Observe(new RunEvent.GivenUp(waiting.Task, why));
        Progress.Finish(failed: true);
        return WriteAsync(new StageRecord.Failure(why));
    }

    private async ValueTask EndAsync(KlingTask task, KlingTaskStatus before)
    {
        KlingException? failure = IsSaved(task) ? null : TaskOutcome.FailureOf(task);
        _recorder.Ended(task);
        bool report = failure is not null && !task.Context.Reported;
        task.Context.Reported |= report;
        Progress.Finish(failed: failure is not null);
        await ReportAsync(new RunEvent.Ended(task, before)).ConfigureAwait(false);
        await WriteAsync(new StageRecord.Output(task)).ConfigureAwait(false);
        if (report)
        {
            await WriteAsync(new StageRecord.Failure(failure!)).ConfigureAwait(false);
        }
    }

    // Nothing to wait for: saving finds its files or queries it again.
    private static bool IsSaved(KlingTask task) => task.Context.Record is { IsSaved: true };
}
