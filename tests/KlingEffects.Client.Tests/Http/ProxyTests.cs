using System.Net;
using System.Net.Sockets;
using KlingEffects.Api;
using KlingEffects.Api.Answers;
using KlingEffects.Effects;
using KlingEffects.Http;
using KlingEffects.Tests.Videos;

namespace KlingEffects.Tests.Http;

/// <summary>Which proxy a request goes through, and what is said of one that fails.</summary>
public sealed class ProxyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("corp.example.test", "https://corp.example.test/", true)]
    [InlineData("corp.example.test", "https://api.corp.example.test/", true)]
    [InlineData("corp.example.test", "https://evilcorp.example.test/", false)]
    [InlineData(".corp.example.test", "https://corp.example.test/", true)]
    [InlineData(".corp.example.test", "https://a.b.corp.example.test/", true)]
    [InlineData("*.corp.example.test", "https://api.corp.example.test/", true)]
    [InlineData("other, CORP.example.TEST", "https://Api.Corp.example.test./", true)]
    [InlineData("other corp.example.test.", "https://corp.example.test/", true)]
    [InlineData("*", "https://anything.example/", true)]
    [InlineData("a,*", "https://anything.example/", true)]
    [InlineData("example.test:8443", "https://example.test:8443/", true)]
    [InlineData("example.test:8443", "https://example.test/", false)]
    [InlineData("example.test:443", "https://www.example.test/", true)]
    [InlineData("10.1.2.3", "http://10.1.2.3/", true)]
    [InlineData("10.1.2.3", "http://10.1.2.30/", false)]
    [InlineData("2.3", "http://10.1.2.3/", false)]
    [InlineData("10.0.0.0/8", "http://10.200.2.3/", true)]
    [InlineData("10.0.0.0/8", "http://11.0.0.1/", false)]
    [InlineData("192.168.4.0/22", "http://192.168.7.255/", true)]
    [InlineData("192.168.4.0/22", "http://192.168.8.0/", false)]
    [InlineData("0.0.0.0/0", "http://8.8.8.8/", true)]
    [InlineData("10.0.0.0/64", "http://10.0.0.0/", false)]
    [InlineData("10.0.0.0/8", "http://host-10.example/", false)]
    [InlineData("10.1.2.3:8080", "http://10.1.2.3:8080/", true)]
    [InlineData("10.1.2.3:8080", "http://10.1.2.3/", false)]
    [InlineData("2001:db8::/32", "http://[2001:db8:1::5]/", true)]
    [InlineData("2001:db8::/32", "http://[2001:db9::5]/", false)]
    [InlineData("2001:DB8::5", "http://[2001:db8:0::5]/", true)]
    [InlineData("[2001:db8::5]:8080", "http://[2001:db8::5]:8080/", true)]
    [InlineData("[2001:db8::5]:8080", "http://[2001:db8::5]/", false)]
    [InlineData("münchen.example", "https://www.xn--mnchen-3ya.example/", true)]
    [InlineData(".", "https://example.test/", false)]
    [InlineData("", "https://example.test/", false)]
    [InlineData(" ,, ", "https://example.test/", false)]
    public void NO_PROXY_is_read_as_curl_reads_it(string rules, string address, bool isDirect)
    {
        Assert.Equal(isDirect, NoProxy.Has(rules, new Uri(address)));
        EnvironmentProxy small = new(name => name == "no_proxy" ? rules : name == "ALL_PROXY" ? "proxy.example:3128" : null);
        Assert.Equal(isDirect, small.IsBypassed(new Uri(address)));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("socks5h")]
    [InlineData("socks5")]
    public async Task A_proxy_that_is_down_is_named_without_its_login_to_API_and_videos(string scheme)
    {
        using Socket taken = new(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        ApiClient api = Client(new WebProxy($"{scheme}://bob:secret@127.0.0.1:{port}"));

        ApiResult submit = await api.SubmitAsync(new EffectBody(Scene.Job()), Cancellation);
        ApiResult query = await api.QueryAsync(new KlingTask { TaskId = "t-1" }, Cancellation);
        RequestFault video = await Assert.ThrowsAsync<RequestFault>(() => api.VideoHttp.SendAsync(new ClientRequest(HttpMethod.Get, new Uri("https://videos.invalid/a.mp4")), Cancellation));

        Assert.Equal((Creation.NotCreated, true), (submit.Creation, submit.Repeatable));
        Assert.All([submit.Error!.Message, query.Error!.Message, video.Message], message =>
        {
            Assert.Contains($"the proxy 127.0.0.1:{port}", message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
            Assert.DoesNotContain("api.proxied.invalid failed", message, StringComparison.Ordinal);
        });
        Assert.All([submit.Error.RecommendedAction, query.Error.RecommendedAction, video.Advice], static advice =>
        {
            Assert.Contains("proxy", advice, StringComparison.Ordinal);
            Assert.DoesNotContain("BaseUri", advice, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("403 Forbidden", null)]
    [InlineData("502 Bad Gateway", null)]
    [InlineData("407 Proxy Authentication Required", 407)]
    [InlineData("401 Unauthorized", 407)]
    public async Task A_proxy_that_opens_no_tunnel_made_nothing(string answer, int? status)
    {
        await using ScriptedHost proxy = new(ScriptedHost.Answer(answer + "\r\nContent-Length: 0"));
        ApiResult submit = await Client(new WebProxy(proxy.Origin)).SubmitAsync(new EffectBody(Scene.Job()), Cancellation);
        Assert.Equal((KlingErrorId.ServerError, Creation.NotCreated, status), (submit.Error!.Id, submit.Creation, submit.Error.HttpStatus));
        Assert.Contains("proxy", submit.Error.Message, StringComparison.Ordinal);
        Assert.Equal(status is null, submit.Repeatable);
    }

    [Theory]
    [InlineData("socks5h://proxy.example:9050", "socks5://proxy.example:9050/")]
    [InlineData("SOCKS5H://proxy.example", "socks5://proxy.example:1080/")]
    [InlineData("socks5://proxy.example:9050", "socks5://proxy.example:9050/")]
    [InlineData("http://proxy.example:3128", "http://proxy.example:3128/")]
    public void Socks5h_is_what_curl_calls_it(string named, string used) =>
        Assert.Equal(new Uri(used), new ConnectionHandler(new WebProxy(named)).ProxyFor(new Uri("https://api.example/")));

    private static ApiClient Client(WebProxy proxy) =>
        new(new KlingClientOptions { ApiKey = "sk-proxied", BaseUri = new Uri("https://api.proxied.invalid/"), Proxy = proxy });
}
