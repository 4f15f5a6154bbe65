using System.Threading.Channels;
using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Batches;
using KlingEffects.Journal;

namespace KlingEffects.Waiting;

/// <summary>
/// Waits for any number of tasks at once. One loop owns all state and takes its events from one mailbox: arrivals,
/// answers, and the clock.
/// </summary>
internal sealed class TaskWaiter : Stage<KlingTask>
{
    private readonly ApiClient _api;
    private readonly WaitOptions _options;
    private readonly PollPlan _plan;
    private readonly PollRate _rate;
    private readonly WaitJudge _judge;
    private readonly Channel<WaitEvent> _mailbox = Channel.CreateUnbounded<WaitEvent>(new() { SingleReader = true });
    private readonly PollQueue _queue;
    private readonly Outage _outage = new();
    private readonly TaskRecorder _recorder;
    private int _polling;
    private long _arrivals;
    private readonly long _begun;
    private bool _complete;
    private Task _loop = Task.CompletedTask;

    private TaskWaiter(ApiClient api, WaitOptions options)
        : base(options.ThrottleLimit)
    {
        _api = api;
        _begun = api.Time.GetTimestamp();
        _options = options;
        _plan = new PollPlan(options.PollInterval, api.Random);
        _queue = new PollQueue(_plan);
        _rate = new PollRate(options.PollInterval is null ? options.MostPollsPerSecond : double.PositiveInfinity);
        _judge = new WaitJudge(options, _plan, _rate, api.Random);
        _recorder = new TaskRecorder(api.Time, Writer.WarnAsync);
    }

    /// <summary>A waiter whose loop runs.</summary>
    public static TaskWaiter Start(ApiClient api, WaitOptions options)
    {
        TaskWaiter waiter = new(api, options);
        waiter._loop = Task.Run(waiter.RunAsync);
        return waiter;
    }

    public override Task Completion => _loop;

    /// <summary>Takes every task: one that waits costs little, and its time counts from here.</summary>
    public override bool TryAdd(KlingTask item)
    {
        Progress.Add();
        _api.Known.Add(item);
        return _mailbox.Writer.TryWrite(new WaitEvent.Arrived(item));
    }

    public override void Foresee() => _mailbox.Writer.TryWrite(new WaitEvent.Look());

    public override void Complete() => _mailbox.Writer.TryWrite(new WaitEvent.Completed());

    /// <summary>The time since this waiter began. A clock that is set changes nothing of it; only dates that others told are held against the clock.</summary>
    private TimeSpan Now => _api.Time.GetElapsedTime(_begun);

    private bool IsFinished => _complete && _queue.IsEmpty && _polling == 0;

