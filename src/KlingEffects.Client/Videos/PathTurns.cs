using System.Collections.Concurrent;

namespace KlingEffects.Videos;

/// <summary>Lets only one at a time work on a path, so that the same video asked for twice at once is fetched once.</summary>
internal sealed class PathTurns
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<bool>> _taken = new(StringComparer.OrdinalIgnoreCase);

    public async Task<IDisposable> TakeAsync(string path, CancellationToken cancellationToken)
    {
        Turn turn = new(this, path);
        while (!_taken.TryAdd(path, turn.Ended))
        {
            if (_taken.TryGetValue(path, out TaskCompletionSource<bool>? other))
            {
                TaskCompletionSource<bool> gaveUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
                using CancellationTokenRegistration registration = cancellationToken.Register(() => gaveUp.TrySetResult(true));
                await Task.WhenAny(other.Task, gaveUp.Task).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        return turn;
    }

    private sealed class Turn(PathTurns turns, string path) : IDisposable
    {
        public TaskCompletionSource<bool> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose()
        {
            turns._taken.TryRemove(path, out _);
            Ended.TrySetResult(true);
        }
    }
}
