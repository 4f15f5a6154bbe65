namespace KlingEffects.Effects;

/// <summary>Limits how many new jobs a batch submits: always those of the first rows, in whatever order they are ready.</summary>
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

    /// <summary>The next row's place in the order of decisions. Not thread-safe.</summary>
    public Place Next()
    {
        Place place = new(this, _before);
        _before = place.Decided;
        return place;
    }

    /// <summary>One row's place: it waits until all rows before it have decided whether they submit.</summary>
    internal sealed class Place(JobLimit limit, Task before) : IDisposable
    {
        private readonly TaskCompletionSource<bool> _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Decided => _decided.Task;

        /// <summary>Whether the row's job may be submitted. Called before anything is written to the journal.</summary>
        public async Task<bool> TakeAsync()
        {
            await before.ConfigureAwait(false);
            bool isGranted = limit.HasRoom;
            limit._taken += isGranted ? 1 : 0;
            limit._left += isGranted ? 0 : 1;
            _decided.TrySetResult(true);
            return isGranted;
        }

        /// <summary>The row has decided; the rows behind it go on.</summary>
        public void Dispose() => before.ContinueWith(_ => _decided.TrySetResult(true), TaskScheduler.Default);
    }
}
