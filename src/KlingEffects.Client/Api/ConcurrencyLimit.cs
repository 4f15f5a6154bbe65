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

    public int Requests => requests;

    /// <summary>The account is told when there is room again.</summary>
    public void Add(Account account) => With(() => _accounts.Add(account));

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

    public void EndRequest() => Array.ForEach(With(() => _requests--), static account => account.Look());

    public void EndJob() => Array.ForEach(With(() => _jobs--), static account => account.Look());

    private Account[] With(Action change)
    {
        lock (_lock)
        {
            change();
            return [.. _accounts];
        }
    }
}
