namespace KlingEffects.Emulator.Recording;

/// <summary>Says that something happened to everyone who waits for something to happen.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = New();

    public void Pulse() => Interlocked.Exchange(ref _next, New()).SetResult();

    public async Task WaitAsync(Func<bool> condition, CancellationToken cancellation)
    {
        while (true)
        {
            // Taken before the look, so that a pulse between the look and the wait is not lost.
            Task next = Volatile.Read(ref _next).Task;
            if (condition())
            {
                return;
            }

            await next.WaitAsync(cancellation);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
