using System.Net;
using System.Text;
using KlingEffects.Api;
using KlingEffects.Api.Gateways;

namespace KlingEffects.Tests.Http;

/// <summary>A second gateway is one new value: Kling's own API has the same calls without the prefix.</summary>
internal static class DirectGateway
{
    public static readonly KlingGateway Value = new()
    {
        DefaultBaseUri = new Uri("https://direct.example"),
        RoutePrefix = "",
    };
}

/// <summary>What else needs to know of a second gateway: nothing.</summary>
public sealed class SecondGatewayTests
{
    [Fact]
    public async Task The_same_client_speaks_to_another_gateway()
    {
        ScriptedHandler handler = new(static (request, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"code":0,"data":{"task_id":"t-1","task_status":"submitted"}}""")),
        }));
        KlingClient client = new(new ApiClient(
            new KlingClientOptions { ApiKey = "sk", BaseUri = DirectGateway.Value.DefaultBaseUri, Gateway = DirectGateway.Value }, new HttpClient(handler)));

        KlingTask task = await client.SubmitAsync(Scene.Job(), TestContext.Current.CancellationToken);
        await client.GetTaskAsync(task.TaskId, "image2video", TestContext.Current.CancellationToken);

        Assert.Equal(
            ["POST https://direct.example/v1/videos/effects", "GET https://direct.example/v1/videos/image2video/t-1"],
            handler.Requests.Select(static request => $"{request.Method} {request.RequestUri}"));
    }
}
