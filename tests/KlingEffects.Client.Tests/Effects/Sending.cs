using KlingEffects.Api.Exchange;
using KlingEffects.Effects;
using KlingEffects.Http;
using Xunit;

namespace KlingEffects.Tests.Effects;

/// <summary>Sends a body as the client does.</summary>
internal static class Sending
{
    public static async Task<Response> PostAsync(Uri uri, EffectBody body, string apiKey = "sk-test")
    {
        ApiConnection connection = new(new HttpChain(TimeProvider.System, (uri, apiKey)), TimeProvider.System);
        Response response = await connection.SendAsync(HttpMethod.Post, uri, body, null, TestContext.Current.CancellationToken);
        Assert.Null(response.Fault);
        return response;
    }
}
