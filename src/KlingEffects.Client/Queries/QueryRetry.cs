using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Http;

namespace KlingEffects.Queries;

/// <summary>Retries a query for a quarter of a minute. If the server asks for a longer pause, the error says so.</summary>
internal static class QueryRetry
{
    public static async Task<ApiResult> RunAsync(
        ApiClient api, Func<Task<ApiResult>> ask, Func<ApiResult, bool>? isDoubtful, CancellationToken cancellationToken)
    {
        Retry<ApiResult> retry = new(Policy.Query, api.Time, api.Random)
        {
            ShouldHandle = result => result.Error is not null && (result.Repeatable || isDoubtful?.Invoke(result) == true),
            RetryAfter = static result => result.RetryAfter,
        };
        ApiResult last = await retry.RunAsync(ask, cancellationToken).ConfigureAwait(false);
        return last.Error is { RetryAfter: { } wait } error && wait > Policy.Query.MaxDelay
            ? last with
                { Error = error.With($"{error.Message} The server asks to be left alone for {Figures.RoughSpan(wait)}: ask again then.") }
            : last;
    }
}
