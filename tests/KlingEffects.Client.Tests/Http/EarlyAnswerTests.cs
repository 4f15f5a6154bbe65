using System.Net;
using System.Net.Http;
using System.Net.Security;
using KlingEffects.Api.Exchange;
using KlingEffects.Effects;
using KlingEffects.Http;
using KlingEffects.Policies;

namespace KlingEffects.Tests.Http;

/// <summary>Answers that come while the request is still being written, by servers that then do with the rest what they like.</summary>
public sealed class EarlyAnswerTests : IDisposable
{
    private const string Key = "sk-early-4711";
    private const int Large = 9_000_000;
    private const string Taken = """{"code":0,"data":{"task_id":"t-1"}}""";

    // Long enough for a machine with other things to do, and far from every timeout that a stuck upload used to end by.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int, string, KlingErrorId, bool, Rest> Refusals()
    {
        TheoryData<int, string, KlingErrorId, bool, Rest> cases = [];
        foreach (bool expects in (bool[])[false, true])
        {
            foreach (Rest rest in (Rest[])[Rest.Stuck, Rest.Read])
            {
                cases.Add(401, """{"code":1000,"message":"wrong key"}""", KlingErrorId.Unauthorized, expects, rest);
                cases.Add(403, """{"code":1103,"message":"no permission"}""", KlingErrorId.PermissionDenied, expects, rest);
                cases.Add(403, "<html>blocked</html>", KlingErrorId.PermissionDenied, expects, rest);
                cases.Add(413, "", KlingErrorId.InvalidRequest, expects, rest);
                cases.Add(407, "", KlingErrorId.ServerError, expects, rest);
                cases.Add(503, "<html>busy</html>", KlingErrorId.SubmitUncertain, expects, rest);
                cases.Add(500, """{"code":5000,"message":"inner"}""", KlingErrorId.SubmitUncertain, expects, rest);
            }
        }

        return cases;
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task The_answer_is_heard_though_the_upload_is_stuck(int status, string body, KlingErrorId id, bool expects, Rest rest)
    {
        await using EarlyServer server = new((status, body)) { Rest = rest };

        KlingException error = await Assert.ThrowsAsync<KlingException>(() => SubmitAsync(server, expects));

        Assert.Equal((id, status), (error.Id, error.HttpStatus));
        Assert.InRange(server.SinceAnswer, TimeSpan.Zero, Soon);
        Assert.Equal([expects], server.Expected);
        if (status == 413)
        {
            Assert.Contains(" MB", error.Message, StringComparison.Ordinal);
            Assert.Contains("smaller", error.RecommendedAction, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false, Rest.Stuck)]
    [InlineData(true, Rest.Stuck)]
    [InlineData(false, Rest.Read)]
    [InlineData(true, Rest.Read)]
    public async Task A_limit_is_waited_for_and_the_job_is_sent_anew_on_another_connection(bool expects, Rest rest)
    {
        await using EarlyServer server = new((429, """{"code":1302,"message":"too fast"}"""), (200, Taken)) { Rest = rest };

        Assert.Equal("t-1", (await SubmitAsync(server, expects)).TaskId);

        Assert.Equal([expects, expects], server.Expected);
        Assert.True(await server.HasWholeAsync());
        Assert.True(rest == Rest.Stuck || await server.HasWholeAsync());
        Assert.Empty(await server.EndAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_hangs_up_after_its_answer_is_heard(bool expects)
    {
        await using EarlyServer server = new((413, "")) { Rest = Rest.Reset };

        KlingException error = await Assert.ThrowsAsync<KlingException>(() => SubmitAsync(server, expects));

        Assert.Equal((KlingErrorId.InvalidRequest, 413), (error.Id, error.HttpStatus));
        Assert.Single(server.Expected);
    }

    [Fact]
    public async Task Interim_answers_are_none()
    {
        await using EarlyServer server = new((401, """{"code":1000,"message":"wrong key"}"""))
        {
            Rest = Rest.Stuck,
            Interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
        };
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => SubmitAsync(server, expects: false));
        Assert.Equal(KlingErrorId.Unauthorized, error.Id);
    }

    [Fact]
    public async Task A_refusal_of_which_only_the_head_comes_made_nothing_and_other_than_that_is_uncertain()
    {
        foreach ((int status, bool mayHaveArrived) in ((int, bool)[])[(429, false), (503, true), (200, true)])
        {
            await using EarlyServer server = new((status, "")) { Rest = Rest.Stuck, IsHeadOnly = true };
            using HttpClient client = new(HttpHandlers.Create(useProxy: false));
            ApiConnection connection = new(Key, new HttpTimeouts { Stall = TimeSpan.FromSeconds(2), Answer = TimeSpan.FromSeconds(3) }, TimeProvider.System, client);
            (Reply? reply, NoReply? none) = await SendAsync(connection, server);
            Assert.Null(reply);
            Assert.Equal((status, mayHaveArrived), (status, none!.RequestMayHaveArrived));
        }
    }

    [Fact]
    public async Task An_early_success_is_a_task_and_the_server_has_all_the_time_it_wants_for_the_rest()
    {
        await using EarlyServer server = new((200, Taken)) { Rest = Rest.Read, Pause = Policy.RefusedUpload * 3 };
        Assert.Equal("t-1", (await SubmitAsync(server, expects: false)).TaskId);
        Assert.True(await server.HasWholeAsync());
    }

    [Fact]
    public async Task A_refused_connection_carries_no_other_request()
    {
        await using EarlyServer server = new((403, "{}"), (403, "{}"), (200, Taken)) { Rest = Rest.Stuck };
        using HttpClient client = new(HttpHandlers.Create(useProxy: false));
        ApiConnection connection = new(Key, new HttpTimeouts(), TimeProvider.System, client);

        Assert.Equal(403, (await SendAsync(connection, server)).Reply!.Status);
        Assert.Equal(403, (await SendAsync(connection, server)).Reply!.Status);
        (Reply? last, _) = await SendAsync(connection, server);

        Assert.Equal(200, last!.Status);
        Assert.Empty(await server.EndAsync());
    }

    [Theory]
    [InlineData(413)]
    [InlineData(429)]
    public async Task Within_TLS_it_is_the_same(int status)
    {
        await using EarlyServer server = new((status, "{}")) { Rest = Rest.Stuck, IsTls = true };
        using SocketsHttpHandler handler = (SocketsHttpHandler)HttpHandlers.Create(useProxy: false);
        handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == server.CertificateHash };
        using HttpClient client = new(handler);

        (Reply? reply, _) = await SendAsync(new ApiConnection(Key, new HttpTimeouts(), TimeProvider.System, client), server);

        Assert.Equal(status, reply!.Status);
        Assert.InRange(server.SinceAnswer, TimeSpan.Zero, Soon);
    }

    [Fact]
    public async Task A_connection_that_carried_a_query_before_hears_the_answer_to_the_upload()
    {
        await using EarlyServer server = new((401, "{}")) { Rest = Rest.Stuck, Queries = 2 };
        using HttpClient client = new(HttpHandlers.Create(useProxy: false));
        ApiConnection connection = new(Key, new HttpTimeouts(), TimeProvider.System, client);
        for (int query = 0; query < 2; query++)
        {
            Assert.Equal(200, (await connection.SendAsync(HttpMethod.Get, server.Uri, null, null, Cancellation)).Reply!.Status);
        }

        Assert.Equal(401, (await SendAsync(connection, server)).Reply!.Status);
        Assert.Equal(1, server.Connections);
    }

    private async Task<ExchangeResult> SendAsync(ApiConnection connection, EarlyServer server)
    {
        ExpectContinue.Avoid(server.Uri);
        ExchangeResult answer = await connection.SendAsync(HttpMethod.Post, server.Uri, new EffectBody(Job()), null, Cancellation);
        server.Heard();
        return answer;
    }

    private async Task<KlingTask> SubmitAsync(EarlyServer server, bool expects)
    {
        if (!expects)
        {
            ExpectContinue.Avoid(server.Uri);
        }

        try
        {
            return await new KlingClient(new KlingClientOptions { ApiKey = Key, BaseUri = server.Uri }).SubmitAsync(Job(), Cancellation);
        }
        finally
        {
            server.Heard();
        }
    }

    private EffectJob Job()
    {
        _folder.Write("a.png", TestImages.Png(400, 400, Large));
        return new() { Scene = "3d_cartoon_2", Images = [ImageSource.Parse(_folder.Combine("a.png"))] };
    }
}
