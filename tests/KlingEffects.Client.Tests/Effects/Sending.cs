using KlingEffects.Api.Exchange;
using KlingEffects.Effects;
using KlingEffects.Http;
using KlingEffects.Policies;
using Xunit;

namespace KlingEffects.Tests.Effects;

/// <summary>Sends a body as the client does.</summary>
internal static class Sending
{
    public static async Task<Response> PostAsync(Uri uri, EffectBody body, string apiKey = "sk-test")
    {
        HttpTimeouts timeouts = new();
        ApiConnection connection = new(new HttpChain(timeouts, TimeProvider.System, (uri, apiKey)), timeouts, TimeProvider.System);
        (Response? response, NoResponse? none) = await connection.SendAsync(HttpMethod.Post, uri, body, null, TestContext.Current.CancellationToken);
        Assert.Null(none);
        return Assert.IsType<Response>(response);
    }

    public static async Task CopyToAsync(this RequestBody body, Stream stream, CancellationToken cancellationToken)
    {
        using HttpContent content = body.CreateContent();
        await content.CopyToAsync(stream, cancellationToken);
    }
}
