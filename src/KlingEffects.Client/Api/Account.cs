using System.Collections.Concurrent;
using KlingEffects.Api.Answers;

namespace KlingEffects.Api;

/// <summary>
/// What all pipelines of this process share because they share an account: who may submit next. One loop owns all of its state and takes
/// its events, the methods below, from one mailbox; docs/ARCHITECTURE.md has its states as a table. It sends nothing itself.
/// </summary>
internal sealed class Account
{
    private static readonly ConcurrentDictionary<TimeProvider, ConcurrentDictionary<string, Account>> All = new();

    private readonly ConcurrentQueue<Action> _mailbox = new();
    private readonly List<SubmitQueue> _queues = [];
    private readonly SubmitWindow _window;
    private readonly TimeProvider _time;
    private readonly long _start;
    private ITimer? _timer;
    private TimeSpan? _timerDue;
    private TimeSpan _lastTaken;
    private TimeSpan _lastFreed;
    private int _unhandled;

    public Account(TimeProvider time, Random random)
    {
        _time = time;
        _start = time.GetTimestamp();
        _window = new SubmitWindow(random);
    }

    /// <summary>The account that a key opens at an address.</summary>
    public static Account For(Uri root, string apiKey, TimeProvider time, Random random) =>
        All.GetOrAdd(time, static _ => new(StringComparer.Ordinal)).GetOrAdd(Fingerprint(root, apiKey), _ => new Account(time, random));

    /// <summary>A task of the account has ended, so that a slot is free.</summary>
    public void SlotFreed() => Post(() =>
    {
        _lastFreed = Now;
        _window.SlotFreed();
    });

    public void Join(SubmitQueue queue) => Post(() => _queues.Add(queue));

    public void Arrive(SubmitTicket ticket) => Post(() =>
    {
        ticket.Queue.Release(ticket);
        ticket.Arrived = ticket.Tries == 0 ? Now : ticket.Arrived;
        ticket.Queue.Add(ticket);
    });

    public void End(SubmitTicket ticket, ApiResult? answer) => Post(() =>
    {
        SubmitQueue queue = ticket.Queue;
        _window.End();
        queue.EndRequest();
        if (answer is null)
        {
            return;
        }

        TimeSpan now = Now;
        ticket.Refusal = answer.Error;
        if (answer.Creation == Creation.Created)
        {
            _lastTaken = now;
            _window.Taken();
        }
        else if (answer.Repeatable && !queue.IsStopped)
        {
            _window.Refused(answer.RetryAfter, now);
        }

        queue.Report(queue.Outage.Observe(ticket.Job, answer, now));
    });

    public void Finish(SubmitTicket ticket) => Post(() => ticket.Queue.Release(ticket));

    /// <summary>Waits until the pipeline may ask a question; <see cref="EndQuery"/> must follow.</summary>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    public Task BeginQueryAsync(SubmitQueue queue)
    {
        TaskCompletionSource<bool> query = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => queue.Add(query));
        return query.Task;
    }

    public void EndQuery(SubmitQueue queue) => Post(queue.EndRequest);

    /// <summary>A pipeline has stopped: none of its jobs waits any longer.</summary>
    public void Stop(SubmitQueue queue) => Post(() => queue.Stop(static ticket => ticket.Turn.TrySetCanceled()));

    /// <summary>A pipeline has no job left. Ends when it has been told so.</summary>
    public async Task LeaveAsync(SubmitQueue queue)
    {
        TaskCompletionSource<bool> left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            queue.Report(queue.Outage.End(isLast: true));
            _queues.Remove(queue);
            left.TrySetResult(true);
        });
        await left.Task.ConfigureAwait(false);
        await queue.WhenReportedAsync().ConfigureAwait(false);
    }

    /// <summary>Time has passed, or a pipeline has room again.</summary>
    public void Look() => Post(static () => { });

    private TimeSpan Now => _time.GetElapsedTime(_start);

    private TimeSpan LastSign => _lastTaken > _lastFreed ? _lastTaken : _lastFreed;

    // Whoever leaves the first event handles all that come until none is left: one at a time, in their order, with no thread that waits
    // for them.
    private void Post(Action handle)
    {
        _mailbox.Enqueue(handle);
        if (Interlocked.Increment(ref _unhandled) > 1)
        {
            return;
        }

        do
        {
            try
            {
                _mailbox.TryDequeue(out Action? next);
                next!();
                Serve();
            }
            catch (Exception defect)
            {
                _queues.ForEach(queue => queue.Stop(ticket => ticket.Turn.TrySetException(defect)));
            }
        }
        while (Interlocked.Decrement(ref _unhandled) > 0);
    }

    private void Serve()
    {
        TimeSpan now = Now;
        foreach (SubmitQueue queue in _queues)
        {
            queue.Ask();
            GiveUpLate(queue, unsentToo: false, now);
        }

        while (_window.IsOpen(now) && TakeNext() is { } ticket)
        {
            _window.Begin();
            ticket.Turn.TrySetResult(null);
        }

        bool isFull = !_window.IsOpen(now);
        // What is under way may yet free or take a slot.
        bool isPaused = isFull && _window.InFlight == 0;
        TimeSpan? due = null;
        foreach (SubmitQueue queue in _queues)
        {
            if (isPaused)
            {
                GiveUpLate(queue, unsentToo: true, now);
            }

            queue.Observe(isFull, now);
            if (queue.HasWaiting && isFull)
            {
                TimeSpan? opens = _window.OpensAt > now ? _window.OpensAt : null;
                due = Sooner(due, Sooner(opens, isPaused ? queue.NextDeadline(Deadline) : null));
            }
        }

        SetTimer(due, now);
    }

    // One job of each pipeline after the other.
    private SubmitTicket? TakeNext()
    {
        for (int looked = 0; looked < _queues.Count; looked++)
        {
            SubmitQueue queue = _queues[0];
            _queues.RemoveAt(0);
            _queues.Add(queue);
            if (queue.TryTake() is { } ticket)
            {
                return ticket;
            }
        }

        return null;
    }

    private TimeSpan? Deadline(SubmitTicket ticket) => ticket.Queue.Outage.Deadline(ticket.Arrived, _lastTaken, LastSign);

    private void GiveUpLate(SubmitQueue queue, bool unsentToo, TimeSpan now)
    {
        if (queue.Outage.IsOver)
        {
            return;
        }

        foreach (SubmitTicket late in queue.TakeLate(Deadline, unsentToo, now))
        {
            late.Turn.TrySetResult(queue.Outage.GiveUp(late.Refusal, LastSign, now));
        }
    }

    private void SetTimer(TimeSpan? due, TimeSpan now)
    {
        if (due == _timerDue)
        {
            return;
        }

        _timerDue = due;
        _timer ??= _time.CreateTimer(
            static account => ((Account)account!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // Whole milliseconds are what timers count in, and one that comes too early is set again.
        double wait = due is { } at ? Math.Max(1, Math.Ceiling((at - now).TotalMilliseconds)) : Timeout.Infinite;
        _timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
    }

    private void OnTimer() => Post(() => _timerDue = null);

    private static TimeSpan? Sooner(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other ?? one : one;

    private static string Fingerprint(Uri root, string apiKey) => Convert.ToBase64String(Sha256.Hash(root.AbsoluteUri + "\n" + apiKey));
}
