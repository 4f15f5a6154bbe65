using KlingEffects.Api.Answers;

namespace KlingEffects.Api;

/// <summary>Decides which job of an account may be submitted next, for all pipelines of the process that use it. One loop owns the state
/// and takes its events from one mailbox; docs/ARCHITECTURE.md has the states as a table. It sends nothing itself.</summary>
internal sealed class Account(TimeProvider time, Random random)
{
    private static readonly ConcurrentDictionary<TimeProvider, ConcurrentDictionary<string, Account>> All = new();

    private readonly ConcurrentQueue<Action> _mailbox = new();
    private readonly long _start = time.GetTimestamp();
    private int _unhandled;
    private ITimer? _timer;
    private TimeSpan? _timerDue;
    private TimeSpan _lastFreed;

    // How many submits may be in flight: unlimited until a limit is hit; then one probe, and one more with every accepted job.
    private int _width = int.MaxValue;
    private int _inFlight;
    private int _refusals;
    private TimeSpan _closedUntil;
    private TimeSpan _quietUntil;

    public List<SubmitQueue> Queues { get; } = [];

    /// <summary>The time of the event being handled, since the loop's start.</summary>
    public TimeSpan Now { get; private set; }

    public TimeSpan LastTaken { get; private set; }
    public TimeSpan LastSign => LastTaken > _lastFreed ? LastTaken : _lastFreed;
    private TimeSpan OpensAt => _quietUntil > _closedUntil ? _quietUntil : _closedUntil;
    private bool IsOpen => _inFlight < _width && Now >= OpensAt;

    public static Account For(Uri root, string apiKey, TimeProvider time, Random random) =>
        All.GetOrAdd(time, static _ => new(StringComparer.Ordinal)).GetOrAdd(Fingerprint(root, apiKey), _ => new Account(time, random));

    /// <summary>A task of the account has ended: probe at once, unless the server asked for a pause.</summary>
    public void SlotFreed() => Post(() => (_lastFreed, _closedUntil) = (Now, default));

    public void Look() => Post(static () => { });

    /// <summary>Posts an event. The thread that posts to an empty mailbox handles events until none is left, so no thread waits.</summary>
    public void Post(Action handle)
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
                Now = time.GetElapsedTime(_start);
                next!();
                Serve();
            }
            catch (Exception defect)
            {
                Queues.ForEach(queue => queue.Stop(ticket => ticket.Slot.TrySetException(defect)));
            }
        }
        while (Interlocked.Decrement(ref _unhandled) > 0);
    }

    /// <summary>A submit has ended; the result is null if it was not sent.</summary>
    public void End(SubmitTicket ticket, ApiResult? result)
    {
        SubmitQueue queue = ticket.Queue;
        _inFlight--;
        queue.EndRequest();
        if (result is null)
        {
            return;
        }

        ticket.Refusal = result.Error;
        if (result.Creation == Creation.Created)
        {
            (LastTaken, _refusals, _closedUntil) = (Now, 0, default);
            _width += _width < int.MaxValue ? 1 : 0;
        }
        else if (result.Repeatable && !queue.IsStopped)
        {
            Narrow(result.RetryAfter);
        }

        queue.Report(queue.Outage.Observe(ticket.Job, result));
    }

    // Nothing was created: a limit is reached, or the API is unreachable.
    private void Narrow(TimeSpan? retryAfter)
    {
        _width = 1;
        if (retryAfter is not null && Now + Policy.Submit.Pause(1, retryAfter, random) is var asked && asked > _quietUntil)
        {
            _quietUntil = asked;
        }

        // Refusals of submits that were in flight by then say nothing new.
        if (Now >= _closedUntil)
        {
            _refusals++;
            _closedUntil = Now + Policy.Submit.Pause(_refusals, null, random);
        }
    }

    private void Serve()
    {
        Queues.ForEach(static queue => queue.GiveUpLate(unsentToo: false));
        while (IsOpen && TakeNext() is { } ticket)
        {
            _inFlight++;
            ticket.Slot.TrySetResult(null);
        }

        bool isFull = !IsOpen;
        // A submit in flight may still free or take a slot.
        bool isPaused = isFull && _inFlight == 0;
        if (isPaused)
        {
            Queues.ForEach(static queue => queue.GiveUpLate(unsentToo: true));
        }

        Queues.ForEach(queue => queue.Observe(isFull));
        TimeSpan? opens = isFull && OpensAt > Now && Queues.Exists(static queue => queue.HasWaiting) ? OpensAt : null;
        SetTimer(isPaused ? Queues.Select(static queue => queue.NextDeadline).Append(opens).Min() : opens);
    }

    // Round robin over the pipelines.
    private SubmitTicket? TakeNext()
    {
        foreach (SubmitQueue queue in Queues)
        {
            if (queue.TryTake() is { } ticket)
            {
                Queues.Remove(queue);
                Queues.Add(queue);
                return ticket;
            }
        }

        return null;
    }

    private void SetTimer(TimeSpan? due)
    {
        if (due == _timerDue)
        {
            return;
        }

        _timerDue = due;
        _timer ??= time.CreateTimer(
            static account => ((Account)account!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        // Timers count whole milliseconds; one that fires early is set again.
        double wait = due is { } at ? Math.Max(1, Math.Ceiling((at - Now).TotalMilliseconds)) : Timeout.Infinite;
        _timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
    }

    private void OnTimer() => Post(() => _timerDue = null);

    private static string Fingerprint(Uri root, string apiKey) => Convert.ToBase64String(Sha256.Hash(root.AbsoluteUri + "\n" + apiKey));
}
