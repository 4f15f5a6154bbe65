using System.Net;
using System.Net.Sockets;
using System.Text;
using KlingEffects.Api.Exchange;
using KlingEffects.Http;
using KlingEffects.Policies;
using KlingEffects.Tests.Videos;

namespace KlingEffects.Tests.Http;

/// <summary>What stands between this machine and the API: what bears no Expect, what takes no large request, what wants a login.</summary>
public sealed class MiddleboxTests : IDisposable
{
    private const string Key = "sk-middlebox-4711";
    private const int Large = 3_000_000;

    private static readonly byte[] Taken = ScriptedHost.Answer("200 OK", """{"code":0,"data":{"task_id":"t-1"}}"""u8.ToArray());

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("")]
    public async Task Where_expect_is_not_borne_the_same_submit_goes_without_and_so_do_later_ones(string answer)
    {
        await using ScriptedHost host = new(Taken) { Instead = head => Expects(head) ? Encoding.Latin1.GetBytes(answer) : null };
        KlingClient client = Client(host.Origin);

        Assert.Equal("t-1", (await client.SubmitAsync(Job(Large), Cancellation)).TaskId);
        Assert.Equal("t-1", (await client.SubmitAsync(Job(Large), Cancellation)).TaskId);

        // A connection that ends before anything came back is made anew by .NET's own client, three times.
        bool[] expecting = [.. host.Requests.Select(Expects)];
        Assert.Equal([false, false], expecting[^2..]);
        Assert.All(expecting[..^2], Assert.True);
        Assert.InRange(expecting.Length, 3, 6);
    }

    [Theory]
    [InlineData(400_000, true)]
    [InlineData(400_000, false)]
    [InlineData(Large, true)]
    [InlineData(10_000_000, true)]
    public async Task What_is_too_large_is_said_to_be_though_the_connection_stays_open(int size, bool bearsExpect)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<int> serving = OddServers.RefuseAndStayAsync(listener, "413 Payload Too Large", end.Token);
        Uri address = new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        if (!bearsExpect)
        {
            ExpectHandler.Avoid(address);
        }

        KlingException error = await Assert.ThrowsAsync<KlingException>(() => Client(address.AbsoluteUri).SubmitAsync(Job(size), Cancellation));

        Assert.Equal((KlingErrorId.InvalidRequest, 413), (error.Id, error.HttpStatus));
        Assert.Contains(size >= Large ? " MB" : " kB", error.Message, StringComparison.Ordinal);
        Assert.Contains("smaller", error.RecommendedAction, StringComparison.Ordinal);
        await end.CancelAsync();
        Assert.Equal(1, await serving);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_proxy_that_wants_a_login_is_asked_once(bool isTunnel)
    {
        await using ScriptedHost proxy = new(ScriptedHost.Answer("407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0"));
        KlingClient client = new(new KlingClientOptions
        {
            ApiKey = Key,
            BaseUri = new Uri(isTunnel ? "https://api.proxied.invalid/" : "http://127.0.0.1:9/"),
            Proxy = new WebProxy(proxy.Origin),
        });

        KlingException first = await Assert.ThrowsAsync<KlingException>(() => client.SubmitAsync(Job(1000), Cancellation));
        KlingException second = await Assert.ThrowsAsync<KlingException>(() => client.GetTaskAsync("t", cancellationToken: Cancellation));

        Assert.All([first, second], static error =>
        {
            Assert.Equal((KlingErrorId.ServerError, 407), (error.Id, error.HttpStatus));
            Assert.Contains("proxy", error.Message, StringComparison.Ordinal);
            Assert.Contains("Credentials", error.RecommendedAction, StringComparison.Ordinal);
        });
        Assert.Single(proxy.Requests);
    }

    [Fact]
    public async Task A_proxy_that_is_named_has_its_login_and_carries_API_and_videos()
    {
        byte[] video = ScriptedHost.Video(60_000);
        await using ScriptedHost proxy = new(
            ScriptedHost.Answer("407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0"),
            ScriptedHost.Answer("200 OK", """{"code":0,"data":{"task_id":"t-1","task_status":"processing"}}"""u8.ToArray()),
            ScriptedHost.Answer("200 OK\r\nContent-Length: 60000", video));
        KlingClient client = new(new KlingClientOptions
        {
            ApiKey = Key,
            BaseUri = new Uri("http://127.0.0.1:9/"),
            Proxy = new WebProxy(proxy.Origin) { Credentials = new NetworkCredential("ana", "pass") },
        });

        await client.GetTaskAsync("t-1", cancellationToken: Cancellation);
        KlingVideo[] videos = [new() { Url = "http://videos.invalid/a%2Fb.mp4?s=%7E" }];
        await client.SaveAsync(new KlingTask { TaskId = "t-1", Videos = videos }, _folder.Combine("videos"), cancellationToken: Cancellation);

        Assert.StartsWith("GET http://127.0.0.1:9/kling/v1/videos/effects/t-1 ", proxy.Requests[1], StringComparison.Ordinal);
        Assert.Contains("Proxy-Authorization: Basic YW5hOnBhc3M=", proxy.Requests[1], StringComparison.Ordinal);
        Assert.StartsWith("GET http://videos.invalid/a%2Fb.mp4?s=%7E ", proxy.Requests[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(Key, proxy.Requests[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WebExceptionStatus.SecureChannelFailure)]
    [InlineData(WebExceptionStatus.TrustFailure)]
    public async Task What_NET_Framework_says_of_TLS_is_final_and_speaks_of_certificates(WebExceptionStatus status)
    {
        ScriptedHandler handler = new((_, _) => throw new HttpRequestException("sending failed", new WebException("could not create SSL/TLS secure channel", status)));
        RequestFault none = await AskAsync(handler);
        Assert.True(none.IsPermanent);
        Assert.Contains("no secure connection", none.Message, StringComparison.Ordinal);
        Assert.Contains("certificate", none.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_NET_Framework_says_of_a_port_without_TLS_is_the_same()
    {
        ScriptedHandler handler = new(static (_, _) => throw new HttpRequestException("sending failed", new WebException("closed", System.Net.Security.SslState.Fail(), WebExceptionStatus.SendFailure, null)));
        Assert.True((await AskAsync(handler)).IsPermanent);
    }

    private static bool Expects(string head) => head.Contains("Expect: 100-continue", StringComparison.OrdinalIgnoreCase);

    private static async Task<RequestFault> AskAsync(ScriptedHandler handler) =>
        (await TestConnection.Create(handler, new Uri("https://api.example/"), Key).SendAsync(HttpMethod.Get, new Uri("https://api.example/"), null, null, Cancellation)).Fault!;

    private static KlingClient Client(string address) => new(new KlingClientOptions { ApiKey = Key, BaseUri = new Uri(address) });

    private EffectJob Job(int size)
    {
        _folder.Write("a.png", TestImages.Png(400, 400, size));
        return new() { Scene = "3d_cartoon_2", Images = [ImageSource.Parse(_folder.Combine("a.png"))] };
    }
}
