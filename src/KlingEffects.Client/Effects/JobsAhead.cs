using KlingEffects.Api.Gateways;

namespace KlingEffects.Effects;

/// <summary>
/// The jobs that are taken in before their turn: so many of each gateway that a full one leaves room for another's, and so many bytes of
/// pictures in all.
/// </summary>
/// <param name="standard">The gateway of jobs that tell none.</param>
internal sealed class JobsAhead(KlingGatewayName standard)
{
    private readonly int[] _jobs = new int[KlingGateway.All.Count];
    private long _bytes;

    /// <summary>Takes a job in; false while there is no room. Called by one thread.</summary>
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