    private async Task RunAsync()
    {
        Exception? defect = null;
        ITimer timer = _api.Time.CreateTimer(
            _ => _mailbox.Writer.TryWrite(new WaitEvent.Tick()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // Without a token the mailbox needs no new object for each message that is waited for.
        using CancellationTokenRegistration stop = Stopping.Register(() => _mailbox.Writer.TryWrite(new WaitEvent.Tick()));
        try
        {
            while (!IsFinished && !Stopping.IsCancellationRequested)
            {
                await GiveUpLateAsync().ConfigureAwait(false);
                if (IsFinished)
                {
                    break;
                }

                TimeSpan? next = Sooner(ServeDue(), NextLate());
                if (_mailbox.Reader.TryPeek(out _) is false)
                {
                    timer.Change(next ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                }

                await HandleAsync(await _mailbox.Reader.ReadAsync().ConfigureAwait(false)).ConfigureAwait(false);
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
            await PollsEndedAsync().ConfigureAwait(false);
            await FinishAsync(defect, _recorder.CloseAsync).ConfigureAwait(false);
        }
    }

    private async Task PollsEndedAsync()
    {
        while (_polling > 0)
        {
            if (await _mailbox.Reader.ReadAsync().ConfigureAwait(false) is WaitEvent.Answered)
            {
                _polling--;
            }
        }
    }

    private async ValueTask HandleAsync(WaitEvent message)
    {
        switch (message)
        {
            case WaitEvent.Arrived arrived:
                await ArriveAsync(arrived.Task).ConfigureAwait(false);
                break;
            case WaitEvent.Answered answered:
                _polling--;
                _rate.Took(answered.Took);
                await ObserveAsync(answered.Waiting, answered.Result).ConfigureAwait(false);
                break;
            case WaitEvent.Look:
                Foresee(Now);
                break;
            case WaitEvent.Completed:
                _complete = true;
                break;
        }
    }

    private void Foresee(TimeSpan now)
    {
        DateTimeOffset date = _api.Time.GetUtcNow();
        BatchProgress? upstream = Progress.Upstream;
        (TimeSpan Ended, TimeSpan? Submitted)? left = CompletionForecast.From(_plan, _queue.Open, upstream, now);
        Progress.EndsAt = date + left?.Ended;
        if (upstream is not null)
        {
            upstream.EndsAt = date + left?.Submitted;
        }
    }

    private async ValueTask ArriveAsync(KlingTask task)
    {
        TimeSpan now = Now;
        WaitingTask waiting = new(task, now - AgeOf(task), now, _arrivals++) { Deadline = now + _options.Timeout };
        if (task.Status == KlingTaskStatus.Failed || task.Videos.Count > 0 || IsSaved(task))
        {
            await EndAsync(task, KlingTaskStatus.Submitted).ConfigureAwait(false);
            return;
        }

        _queue.Arrive(waiting, now);
    }

    // Starts what is due and may start; returns how long until something else is due.
    private TimeSpan? ServeDue()
    {
        while (true)
        {
            TimeSpan now = Now;
            TimeSpan? due = _queue.NextPoll(now);
            if (due is null || due > now)
            {
                return due - now;
            }

            if (_polling >= _options.ThrottleLimit)
            {
                return null;
            }

            TimeSpan allowed = _rate.Next(now);
            if (allowed > now)
            {
                return allowed - now;
            }

            _rate.Polled();
            _polling++;
            _ = PollAsync(_queue.TakeFirst(now), now);
        }
    }

    // Every task is asked for once more when its time is up, however late this waiter is itself; only where the server lets no
    // polls through, nothing else would notice.
    private async ValueTask GiveUpLateAsync()
    {
        TimeSpan now = Now;
        bool isQuiet = IsQuiet(now);
        if (!isQuiet && !_rate.IsSlowest)
        {
            return;
        }

        while (_queue.TakeLate(isQuiet ? now : now - Policy.LastPoll) is { } late)
        {
            await GiveUpAsync(late, _judge.TimedOut(late)).ConfigureAwait(false);
        }
    }

    private bool IsQuiet(TimeSpan now) => _rate.QuietFor(now) > Policy.LastPoll;

    // While the server asks for quiet: how long until the next task's time is up.
    private TimeSpan? NextLate()
    {
        TimeSpan now = Now;
        return IsQuiet(now) ? _queue.NextDeadline - now : null;
    }

    private static TimeSpan? Sooner(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other ?? one : one;

    private async Task PollAsync(WaitingTask waiting, TimeSpan now) =>
        _mailbox.Writer.TryWrite(await TaskPoll.RunAsync(_api, waiting, waiting.Deadline - now, Stopping).ConfigureAwait(false));

    private async ValueTask ObserveAsync(WaitingTask waiting, ApiResult answer)
    {
        if (answer is { Task: null, Error: null })
        {
            return; // stopped while it was asked for
        }

        TimeSpan now = Now;
        if (answer.Task is { CreatedAt: not null } told && AgeOf(told) is { } age)
        {
            waiting.RecordAge(age, now);
        }

        Verdict verdict = _judge.Judge(waiting, answer, now);
        if (verdict is not Verdict.GivenUp)
        {
            await ReportAsync(_outage.Observe(waiting, answer.Error, now)).ConfigureAwait(false);
        }

        switch (verdict)
        {
            case Verdict.Again again:
                await ReportAsync(again.What).ConfigureAwait(false);
                _queue.Schedule(waiting, now + again.After, again.IsPlanned);
                break;
            case Verdict.Ended ended:
                _queue.Leave(waiting);
                _api.For(ended.Task.Gateway).Account.SlotFreed();
                _queue.Reschedule();
                await EndAsync(ended.Task, ended.Before).ConfigureAwait(false);
                break;
            case Verdict.GivenUp givenUp:
                await GiveUpAsync(waiting, givenUp.Error).ConfigureAwait(false);
                break;
        }
    }

    private TimeSpan? AgeOf(KlingTask task) =>
        _api.Time.GetUtcNow() - (task.Context.SubmittedAt ?? task.Context.JournaledAt ?? task.CreatedHere);

    private ValueTask ReportAsync(RunEvent? what) => what is null ? default : Writer.ReportAsync(what);

    private ValueTask GiveUpAsync(WaitingTask waiting, KlingException why)
    {
        _queue.Leave(waiting);
        _outage.Leave(waiting);
        waiting.Task.Context.Reported = true;
        Progress.Observe(new RunEvent.GivenUp(waiting.Task, why));
        Progress.Finish(failed: true);
        return Writer.WriteAsync(new StageRecord.Failure(why));
    }

    private async ValueTask EndAsync(KlingTask task, KlingTaskStatus before)
    {
        KlingException? failure = IsSaved(task) ? null : TaskOutcome.FailureOf(task);
        _recorder.Ended(task);
        bool report = failure is not null && !task.Context.Reported;
        task.Context.Reported |= report;
        Progress.Finish(failed: failure is not null);
        await Writer.ReportAsync(new RunEvent.Ended(task, before)).ConfigureAwait(false);
        await Writer.WriteAsync(new StageRecord.Output(task)).ConfigureAwait(false);
        if (report)
        {
            await Writer.WriteAsync(new StageRecord.Failure(failure!)).ConfigureAwait(false);
        }
    }

    // Whoever saves it finds its files or asks for it; here nothing is left to wait for.
    private static bool IsSaved(KlingTask task) => task.Context.Record is { IsSaved: true };
}
