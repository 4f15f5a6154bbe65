using KlingEffects.Api.Gateways;

namespace KlingEffects.Effects;

/// <summary>Bounds the jobs that a batch reads ahead, by gateway, so that a full one does not block another, and by their bytes.</summary>
internal sealed class JobsAhead(KlingGatewayName standard)
{
    private readonly int[] _jobs = new int[KlingGateway.All.Count];
    private long _bytes;

    /// <summary>Admits a job; false while there is no room. Not thread-safe.</summary>
    public bool TryEnter(EffectJob job)
    {
        if (Volatile.Read(ref JobsLike(job)) >= Policy.JobsAhead
            || (Volatile.Read(ref _bytes) is > 0 and var bytes && bytes + SizeOf(job) > Policy.BytesAhead))
        {
            return false;
        }

        Interlocked.Increment(ref JobsLike(job));
        Interlocked.Add(ref _bytes, SizeOf(job));
        return true;
    }

    public void Leave(EffectJob job)
    {
        Interlocked.Decrement(ref JobsLike(job));
        Interlocked.Add(ref _bytes, -SizeOf(job));
    }

    private static long SizeOf(EffectJob job) => job.Images.Sum(static image => image.Held);

    private ref int JobsLike(EffectJob job) => ref _jobs[(int)(job.Gateway ?? standard)];
}
