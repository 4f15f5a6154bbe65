namespace KlingEffects.Api;

/// <summary>What one pipeline has under way at all its accounts together, which are told when there is room again.</summary>
/// <param name="requests">How many requests at once.</param>
/// <param name="jobs">How many jobs between their turn and their record: what nobody takes away holds back the next.</param>
internal sealed class ConcurrencyLimit(int requests, int jobs)
{
    private readonly ConcurrentQueue<Account> _accounts = new();

    public int Requests => requests;
    private SemaphoreSlim RequestRoom { get; } = new(requests);
    private SemaphoreSlim JobRoom { get; } = new(jobs);

    public void Add(Account account) => _accounts.Enqueue(account);

    /// <summary>Takes room for a job and the request that submits it; false where there is none.</summary>
    public bool TryBeginJob()
    {
        if (!JobRoom.Wait(0))
        {
            return false;
        }

        if (RequestRoom.Wait(0))
        {
            return true;
        }

        JobRoom.Release();
        return false;
    }

    /// <summary>Gives room back; an account that does so within its loop looks for itself.</summary>
    public void EndJob(Account account) => Release(JobRoom, account);

    public void EndRequest(Account? account = null) => Release(RequestRoom, account);

    /// <summary>Asks a question as soon as one more request may be under way: it waits for no account, and goes before the jobs.</summary>
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
