using System.Net;
using System.Text;
using KlingEffects.Api;
using KlingEffects.Effects;
using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Faults;
using KlingEffects.Emulator.Recording;
using KlingEffects.Queries;

namespace KlingEffects.Tests.Http;

/// <summary>Kling's own API beside CometAPI: the same client, other routes, and the calls that only it has.</summary>
public sealed class SecondGatewayTests
{
    private static readonly EmulatorOptions AtKling = new() { Gateway = Gateway.Kling };

    [Theory]
    [InlineData(null, "https://api-beijing.klingai.com", "https://api-beijing.klingai.com/v1/videos/effects")]
    [InlineData(null, "https://KLINGAI.com/v1/", "https://klingai.com/v1/videos/effects")]
    [InlineData(null, "https://notklingai.com", "https://notklingai.com/kling/v1/videos/effects")]
    [InlineData(KlingGatewayName.Kling, null, "https://api-singapore.klingai.com/v1/videos/effects")]
    [InlineData(KlingGatewayName.Kling, "https://mirror.example", "https://mirror.example/v1/videos/effects")]
    [InlineData(null, null, "https://api.cometapi.com/kling/v1/videos/effects")]
    public void It_is_named_or_known_by_its_host(KlingGatewayName? gateway, string? address, string submit) => Assert.Equal(
        submit,
        new ApiClient(new KlingClientOptions { ApiKey = "sk", Gateway = gateway, BaseUri = address is null ? null : new Uri(address) }).SubmitUri.AbsoluteUri);

    [Theory]
    [InlineData(KlingGatewayName.CometApi, "https://api-singapore.klingai.com")]
    [InlineData(KlingGatewayName.Kling, "https://api.cometapi.com")]
    [InlineData(KlingGatewayName.Kling, "https://cometapi.com")]
    public void A_key_goes_to_no_host_of_the_other_one(KlingGatewayName gateway, string address) => Assert.Equal(
        KlingErrorId.InvalidRequest,
        Assert.Throws<KlingException>(() => new ApiClient(new KlingClientOptions { ApiKey = "sk", Gateway = gateway, BaseUri = new Uri(address) })).Id);

    [Fact]
    public async Task A_job_needs_no_length_there_and_its_task_tells_the_gateway()
    {
        await using Scene scene = await Scene.StartAsync(AtKling);
        KlingTask task = await scene.Client.SubmitAsync(Scene.Job(), Scene.Cancellation);
        Assert.Equal(KlingGatewayName.Kling, task.Gateway);
        Assert.Null(scene.Emulator.Tasks[0].Duration);
        Assert.Equal(task.TaskId, (await scene.Client.GetTaskAsync("job-1", cancellationToken: Scene.Cancellation)).TaskId);
    }

    [Fact]
    public async Task A_task_is_asked_for_at_its_own_gateway_with_its_own_key()
    {
        ScriptedHandler handler = new(static (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"code":0,"data":{"task_id":"t-1","task_status":"submitted"}}""")),
        }));
        ApiClients clients = new(static name => new KlingClientOptions { ApiKey = $"key-{name}", Gateway = name }, handler);
        ApiClient api = clients.For(KlingGatewayName.CometApi);

        await TaskQuery.AskAsync(api, "t-1", new KlingTask { Gateway = KlingGatewayName.Kling }, Scene.Cancellation);
        await TaskQuery.AskAsync(api, "t-1", new KlingTask(), Scene.Cancellation);

        Assert.Equal(
            ["https://api-singapore.klingai.com/v1/videos/effects/t-1 Bearer key-Kling", "https://api.cometapi.com/kling/v1/videos/effects/t-1 Bearer key-CometApi"],
            handler.Requests.Select(static request => $"{request.RequestUri} {request.Headers.Authorization}"));
    }

    [Fact]
    public async Task The_list_is_read_page_by_page()
    {
        await using Scene scene = await Scene.StartAsync(AtKling, shareClock: false);
        List<string> made = [.. Enumerable.Range(0, 1000).Select(_ => scene.Emulator.AddTask().Id)];
        scene.Fails(Operation.List, new AnswerStatus(503));

        List<string> told = [];
        await foreach (KlingTask task in AccountQuery.TasksAsync(scene.Api, "effects", Scene.Cancellation))
        {
            told.Add(task.TaskId);
        }

        Assert.Equal(Enumerable.Reverse(made), told);
        Assert.Equal(4, scene.Emulator.Counters.Lists); // one of them failed, and the third full page could not be known to be the last
    }

    [Fact]
    public async Task What_may_have_been_accepted_is_found_though_the_API_knows_it_late()
    {
        await using Scene scene = await Scene.StartAsync(AtKling, shareClock: false);
        scene.Fails(Operation.Submit, new ResetAfter());
        scene.Fails(Operation.Query, new AnswerStatus(400) { Body = """{"code":1203,"message":"no such task"}""" }, times: 5);
        KlingTask task = await scene.Client.SubmitAsync(Scene.Job(), Scene.Cancellation);
        Assert.Equal(scene.Emulator.Tasks[0].Id, task.TaskId);
        Assert.Equal(1, scene.Submits);
    }

    [Fact]
    public async Task What_was_not_accepted_stays_uncertain_and_is_not_sent_again()
    {
        await using Scene scene = await Scene.StartAsync(AtKling, shareClock: false);
        scene.Fails(Operation.Submit, new ResetBefore());
        KlingException doubt = await Assert.ThrowsAsync<KlingException>(() => scene.Client.SubmitAsync(Scene.Job(), Scene.Cancellation));
        Assert.Equal(KlingErrorId.SubmitUncertain, doubt.Id);
        Assert.Equal(1, scene.Submits);
    }

    [Fact]
    public async Task Without_an_external_id_the_error_shows_what_it_may_be()
    {
        await using Scene scene = await Scene.StartAsync(AtKling, shareClock: false);
        string named = scene.Emulator.AddTask(externalTaskId: "another").Id;
        SubmitBatch batch = scene.Batch();
        KlingTask other = (await Scene.SubmitAsync(batch, Scene.Job() with { ExternalTaskId = null }))!;
        scene.Fails(Operation.Submit, new ResetAfter());
        KlingException doubt = await Assert.ThrowsAsync<KlingException>(
            () => Scene.SubmitAsync(batch, Scene.Job(scene: "kiss") with { ExternalTaskId = null }));

        Assert.Equal(KlingErrorId.SubmitUncertain, doubt.Id);
        Assert.Contains(scene.Emulator.Tasks[2].Id, doubt.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(other.TaskId, doubt.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(named, doubt.Message, StringComparison.Ordinal);
    }
}
