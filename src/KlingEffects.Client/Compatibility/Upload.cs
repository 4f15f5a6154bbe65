namespace KlingEffects;

/// <summary>A request's body on its way, as its maker and its connection know of it together. Only net8.0 has a connection that tells.</summary>
internal sealed class Upload : IDisposable
{
    private static readonly AsyncLocal<Upload?> Flow = new();

    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Upload(TimeProvider time, bool followsHead)
    {
        Time = time;
        FollowsHead = followsHead;
    }

    /// <summary>The upload that whoever writes is a part of; null for a request's head, or one without a body.</summary>
    public static Upload? Current => Flow.Value;

    /// <summary>Whether the request's head left before, and was perhaps answered.</summary>
    public bool FollowsHead { get; }

    /// <summary>The clock by which a stuck write is given up.</summary>
    public TimeProvider Time { get; }

    /// <summary>The status of the server's final answer, if it came while the body was still being written.</summary>
    public int? Answer { get; set; }

    /// <summary>Whether the rest of the body was kept back, since the answer is there.</summary>
    public bool IsCut { get; set; }

    /// <summary>Whether the server refused a request that it never had whole.</summary>
    public bool IsRefused => IsCut && Answer is >= 300 and < 500;

    /// <summary>Whether the server has said something else than a refusal, so that it may have carried out what it had.</summary>
    public bool MayHaveBeenTaken => Answer is not null and not (>= 300 and < 500);

    /// <summary>When nothing more of it is written.</summary>
    public Task Ended => _ended.Task;

    /// <summary>From now on, what the caller writes is a part of a new upload.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="followsHead">Whether the request's head has left, as one with <c>Expect: 100-continue</c> has.</param>
    public static Upload Begin(TimeProvider time, bool followsHead) => Flow.Value = new Upload(time, followsHead);

    public void Dispose()
    {
        Flow.Value = null;
        _ended.TrySetResult(true);
    }
}
