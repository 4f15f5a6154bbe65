using KlingEffects.Policies;

namespace KlingEffects.Api;

/// <summary>
/// Lets submits through as fast as the account takes them. Free until the API answers that a limit is reached; then one
/// probe at a time, in order of arrival, wider again with every job that is taken.
/// </summary>
internal sealed class SubmitGate(TimeProvider time, Random random)
{
    private readonly object _lock = new();
    private readonly LinkedList<TaskCompletionSource<bool>> _queue = new();
    private int _width = int.MaxValue;
    private int _inside;
    private int _refusals;
    private DateTimeOffset _closedUntil;
    private DateTimeOffset _quietUntil;
    private ITimer? _reopening;

    /// <summary>When the account last took a job, by the gate's clock.</summary>
    public DateTimeOffset LastTaken { get; private set; }

    /// <summary>When a task of the account was last seen to have ended, by the gate's clock.</summary>
    public DateTimeOffset LastFreed { get; private set; }

    /// <summary>How many submits have their turn.</summary>
    public int Inside
    {
        get
        {
            lock (_lock)
            {
                return _inside;
            }
        }
    }

    /// <summary>Waits for this submit's turn; each return must be followed by one of the other calls.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool> turn;
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (_queue.Count == 0 && IsOpen(now))
            {
                _inside++;
                return;
            }

            turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _queue.AddLast(turn);
            Admit();
        }

        using (cancellationToken.Register(() => Withdraw(turn)))
        {
            await turn.Task.ConfigureAwait(false);
        }
    }

    /// <summary>The account took the job: the limit, if there was one, is not reached any more.</summary>
    public void Taken() => Leave(() =>
    {
        _refusals = 0;
        _closedUntil = default;
        LastTaken = time.GetUtcNow();
        if (_width < int.MaxValue)
        {
            _width++;
        }
    });

    /// <summary>The API answered that nothing was created because a limit is reached, or could not be reached itself.</summary>
    public void Refused(TimeSpan? retryAfter) => Leave(() =>
    {
        DateTimeOffset now = time.GetUtcNow();
        _width = 1;
        if (retryAfter is not null)
        {
            DateTimeOffset asked = now + Policy.Submit.Pause(1, retryAfter, random);
            _quietUntil = asked > _quietUntil ? asked : _quietUntil;
        }

        // What was under way when the limit was reached says nothing new.
        if (now >= _closedUntil)
        {
            _refusals++;
            _closedUntil = now + Policy.Submit.Pause(_refusals, null, random);
        }
    });

    /// <summary>The submit ended in a way that says nothing about limits.</summary>
    public void Left() => Leave(static () => { });

    /// <summary>A task of the account has ended, so that a slot is free: no need to wait for the next probe, unless the server asked for quiet.</summary>
    public void SlotFreed()
    {
        lock (_lock)
        {
            _closedUntil = default;
            LastFreed = time.GetUtcNow();
            Admit();
        }
    }

    private DateTimeOffset Reopening => _quietUntil > _closedUntil ? _quietUntil : _closedUntil;

    private bool IsOpen(DateTimeOffset now) => _inside < _width && now >= Reopening;

    private void Leave(Action change)
    {
        lock (_lock)
        {
            _inside--;
            change();
            Admit();
        }
    }

    // The clock is read before anything else is looked at: a driven one runs what has come due, this gate's timer too, on its reader's thread.
    private void Admit()
    {
        DateTimeOffset now = time.GetUtcNow();
        while (_queue.First is { } first && IsOpen(now))
        {
            _queue.RemoveFirst();
            if (first.Value.TrySetResult(true))
            {
                _inside++;
            }
        }

        TimeSpan pause = Reopening - now;
        if (_queue.Count > 0 && pause > TimeSpan.Zero)
        {
            _reopening ??= time.CreateTimer(static gate => ((SubmitGate)gate!).Reopen(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _reopening.Change(pause, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _reopening?.Dispose();
            _reopening = null;
        }
    }

    private void Reopen()
    {
        lock (_lock)
        {
            Admit();
        }
    }

    private void Withdraw(TaskCompletionSource<bool> turn)
    {
        lock (_lock)
        {
            if (turn.TrySetCanceled())
            {
                _queue.Remove(turn);
                Admit();
            }
        }
    }
}
