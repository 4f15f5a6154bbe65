namespace KlingEffects.Batches;

/// <summary>The time left at the batch's pace, measured anew whenever a limit begins or ends.</summary>
internal sealed class Throughput(BatchProgress progress, TimeProvider time)
{
    private long _since = time.GetTimestamp();
    private long _doneBefore;
    private bool _isHeld;

    public TimeSpan? Left()
    {
        bool isHeld = progress.HeldBy is not null;
        if (isHeld != _isHeld)
        {
            (_isHeld, _since, _doneBefore) = (isHeld, time.GetTimestamp(), progress.Done);
        }

        // Items from an upstream stage come at that stage's pace.
        long done = progress.Done - _doneBefore;
        return progress.EndsAt - time.GetElapsedTime(0) is { } left ? (left > TimeSpan.Zero ? left : null)
            : progress.DoneWord is null || progress.Upstream is not null || done < Policy.EndsThatTell || progress.Open == 0 ? null
            : TimeSpan.FromSeconds(time.GetElapsedTime(_since).TotalSeconds * progress.Open / done);
    }
}
