using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using KlingEffects.Answers;
using KlingEffects.Batches;
using KlingEffects.Http;

namespace KlingEffects.Waiting;

/// <summary>
/// Waits for any number of tasks at once. One loop owns all state and takes its events from one mailbox: arrivals,
/// answers, and the clock.
/// </summary>
internal sealed class TaskWaiter : IStage<KlingTask>
{
    // The poll at the very end may take this long.
    private static readonly TimeSpan LastPoll = TimeSpan.FromSeconds(5);

    private readonly KlingClient _client;
    private readonly WaitOptions _options;
    private readonly PollPlan _plan;
    private readonly PollRate _rate;
    private readonly WaitJudge _judge;
    private readonly Channel<WaitEvent> _mailbox = Channel.CreateUnbounded<WaitEvent>(new() { SingleReader = true });
    private readonly Channel<StageRecord> _records;
    private readonly SortedSet<WaitingTask> _queue = new(WaitingTask.ByDue);
    private readonly Deadlines _deadlines = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly StageWriter _writer;
    private int _polling;
    private long _arrivals;
    private bool _complete;

    public TaskWaiter(KlingClient client, WaitOptions options)
    {
        _client = client;
        _options = options;
        _plan = new PollPlan(options.PollInterval);
        _rate = new PollRate(options.PollInterval is null ? options.MostPollsPerSecond : double.PositiveInfinity);
        _judge = new WaitJudge(options, _plan, _rate);
        _records = Channel.CreateBounded<StageRecord>(Math.Max(16, options.ThrottleLimit));
        _writer = new StageWriter(_records.Writer, Bell, _stop.Token);
        Joined = Task.Run(RunAsync);
    }

    public Doorbell Bell { get; } = new();

    public BatchProgress Progress { get; } = new();

    public bool HasRecords => _records.Reader.TryPeek(out _);

    public bool IsDone => _records.Reader.Completion.IsCompleted;

    public Task Joined { get; }

    /// <summary>Takes every task: one that waits costs little, and its time counts from here.</summary>
    public bool TryAdd(KlingTask item)
    {
        Progress.Add();
        return _mailbox.Writer.TryWrite(new WaitEvent.Arrived(item));
    }

    public bool TryTake(out StageRecord record) => _records.Reader.TryRead(out record!);

    /// <summary>Ends with true when a record is there, with false when none will come: for those who need no bell.</summary>
    public ValueTask<bool> WhenRecordsAsync() => _records.Reader.WaitToReadAsync();

    public void Complete() => _mailbox.Writer.TryWrite(new WaitEvent.Completed());

    public void Cancel() => _stop.Cancel();

    public void Dispose()
    {
        _stop.Dispose();
        Bell.Dispose();
    }

    private bool IsFinished => _complete && _queue.Count == 0 && _polling == 0;

