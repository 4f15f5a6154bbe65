using KlingEffects.Batches;

namespace KlingEffects.Api;

/// <summary>
/// The jobs of one pipeline that wait at an account, and what the pipeline has met there. Only the account's loop looks at it.
/// </summary>
internal sealed class SubmitQueue : IDisposable
{
    private readonly SortedSet<SubmitTicket> _waiting = new(SubmitTicket.ByPlace);
    private readonly Queue<TaskCompletionSource<bool>> _queries = new();
    private readonly ConcurrencyLimit _limit;
    private readonly IRunObserver _observer;
    private readonly CancellationTokenRegistration _stopping;
    private Task _reported = Task.CompletedTask;
    private bool _isBlocked;

    public SubmitQueue(Account account, ConcurrencyLimit limit, SubmitOptions options, IRunObserver observer, CancellationToken stop)
    {
        Account = account;
        Outage = new SubmitOutage(options);
        _limit = limit;
        _observer = observer;
        limit.Add(account);
        account.Join(this);
        _stopping = stop.Register(() => account.Stop(this));
    }

    public Account Account { get; }

    public SubmitOutage Outage { get; }

    public bool IsStopped { get; private set; }

    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>
    /// Takes a job in. One that was refused lets as many others go first as may be under way at once: it may be refused for itself.
    /// </summary>
    public void Add(SubmitTicket ticket)
    {
        if (IsStopped)
        {
            ticket.Turn.TrySetCanceled();
            return;
        }

        ticket.Place = ticket.Tries == 0 ? ticket.Number : ticket.Place + _limit.Requests;
        _waiting.Add(ticket);
    }

    /// <summary>Takes a question in, which waits for the pipeline's own limit only.</summary>
    public void Add(TaskCompletionSource<bool> query)
    {
        if (!IsStopped)
        {
            _queries.Enqueue(query);
        }
        else
        {
            query.TrySetCanceled();
        }
    }

    /// <summary>Asks a question once the pipeline may have one more request under way.</summary>
    /// <exception cref="OperationCanceledException">The pipeline has stopped.</exception>
    public async Task<T> QueryAsync<T>(Func<Task<T>> ask)
    {
        await Account.BeginQueryAsync(this).ConfigureAwait(false);
        try
        {
            return await ask().ConfigureAwait(false);
        }
        finally
        {
            Account.EndQuery(this);
        }
    }

    public void Ask()
    {
        while (_queries.Count > 0 && _limit.TryBegin(ofJob: false))
        {
            _queries.Dequeue().TrySetResult(true);
        }
    }

    /// <summary>The next job, if there is one and the pipeline may send it now.</summary>
    public SubmitTicket? TryTake()
    {
        if (_waiting.Min is not { } ticket || !_limit.TryBegin(ofJob: true))
        {
            return null;
        }

        _waiting.Remove(ticket);
        ticket.IsAtWork = true;
        ticket.Tries++;
        return ticket;
    }

    public void EndRequest() => _limit.EndRequest();

    public void Release(SubmitTicket ticket)
    {
        if (ticket.IsAtWork)
        {
            ticket.IsAtWork = false;
            _limit.EndJob();
        }
    }

    /// <summary>Takes out the jobs whose time is up; those that were never sent only where they can't be sent now.</summary>
    public List<SubmitTicket> TakeLate(Func<SubmitTicket, TimeSpan?> deadline, bool unsentToo, TimeSpan now)
    {
        bool isLost = Outage.IsLost(now);
        List<SubmitTicket> late = [.. _waiting.Where(ticket => isLost || ((unsentToo || ticket.Tries > 0) && now >= deadline(ticket)))];
        late.ForEach(ticket => _waiting.Remove(ticket));
        return late;
    }

    public TimeSpan? NextDeadline(Func<SubmitTicket, TimeSpan?> deadline) => _waiting.Select(deadline).Min();

    /// <summary>
    /// Takes into account whether the jobs had to wait for the account since the last look, and whether they have to now.
    /// </summary>
    public void Observe(bool isFull, TimeSpan now)
    {
        if (_isBlocked)
        {
            Outage.Waits(now);
        }

        _isBlocked = isFull && HasWaiting;
    }

    /// <summary>Tells the pipeline, one thing after the other and without keeping the loop waiting.</summary>
    public void Report(RunEvent? what)
    {
        if (what is not null)
        {
            _reported = ReportAsync(_reported, what);
        }
    }

    public Task WhenReportedAsync() => _reported;

    public void Stop(Action<SubmitTicket> end)
    {
        IsStopped = true;
        foreach (SubmitTicket ticket in _waiting)
        {
            end(ticket);
        }

        _waiting.Clear();

        while (_queries.Count > 0)
        {
            _queries.Dequeue().TrySetCanceled();
        }
    }

    public void Dispose() => _stopping.Dispose();

    // What is told is a courtesy: nothing that is paid for ends with it.
    private async Task ReportAsync(Task before, RunEvent what)
    {
        await before.ConfigureAwait(false);
        await Task.Run(() => _observer.ReportAsync(what).AsTask()).ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
    }
}
