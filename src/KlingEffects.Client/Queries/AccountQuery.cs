using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Api.Gateways;

namespace KlingEffects.Queries;

/// <summary>Asks what an account has left, where the gateway tells it.</summary>
internal static class AccountQuery
{
    private static readonly SemaphoreSlim Turn = new(1);
    private static (TimeProvider Time, long At)? _last;

    /// <summary>The packs that were bought within <see cref="Policy.PackAge"/>.</summary>
    /// <exception cref="KlingException">InvalidRequest: the gateway does not tell. Every way in which a query can fail.</exception>
    public static async Task<IReadOnlyList<KlingResourcePack>> ReadAsync(ApiClient api, CancellationToken stop)
    {
        ThrowIfNone(api.Gateway);
        ApiResult result = await QueryRetry.RunAsync(api, () => AskAsync(api, stop), null, stop).ConfigureAwait(false);
        return result.Packs ?? throw result.Error!;
    }

    /// <exception cref="KlingException">InvalidRequest: the gateway does not tell.</exception>
    public static void ThrowIfNone(KlingGateway gateway)
    {
        if (!gateway.HasAccount)
        {
            throw new KlingException(KlingErrorId.InvalidRequest, $"{gateway.Title}'s API does not tell what an account has left.")
            {
                RecommendedAction = $"Look at the account's page on the web site of {gateway.Domain}. "
                    + $"{Term.Gateway} Kling tells the resource packs of an account at Kling itself.",
            };
        }
    }

    // All pipelines of the process share the pace.
    private static async Task<ApiResult> AskAsync(ApiClient api, CancellationToken stop)
    {
        await Turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            TimeSpan? left = _last is { } last && last.Time == api.Time ? Policy.AccountSpacing - api.Time.GetElapsedTime(last.At) : null;
            if (left > TimeSpan.Zero)
            {
                await api.Time.Delay(left.Value, stop).ConfigureAwait(false);
            }

            return await api.AccountAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            _last = (api.Time, api.Time.GetTimestamp());
            Turn.Release();
        }
    }
}
