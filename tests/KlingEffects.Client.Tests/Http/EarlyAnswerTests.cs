using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Effects;
using KlingEffects.Http;

namespace KlingEffects.Tests.Http;

/// <summary>Answers that come while the request is still being written, by servers that then do with the rest what they like.</summary>
public sealed class EarlyAnswerTests : IDisposable
{
    private const string Key = "sk-early-4711";
    private const int Large = 9_000_000;
    private const string Taken = """{"code":0,"data":{"task_id":"t-1"}}""";

    // Within it, a server that reads takes a block, however busy the machine is.
    private static readonly HastyTime Hasty = new(15);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(401, """{"code":1000,"message":"wrong key"}""", KlingErrorId.Unauthorized)]
    [InlineData(403, "<html>blocked</html>", KlingErrorId.PermissionDenied)]
    [InlineData(413, "", KlingErrorId.InvalidRequest)]
    [InlineData(407, "", KlingErrorId.SubmitUncertain)]
    [InlineData(460, "", KlingErrorId.SubmitUncertain)]
    [InlineData(503, "<html>busy</html>", KlingErrorId.SubmitUncertain)]
    public async Task A_server_that_reads_on_is_heard_and_has_had_the_whole(int status, string body, KlingErrorId id)
    {
        foreach (bool expects in (bool[])[true, false])
        {
            await using EarlyServer server = new((status, body)) { Rest = Rest.Read };
            ApiResult answer = await SubmitAsync(server, expects);
            Assert.Equal((id, status), (answer.Error!.Id, answer.Error.HttpStatus));
            Assert.True(await server.HasWholeAsync());
            Assert.Equal([expects], server.Expected);
        }
    }

    [Theory]
    [InlineData(413, Rest.Stuck)]
    [InlineData(200, Rest.Stuck)]
    [InlineData(503, Rest.Stuck)]
    [InlineData(413, Rest.Reset)]
    [InlineData(200, Rest.Reset)]
    public async Task A_server_that_reads_no_further_had_nothing_whole_and_the_message_says_how_large_it_was(int status, Rest rest)
    {
        foreach (bool expects in (bool[])[true, false])
        {
            await using EarlyServer server = new((status, status == 200 ? Taken : "")) { Rest = rest };
            ApiResult answer = await SubmitAsync(server, expects);
            Assert.Equal((KlingErrorId.ServerError, Creation.NotCreated, true), (answer.Error!.Id, answer.Creation, answer.Repeatable));
            Assert.Contains("a request of 11.5 MB", answer.Error.Message, StringComparison.Ordinal);
            Assert.Equal([expects], server.Expected);
        }
    }

    [Fact]
    public async Task No_other_request_follows_on_that_connection()
    {
        await using EarlyServer server = new((413, "{}"), (413, "{}"), (200, Taken)) { Rest = Rest.Stuck };
        ApiClient api = Api(server.Uri);
        ExpectHandler.Avoid(server.Uri);
        for (int refusal = 0; refusal < 2; refusal++)
        {
            Assert.Equal(Creation.NotCreated, (await api.SubmitAsync(new EffectBody(Job()), Cancellation)).Creation);
        }

        Assert.Equal("t-1", (await api.SubmitAsync(new EffectBody(Job()), Cancellation)).Task!.TaskId);
        Assert.Empty(await server.EndAsync());
        Assert.Equal(3, server.Connections);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_limit_is_waited_for_and_the_job_is_sent_anew(bool expects)
    {
        await using EarlyServer server = new((429, """{"code":1302,"message":"too fast"}"""), (200, Taken)) { Rest = Rest.Read };
        if (!expects)
        {
            ExpectHandler.Avoid(server.Uri);
        }

        KlingTask task = await new KlingClient(new KlingClientOptions { ApiKey = Key, BaseUri = server.Uri }).SubmitAsync(Job(), Cancellation);

        Assert.Equal("t-1", task.TaskId);
        Assert.Equal([expects, expects], server.Expected);
        Assert.True(await server.HasWholeAsync() && await server.HasWholeAsync());
    }

    private async Task<ApiResult> SubmitAsync(EarlyServer server, bool expects)
    {
        if (!expects)
        {
            ExpectHandler.Avoid(server.Uri);
        }

        return await Api(server.Uri).SubmitAsync(new EffectBody(Job()), Cancellation);
    }

    private static ApiClient Api(Uri address) => new(new KlingClientOptions { ApiKey = Key, BaseUri = address, Time = Hasty });

    private EffectJob Job()
    {
        _folder.Write("a.png", TestImages.Png(400, 400, Large));
        return new() { Scene = "3d_cartoon_2", Images = [ImageSource.Parse(_folder.Combine("a.png"))] };
    }
}
