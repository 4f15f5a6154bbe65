namespace KlingEffects.Http;

/// <summary>How long each step of an exchange may take.</summary>
internal sealed record HttpTimeouts
{
    /// <summary>TCP, proxy and TLS.</summary>
    public static readonly TimeSpan Connect = TimeSpan.FromSeconds(15);

    /// <summary>From the last byte of the request to the headers of the answer. The gateway's own limit is 100 s.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Between two reads or writes of a body.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);
}
