using System.Collections.Concurrent;

namespace KlingEffects.Files;

/// <summary>A lock for each path, so that the same video asked for twice at once is fetched once.</summary>
internal sealed class KeyedLock
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<bool>> _held = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Waits until nobody holds the path's lock; it is released when the result is disposed.</summary>
    public async Task<IDisposable> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool> released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!_held.TryAdd(path, released))
        {
            if (_held.TryGetValue(path, out TaskCompletionSource<bool>? other))
            {
                TaskCompletionSource<bool> gaveUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
                using CancellationTokenRegistration registration = cancellationToken.Register(() => gaveUp.TrySetResult(true));
                await Task.WhenAny(other.Task, gaveUp.Task).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        return new Releaser(() =>
        {
            _held.TryRemove(path, out _);
            released.TrySetResult(true);
        });
    }

    private sealed class Releaser(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}
