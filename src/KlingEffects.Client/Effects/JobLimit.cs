namespace KlingEffects.Effects;

/// <summary>How many jobs of a batch may be paid for anew: always those of the same rows, whatever their pictures weigh.</summary>
internal sealed class JobLimit(int most)
{
    private Task _before = Task.CompletedTask;
    private int _taken;
    private int _left;

    public int Left => Volatile.Read(ref _left);

    public KlingException? Error => Left == 0 ? null : new KlingException(
        KlingErrorId.JobLimit,
        $"The limit of {Figures.Jobs(most)} is reached: {Figures.Count(Left, "job was", "jobs were")} left, "
        + $"neither sent nor written down.");

    private bool HasRoom => _taken < most;

    /// <summary>The place of the next row. Called by one thread.</summary>
    public Place Next()
    {
        Place place = new(this, _before);
        _before = place.Decided;
        return place;
    }

    /// <summary>A row's place: it waits until the rows before it have said whether they need one.</summary>
    internal sealed class Place(JobLimit limit, Task before) : IDisposable
    {
        private readonly TaskCompletionSource<bool> _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Decided => _decided.Task;

        /// <summary>Whether the row's job may be submitted. Asked before anything is written down.</summary>
        public async Task<bool> TakeAsync()
        {
            await before.ConfigureAwait(false);
            bool isGranted = limit.HasRoom;
            limit._taken += isGranted ? 1 : 0;
            limit._left += isGranted ? 0 : 1;
            _decided.TrySetResult(true);
            return isGranted;
        }

        /// <summary>The row needs none, or has one. Only then do those behind it learn of theirs.</summary>
        public void Dispose() => before.ContinueWith(_ => _decided.TrySetResult(true), TaskScheduler.Default);
    }
}
