namespace KlingEffects.Api;

/// <summary>The jobs of one pipeline that wait at an account. Only the account's loop uses it.</summary>
internal sealed class SubmitQueue
{
    private readonly SortedSet<SubmitTicket> _waiting = new(SubmitTicket.ByPlace);
    private readonly ConcurrencyLimit _limit;
    private readonly Func<SubmitNotice, Task> _report;
    private readonly CancellationTokenRegistration _stopping;
    private Task _reported = Task.CompletedTask;
    private bool _isBlocked;

    public SubmitQueue(
        Account account, ConcurrencyLimit limit, SubmitOptions options, Func<SubmitNotice, Task> report, CancellationToken stop)
    {
        Account = account;
        Outage = new SubmitOutage(account, options);
        _limit = limit;
        _report = report;
        limit.Add(account);
        account.Post(() => account.Queues.Add(this));
        _stopping = stop.Register(() => account.Post(() => Stop(static ticket => ticket.Slot.TrySetCanceled())));
    }

    public Account Account { get; }
    public SubmitOutage Outage { get; }
    public bool IsStopped { get; private set; }
    public bool HasWaiting => _waiting.Count > 0;
    public TimeSpan? NextDeadline => _waiting.Select(Outage.DeadlineOf).Min();

    /// <summary>Enqueues a job. A refused one goes behind as many others as may be in flight: it may be the cause itself.</summary>
    public void Add(SubmitTicket ticket)
    {
        Release(ticket);
        if (IsStopped)
        {
            ticket.Slot.TrySetCanceled();
            return;
        }

        bool isNew = ticket.Tries == 0;
        ticket.Arrived = isNew ? Account.Now : ticket.Arrived;
        ticket.Place = isNew ? ticket.Number : ticket.Place + _limit.Requests;
        _waiting.Add(ticket);
    }

    public SubmitTicket? TryTake()
    {
        if (_waiting.Min is not { } ticket || !_limit.TryBeginJob())
        {
            return null;
        }

        _waiting.Remove(ticket);
        ticket.IsAtWork = true;
        ticket.Tries++;
        return ticket;
    }

    public void EndRequest() => _limit.EndRequest(Account);

    public void Release(SubmitTicket ticket)
    {
        if (ticket.IsAtWork)
        {
            ticket.IsAtWork = false;
            _limit.EndJob(Account);
        }
    }

    /// <summary>Gives up jobs past their deadline; unsent ones only if they can't be sent now.</summary>
    public void GiveUpLate(bool unsentToo)
    {
        bool isLost = Outage.IsLost;
        SubmitTicket[] late = Outage.IsOver ? [] : [.. _waiting.Where(ticket =>
            isLost || ((unsentToo || ticket.Tries > 0) && Account.Now >= Outage.DeadlineOf(ticket)))];
        foreach (SubmitTicket ticket in late)
        {
            _waiting.Remove(ticket);
            ticket.Slot.TrySetResult(Outage.GiveUp(ticket.Refusal));
        }
    }

    /// <summary>Records whether jobs had to wait for the account since the last call, and whether they have to now.</summary>
    public void Observe(bool isFull)
    {
        if (_isBlocked)
        {
            Outage.Waits();
        }

        _isBlocked = isFull && HasWaiting;
    }

    /// <summary>Reports to the pipeline in order, without blocking the loop; a failing report fails no job.</summary>
    public void Report(SubmitNotice? notice)
    {
        if (notice is not null)
        {
            _reported = _reported.ContinueWith(_ => _report(notice), TaskScheduler.Default).Unwrap();
        }
    }

    /// <summary>The pipeline has no job left. Completes when every notice has been reported.</summary>
    public async Task LeaveAsync()
    {
        TaskCompletionSource<bool> left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Account.Post(() =>
        {
            Report(Outage.End(isLast: true));
            Account.Queues.Remove(this);
            left.TrySetResult(true);
        });
        await left.Task.ConfigureAwait(false);
        await Task.WhenAny(_reported).ConfigureAwait(false);
        _stopping.Dispose();
    }

    public void Stop(Action<SubmitTicket> end)
    {
        IsStopped = true;
        Array.ForEach([.. _waiting], end);
        _waiting.Clear();
    }
}
