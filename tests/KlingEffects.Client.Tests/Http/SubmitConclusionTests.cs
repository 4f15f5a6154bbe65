using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Effects;

namespace KlingEffects.Tests.Http;

/// <summary>Whether a submit made a task is read from how far its body got and from the API's own words, whatever else happens.</summary>
public sealed class SubmitConclusionTests : IDisposable
{
    private static readonly Func<Exception>[] Faults =
    [
        static () => new NotSupportedException("no such scheme"),
        static () => new ObjectDisposedException("a stream"),
        static () => new ArithmeticException("within a library"),
        static () => new InvalidTimeZoneException("odd"),
        static () => new OperationCanceledException("by nobody who was asked"),
        static () => new HttpRequestException("Received an invalid header line: 'X-Trace 407'."),
        static () => new IOException("reset", new SocketException((int)SocketError.ConnectionReset)),
        static () => new AggregateException(new HttpRequestException("(407)")),
    ];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int, int> Ways => new(
        Enumerable.Range(0, 8).SelectMany(static fault => new[] { 0, 100_000, int.MaxValue }.Select(sent => (fault, sent))));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Whatever_is_thrown_the_body_tells(int fault, int sent)
    {
        FailingConnections connections = new(sent, Faults[fault]);
        ApiResult answer = await SubmitAsync(new Uri("https://api.example/"), connections);
        Assert.Equal(sent == int.MaxValue ? Creation.Uncertain : Creation.NotCreated, answer.Creation);
        Assert.Equal(sent == int.MaxValue ? KlingErrorId.SubmitUncertain : KlingErrorId.ServerError, answer.Error!.Id);
        Assert.Null(answer.Error.HttpStatus);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX-Trace 407\r\n\r\n")]
    [InlineData("HTTP/1.1 407\r\nContent-Length: many\r\n\r\n")]
    [InlineData("407 (407) '407'\r\n\r\n")]
    [InlineData("HTTP/1.1 303 See Other\r\nLocation: /tasks/1\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 460 \r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 499 Client Closed Request\r\nContent-Length: 5\r\n\r\noops!")]
    [InlineData("HTTP/1.1 424 Failed Dependency\r\nContent-Length: 36\r\n\r\n{\"error\":{\"message\":\"an upstream\"} } ")]
    [InlineData("HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 50\r\n\r\n{\"code\":")]
    public async Task What_a_server_says_of_a_whole_request_without_the_APIs_words_is_no_refusal(string answer)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeAsync(listener, answer);
        ApiResult concluded = await SubmitAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"), null);
        Assert.Equal((KlingErrorId.SubmitUncertain, Creation.Uncertain, false), (concluded.Error!.Id, concluded.Creation, concluded.Repeatable));
        await serving;
    }

    [Fact]
    public async Task An_expectation_that_fails_made_nothing_whatever_of_the_body_left_and_the_request_goes_once_more_without()
    {
        List<(bool? Expects, int Length)> came = [];
        ScriptedHandler framework = new(async (request, stop) =>
        {
            came.Add((request.Headers.ExpectContinue, (await request.Content!.ReadAsByteArrayAsync(stop)).Length));
            return came.Count == 1
                ? new HttpResponseMessage(HttpStatusCode.ExpectationFailed) { Content = new ByteArrayContent([]) }
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent("""{"code":0,"data":{"task_id":"t-1"}}"""u8.ToArray()) };
        });
        ApiResult answer = await SubmitAsync(new Uri("https://w1.example/"), framework);
        Assert.Equal("t-1", answer.Task!.TaskId);
        Assert.Equal([true, false], came.Select(static one => one.Expects == true));
        Assert.Equal(came[0].Length, came[1].Length);
    }

    [Fact]
    public async Task A_connection_that_drops_at_the_question_is_followed_by_a_request_with_a_body_of_its_own()
    {
        List<int> came = [];
        ScriptedHandler framework = new(async (request, stop) =>
        {
            if (request.Headers.ExpectContinue == true)
            {
                request.Content!.Dispose(); // as .NET Framework's HttpClient does
                throw new HttpRequestException("closed", new WebException("closed", WebExceptionStatus.ConnectionClosed));
            }

            came.Add((await request.Content!.ReadAsByteArrayAsync(stop)).Length);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent("""{"code":0,"data":{"task_id":"t-1"}}"""u8.ToArray()) };
        });
        Assert.Equal("t-1", (await SubmitAsync(new Uri("https://w2.example/"), framework)).Task!.TaskId);
        Assert.Single(came, static length => length > 400_000);
    }

    [Fact]
    public async Task A_host_that_says_nothing_to_the_question_twice_is_not_asked_a_third_time()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Uri address = new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        List<bool> asked = [];
        for (int submit = 0; submit < 3; submit++)
        {
            Task<bool> serving = ServeAsync(listener, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 35\r\n\r\n{\"code\":0,\"data\":{\"task_id\":\"t-1\"}}", saysGoOn: false);
            Assert.Equal("t-1", (await SubmitAsync(address, null)).Task!.TaskId);
            asked.Add(await serving);
        }

        Assert.Equal([true, true, false], asked);
    }

    private async Task<ApiResult> SubmitAsync(Uri address, HttpMessageHandler? connections)
    {
        _folder.Write("a.png", TestImages.Png(400, 400, 300_000));
        EffectJob job = new() { Scene = "hug_pro", Images = [ImageSource.Parse(_folder.Combine("a.png"))] };
        return await new ApiClient(new KlingClientOptions { ApiKey = "sk-conclusion", BaseUri = address }, connections).SubmitAsync(new EffectBody(job), Cancellation);
    }

    private static async Task<bool> ServeAsync(TcpListener listener, string answer, bool saysGoOn = true)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(Cancellation);
        NetworkStream stream = client.GetStream();
        string head = await OddServers.ReadHeadAsync(stream);
        if (saysGoOn)
        {
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), Cancellation);
        }

        await stream.ReadExactlyAsync(new byte[int.Parse(Effects.RawServer.Header(head, "Content-Length"), null)], Cancellation);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Cancellation);
        return head.Contains("Expect: 100-continue", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Takes so much of a body, and throws.</summary>
    private sealed class FailingConnections(int taken, Func<Exception> fault) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // A second try, after a connection that dropped at the question, ends like the first.
            if (taken > 0)
            {
                await request.Content!.CopyToAsync(new FullStream(taken, fault), cancellationToken);
            }

            throw fault();
        }
    }

    private sealed class FullStream(int size, Func<Exception> fault) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Length + buffer.Length > size ? throw fault() : base.WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Length + count > size ? throw fault() : base.WriteAsync(buffer, offset, count, cancellationToken);
    }
}
