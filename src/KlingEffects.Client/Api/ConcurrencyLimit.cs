namespace KlingEffects.Api;

/// <summary>What one pipeline has under way at all its accounts together.</summary>
/// <param name="requests">How many requests at once.</param>
/// <param name="jobs">How many jobs between their turn and their record: what nobody takes away holds back the next.</param>
internal sealed class ConcurrencyLimit(int requests, int jobs)
{
    private readonly object _lock = new();
    private readonly List<Account> _accounts = [];
    private int _requests;
    private int _jobs;

    /// <summary>How many requests at once.</summary>
    public int Requests => requests;

    /// <summary>The account is told when there is room again.</summary>
    public void Add(Account account)
    {
        lock (_lock)
        {
            _accounts.Add(account);
        }
    }

    /// <summary>Takes room for a request, and for the job whose submit it is; false where there is none.</summary>
    public bool TryBegin(bool ofJob)
    {
        lock (_lock)
        {
            if (_requests >= requests || (ofJob && _jobs >= jobs))
            {
                return false;
            }

            _requests++;
            _jobs += ofJob ? 1 : 0;
            return true;
        }
    }

    public void EndRequest() => Free(1, 0);

    public void EndJob() => Free(0, 1);

    private void Free(int ofRequests, int ofJobs)
    {
        Account[] accounts;
        lock (_lock)
        {
            _requests -= ofRequests;
            _jobs -= ofJobs;
            accounts = [.. _accounts];
        }

        foreach (Account account in accounts)
        {
            account.Look();
        }
    }
}
