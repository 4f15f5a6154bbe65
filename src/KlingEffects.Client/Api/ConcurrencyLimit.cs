namespace KlingEffects.Api;

/// <summary>Bounds a pipeline's requests, and its jobs from slot to delivery, so that a slow consumer slows the submits.</summary>
internal sealed class ConcurrencyLimit(int requests, int jobs)
{
    private readonly ConcurrentQueue<Account> _accounts = new();

    public int Requests => requests;
    private SemaphoreSlim RequestRoom { get; } = new(requests);
    private SemaphoreSlim JobRoom { get; } = new(jobs);

    public void Add(Account account) => _accounts.Enqueue(account);

    public bool TryBeginJob()
    {
        bool hasRoom = JobRoom.Wait(0);
        bool hasBoth = hasRoom && RequestRoom.Wait(0);
        if (hasRoom && !hasBoth)
        {
            JobRoom.Release();
        }

        return hasBoth;
    }

    /// <summary>Frees the room. The account that calls this from its loop is not notified.</summary>
    public void EndJob(Account account) => Release(JobRoom, account);

    public void EndRequest(Account? account = null) => Release(RequestRoom, account);

    /// <summary>Runs a query as soon as one more request may be in flight. It waits for no account.</summary>
    public async Task<T> QueryAsync<T>(Func<Task<T>> ask, CancellationToken stop)
    {
        await RequestRoom.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return await ask().ConfigureAwait(false);
        }
        finally
        {
            EndRequest();
        }
    }

    private void Release(SemaphoreSlim room, Account? looking)
    {
        room.Release();
        foreach (Account account in _accounts.Where(account => account != looking))
        {
            account.Look();
        }
    }
}