    private async Task RunAsync()
    {
        ITimer timer = _client.Time.CreateTimer(
            _ => _mailbox.Writer.TryWrite(WaitEvent.Tick.One), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (!IsFinished)
            {
                TimeSpan? late = await GiveUpLateAsync().ConfigureAwait(false);
                if (IsFinished)
                {
                    break;
                }

                TimeSpan? next = Sooner(ServeDue(), late);
                if (_mailbox.Reader.TryPeek(out _) is false)
                {
                    timer.Change(next ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                }

                await HandleAsync(await _mailbox.Reader.ReadAsync(_stop.Token).ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // the pipeline ended early
        }
        catch (Exception defect)
        {
            _records.Writer.TryWrite(new StageRecord.Defect(defect));
        }
        finally
        {
            timer.Dispose();
            await PollsEndedAsync().ConfigureAwait(false);
            _records.Writer.TryComplete();
            Bell.Ring();
        }
    }

    private async Task PollsEndedAsync()
    {
        while (_polling > 0)
        {
            if (await _mailbox.Reader.ReadAsync().ConfigureAwait(false) is WaitEvent.Answered or WaitEvent.Broken)
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
                await LearnAsync(answered.Waiting, answered.Answer).ConfigureAwait(false);
                break;
            case WaitEvent.Broken broken:
                _polling--;
                ExceptionDispatchInfo.Capture(broken.Defect).Throw();
                break;
            case WaitEvent.Completed:
                _complete = true;
                break;
        }
    }

    private async ValueTask ArriveAsync(KlingTask task)
    {
        DateTimeOffset now = _client.Time.GetUtcNow();
        WaitingTask waiting = new(task, now, _arrivals++) { Deadline = now + _options.Timeout };
        if (task.Status == KlingTaskStatus.Failed || task.Videos.Count > 0)
        {
            await EndAsync(task).ConfigureAwait(false);
            return;
        }

        _deadlines.Add(waiting);
        Schedule(waiting, now + _plan.First(waiting, now));
    }

    // Starts what is due and may start; returns how long until something else is due.
    private TimeSpan? ServeDue()
    {
        while (_queue.Min is { } first)
        {
            DateTimeOffset now = _client.Time.GetUtcNow();
            if (first.Due > now)
            {
                return first.Due - now;
            }

            if (_polling >= _options.ThrottleLimit)
            {
                return null;
            }

            DateTimeOffset allowed = _rate.Next(now);
            if (allowed > now)
            {
                return allowed - now;
            }

            _queue.Remove(first);
            _rate.Polled();
            _polling++;
            _ = PollAsync(first);
        }

        return null;
    }

    // Every task is asked for once more when its time is up, however late this waiter is itself; only where the server lets no
    // polls through, nothing else would notice. While it asks for quiet, returns how long until the next task's time is up.
    private async ValueTask<TimeSpan?> GiveUpLateAsync()
    {
        DateTimeOffset now = _client.Time.GetUtcNow();
        bool isQuiet = _rate.QuietFor(now) > LastPoll;
        if (!isQuiet && !_rate.IsSlowest)
        {
            return null;
        }

        while (_deadlines.TakeLate(isQuiet ? now : now - LastPoll) is { } late)
        {
            // One that is being asked for is late when its answer comes.
            if (_queue.Remove(late))
            {
                await GiveUpAsync(late, _judge.GiveUp(late).Error).ConfigureAwait(false);
            }
        }

        return isQuiet ? _deadlines.Next - now : null;
    }

    private static TimeSpan? Sooner(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other ?? one : one;

    private async Task PollAsync(WaitingTask waiting)
    {
        WaitEvent outcome;
        try
        {
            outcome = new WaitEvent.Answered(waiting, await AskAsync(waiting).ConfigureAwait(false));
        }
        catch (Exception defect)
        {
            outcome = new WaitEvent.Broken(defect);
        }

        _mailbox.Writer.TryWrite(outcome);
    }

    private async Task<Answer> AskAsync(WaitingTask waiting)
    {
        using Patience patience = new(_client.Time, _stop.Token);
        try
        {
            if (waiting.Deadline is { } deadline)
            {
                TimeSpan left = deadline - _client.Time.GetUtcNow();
                patience.Grant(left > LastPoll ? left : LastPoll);
            }

            return await _client.QueryOnceAsync(waiting.Task.TaskId, waiting.Task.Kind, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return patience.HasRunOut ? AnswerReader.Read(Operation.Query, new NoReply(true, "no answer came in time")) : new Answer();
        }
    }

    private async ValueTask LearnAsync(WaitingTask waiting, Answer answer)
    {
        if (answer is { Task: null, Error: null })
        {
            return; // stopped while it was asked for
        }

        DateTimeOffset now = _client.Time.GetUtcNow();
        switch (_judge.Judge(waiting, answer, now))
        {
            case Verdict.Again again:
                if (again.Note is { } note)
                {
                    await _writer.NoteAsync(note).ConfigureAwait(false);
                }

                Schedule(waiting, now + again.After);
                break;
            case Verdict.Ended ended:
                waiting.IsOver = true;
                _client.Gate.SlotFreed();
                await EndAsync(ended.Task).ConfigureAwait(false);
                break;
            case Verdict.GivenUp givenUp:
                await GiveUpAsync(waiting, givenUp.Error).ConfigureAwait(false);
                break;
        }
    }

    private ValueTask GiveUpAsync(WaitingTask waiting, KlingException why)
    {
        waiting.IsOver = true;
        waiting.Task.Trail.Reported = true;
        Progress.Finish(failed: true);
        return _writer.WriteAsync(new StageRecord.Failure(why));
    }

    private async ValueTask EndAsync(KlingTask task)
    {
        KlingException? failure = EndedTask.FailureOf(task);
        bool report = failure is not null && !task.Trail.Reported;
        task.Trail.Reported |= report;
        Progress.Finish(failed: failure is not null);
        await _writer.NoteAsync($"{task.TaskId} ended: {task.Status}").ConfigureAwait(false);
        await _writer.WriteAsync(new StageRecord.Output(task)).ConfigureAwait(false);
        if (report)
        {
            await _writer.WriteAsync(new StageRecord.Failure(failure!)).ConfigureAwait(false);
        }
    }

    private void Schedule(WaitingTask waiting, DateTimeOffset due)
    {
        waiting.Due = waiting.Deadline < due ? waiting.Deadline.Value : due;
        _queue.Add(waiting);
    }
}
