using System.Net;
using System.Net.Sockets;
using System.Text;
using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Effects;
using KlingEffects.Tests.Effects;
using KlingEffects.Tests.Http;

namespace KlingEffects.Tests.Answers;

/// <summary>An answer whose connection ends before its Content-Length has come: what came counts where it is a whole answer.</summary>
public sealed class CutAnswerTests
{
    private const string Taken = """{"code":0,"message":"SUCCEED","data":{"task_id":"t-1","task_status":"processing"}}""";

    private static readonly EffectJob Job = new() { Scene = "hug", Images = [ImageSource.Parse("https://h/a.jpg")] };

    [Theory]
    [InlineData(Taken)]
    [InlineData(Taken + "\n")]
    [InlineData("data: " + Taken + "\n\n")]
    [InlineData(Taken + "{\"code\":")]
    public async Task A_task_in_a_whole_value_is_taken(string came)
    {
        await using CuttingServer server = new(came);
        Assert.Equal("t-1", (await new KlingClient(server.Api).SubmitAsync(Job, TestContext.Current.CancellationToken)).TaskId);
        ApiResult answer = await server.Api.QueryAsync(new KlingTask { TaskId = "t-1" }, TestContext.Current.CancellationToken);
        Assert.Equal(KlingTaskStatus.Processing, answer.Task?.Status);
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task A_refusal_in_a_whole_value_is_one()
    {
        await using CuttingServer server = new("""{"code":1102,"message":"Account balance not enough"}""");
        KlingException refusal = await Assert.ThrowsAsync<KlingException>(() => new KlingClient(server.Api).SubmitAsync(Job, TestContext.Current.CancellationToken));
        Assert.Equal(KlingErrorId.QuotaExceeded, refusal.Id);
    }

    [Theory]
    [InlineData("""{"code":0,"data":{"task_id":"t-1","task_status":"succeed","videos":[""")]
    [InlineData("""[{"task_id":"t-1","task_status":"failed"},{"task_id":""")]
    [InlineData("""{"progress":10}""")]
    [InlineData("<html>")]
    [InlineData("")]
    public async Task A_part_of_one_is_asked_for_again(string came)
    {
        await using CuttingServer server = new(came);
        ApiResult answer = await server.Api.QueryAsync(new KlingTask { TaskId = "t-1" }, TestContext.Current.CancellationToken);
        Assert.Equal((KlingErrorId.ServerError, true, false), (answer.Error?.Id, answer.Repeatable, answer.WasAnswered));
    }

    // Whatever the status: a gateway's words behind a 400 may say that its upstream was called.
    [Theory]
    [InlineData(400, "{\"code\":\"do_request_fai")]
    [InlineData(429, "{\"code\":13")]
    [InlineData(403, "<html><body>Just a mo")]
    [InlineData(409, "")]
    public async Task Words_that_are_cut_off_refuse_no_submit(int status, string came)
    {
        await using CuttingServer server = new(came, status);
        ApiResult answer = await server.Api.SubmitAsync(new EffectBody(Job), TestContext.Current.CancellationToken);
        Assert.Equal((Creation.Uncertain, false, KlingErrorId.SubmitUncertain), (answer.Creation, answer.Repeatable, answer.Error?.Id));
    }

    /// <summary>Says that one byte more comes than does.</summary>
    private sealed class CuttingServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        private readonly int _status;

        public CuttingServer(string came, int status = 200)
        {
            _status = status;
            _listener.Start();
            Api = new ApiClient(new KlingClientOptions { ApiKey = "sk-cut", BaseUri = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/") });
            _serving = ServeAsync(Encoding.UTF8.GetBytes(came));
        }

        public ApiClient Api { get; }

        public int Requests { get; private set; }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
        }

        private async Task ServeAsync(byte[] came)
        {
            while (true)
            {
                try
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync();
                    NetworkStream stream = client.GetStream();
                    string head = await OddServers.ReadHeadAsync(stream);
                    Requests++;
                    await stream.ReadExactlyAsync(new byte[head.StartsWith("POST", StringComparison.Ordinal) ? int.Parse(RawServer.Header(head, "Content-Length"), null) : 0]);
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {_status} So\r\nContent-Length: {came.Length + 1}\r\n\r\n"));
                    await stream.WriteAsync(came);
                }
                catch (Exception stopped) when (stopped is SocketException or InvalidOperationException)
                {
                    return;
                }
            }
        }
    }
}
