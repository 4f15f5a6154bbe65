namespace KlingEffects.Batches;

/// <summary>How long what is open takes at the batch's pace, counted anew from where something begins or ends to hold it back.</summary>
internal sealed class Throughput(BatchProgress progress, TimeProvider time)
{
    private long _since = time.GetTimestamp();
    private long _doneBefore;
    private bool _isHeld;

    /// <summary>The time left; null where nothing tells it.</summary>
    public TimeSpan? Left()
    {
        bool isHeld = progress.HeldBy is not null;
        if (isHeld != _isHeld)
        {
            (_isHeld, _since, _doneBefore) = (isHeld, time.GetTimestamp(), progress.Done);
        }

        // What comes from a stage before comes when it is ready there, which says nothing of the pace here.
        long done = progress.Done - _doneBefore;
        return progress.EndsAt - time.GetElapsedTime(0) is { } left ? (left > TimeSpan.Zero ? left : null)
            : progress.DoneWord is null || progress.Upstream is not null || done < Policy.EndsThatTell || progress.Open == 0 ? null
            : TimeSpan.FromSeconds(time.GetElapsedTime(_since).TotalSeconds * progress.Open / done);
    }
}
