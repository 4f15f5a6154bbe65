namespace KlingEffects.Batches;

/// <summary>How long what is open takes at the pace of the batch, counted anew from where something begins or ends to hold it back.</summary>
internal sealed class Throughput(BatchProgress progress, DateTimeOffset begun)
{
    private DateTimeOffset _since = begun;
    private long _doneBefore;
    private bool _isHeld;

    /// <summary>The time left; null where nothing tells it.</summary>
    public TimeSpan? Left(DateTimeOffset now)
    {
        bool isHeld = progress.HeldBy is not null;
        if (isHeld != _isHeld)
        {
            (_isHeld, _since, _doneBefore) = (isHeld, now, progress.Done);
        }

        // What comes from a stage before comes when it is ready there, which says nothing of the pace here.
        long done = progress.Done - _doneBefore;
        return progress.EndsAt is { } end ? (end > now ? end - now : null)
            : progress.DoneWord is null || progress.Upstream is not null || done < Policy.EndsThatTell || progress.Open == 0 ? null
            : TimeSpan.FromSeconds((now - _since).TotalSeconds * progress.Open / done);
    }
}
