namespace KlingEffects;

/// <summary>What a framework's answers lack.</summary>
internal static class ResponseExtensions
{
    /// <summary>Lets a token end a read of the body that is under way. .NET Framework's streams do not look at theirs.</summary>
    public static CancellationTokenRegistration AbortOn(this HttpResponseMessage response, CancellationToken token) =>
#if NETSTANDARD2_0
        token.Register(response.Dispose);
#else
        default;
#endif
}
