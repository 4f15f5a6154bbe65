using System.Net;
using System.Net.Sockets;
using KlingEffects.Api.Exchange;
using KlingEffects.Emulator;
using KlingEffects.Emulator.Recording;
using KlingEffects.Http;
using KlingEffects.Policies;

namespace KlingEffects.Tests.Http;

/// <summary>The real way to the network: certificates, proxies, redirects, bodies without an end.</summary>
public sealed class TransportTests
{
    private const string Key = "sk-transport-4711";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_ends_the_exchange_before_the_key_leaves()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<string> heard = OddServers.HearTlsAsync(listener);
        Uri address = new($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}");

        KlingException error = await Assert.ThrowsAsync<KlingException>(() => Client(address).GetTaskAsync("t", cancellationToken: Cancellation));

        Assert.Equal(KlingErrorId.ServerError, error.Id);
        Assert.Contains("no secure connection", error.Message, StringComparison.Ordinal);
        Assert.Contains("certificate", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("", await heard);
        Assert.False(listener.Pending(), "it was tried again");
    }

    [Fact]
    public async Task A_server_that_speaks_no_TLS_is_not_asked_again()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task answering = OddServers.AnswerPlainlyAsync(listener);
        Uri address = new($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}");
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => Client(address).SubmitAsync(Scene.Job(), Cancellation));
        Assert.Equal(KlingErrorId.ServerError, error.Id);
        Assert.Contains("no secure connection", error.Message, StringComparison.Ordinal);
        await answering;
        Assert.False(listener.Pending(), "it was tried again");
    }

    [Fact]
    public void No_handler_has_cookies_or_a_say_in_certificates_or_follows_redirects()
    {
        foreach (bool proxy in (bool[])[false, true])
        {
            using HttpMessageHandler handler = ConnectionHandler.CreateInner(proxy);
            (bool, bool, bool, bool) settings = handler switch
            {
                SocketsHttpHandler sockets => (sockets.AllowAutoRedirect, sockets.UseProxy, sockets.UseCookies, sockets.SslOptions.RemoteCertificateValidationCallback is null),
                HttpClientHandler other => (other.AllowAutoRedirect, other.UseProxy, other.UseCookies, other.ServerCertificateCustomValidationCallback is null),
                _ => default,
            };
            Assert.Equal((false, proxy, false, true), settings);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/")]
    [InlineData("http://localhost:8080/")]
    [InlineData("http://[::1]:8080/")]
    [InlineData("https://localhost/")]
    public void This_machine_is_spoken_to_without_a_proxy(string address)
    {
        ConnectionHandler unnamed = new(null);
        ConnectionHandler elsewhere = new(new WebProxy("http://proxy.example:3128"));
        ConnectionHandler here = new(new WebProxy("http://127.0.0.1:3128"));
        Uri uri = new(address);
        Assert.True(unnamed.IsDirect(uri));
        Assert.Equal(uri.Scheme == "http", elsewhere.IsDirect(uri));
        Assert.False(here.IsDirect(uri));
        Assert.False(unnamed.IsDirect(new Uri("https://api.cometapi.com/")));
    }

    [Fact]
    public async Task The_systems_proxy_is_asked_for_a_tunnel_and_never_sees_the_key()
    {
        using TcpListener proxy = new(IPAddress.Loopback, 0);
        proxy.Start();
        IWebProxy before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new ProxyOfOneHost("api.proxied.invalid", new Uri($"http://127.0.0.1:{((IPEndPoint)proxy.LocalEndpoint).Port}"), before);
        try
        {
            ApiConnection connection = TestConnection.Create(null, new Uri("https://api.proxied.invalid/"), Key);
            Task<Response> exchange = connection.SendAsync(HttpMethod.Get, new Uri("https://api.proxied.invalid/kling"), null, null, Cancellation);
            using TcpClient tunnel = await proxy.AcceptTcpClientAsync(Cancellation);
            string head = await OddServers.ReadHeadAsync(tunnel.GetStream());
            await tunnel.GetStream().WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), Cancellation);

            Assert.StartsWith("CONNECT api.proxied.invalid:443 HTTP/1.1\r\n", head, StringComparison.Ordinal);
            Assert.DoesNotContain(Key, head, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Authorization", head, StringComparison.OrdinalIgnoreCase);
            Response none = await exchange;
            Assert.Contains("403", none.Fault!.Message, StringComparison.Ordinal);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_never_followed(int code)
    {
        await using KlingEmulator emulator = await KlingEmulator.StartAsync(cancellationToken: Cancellation);
        KlingClient client = new(new KlingClientOptions { ApiKey = emulator.ApiKey, BaseUri = emulator.BaseUri });
        string elsewhere = new Uri(emulator.VideoBaseUri, "kling/v1/videos/effects/t").AbsoluteUri;
        emulator.Faults.Add(new Fault(Operation.Any, new Redirect(elsewhere, code)) { Times = Fault.Forever });

        KlingException query = await Assert.ThrowsAsync<KlingException>(() => client.GetTaskAsync("t", cancellationToken: Cancellation));
        KlingException submit = await Assert.ThrowsAsync<KlingException>(() => client.SubmitAsync(Scene.Job(), Cancellation));

        Assert.All([query, submit], error =>
        {
            Assert.Equal(code, error.HttpStatus);
            Assert.Contains("BaseUri", error.RecommendedAction, StringComparison.Ordinal);
        });
        // Applications answer a POST that they have carried out with 302 or 303.
        Assert.Equal((KlingErrorId.ProtocolError, code is 302 or 303 ? KlingErrorId.SubmitUncertain : KlingErrorId.ProtocolError), (query.Id, submit.Id));
        Assert.Equal([false, false], emulator.Requests.Select(static request => request.AtVideoHost));
    }

    [Fact]
    public async Task A_body_without_an_end_is_hung_up_on_at_the_bound()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<long> pouring = OddServers.PourAsync(listener);
        Uri address = new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => Client(address).SubmitAsync(Scene.Job(), Cancellation));
        Assert.Equal(KlingErrorId.SubmitUncertain, error.Id);
        Assert.Contains("longer than any answer", error.Message, StringComparison.Ordinal);
        Assert.InRange(await pouring, ApiConnection.LargestAnswer, ApiConnection.LargestAnswer + (16L << 20));
    }

    [Fact]
    public async Task A_connection_that_dies_between_two_requests_makes_no_submit_twice()
    {
        const int Jobs = 30;
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        KlingClient client = Client(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));
        List<string> bodies = [];
        Task serving = OddServers.ServeOnceEachAsync(listener, bodies);
        int taken = 0;
        for (int n = 0; n < Jobs; n++)
        {
            try
            {
                Assert.Equal("t-1", (await client.SubmitAsync(Scene.Job(n), Cancellation)).TaskId);
                taken++;
            }
            catch (KlingException doubt) when (doubt.Id == KlingErrorId.SubmitUncertain)
            {
                // it left just as the server hung up
            }
        }

        listener.Stop();
        await serving;
        Assert.InRange(taken, 1, Jobs);
        Assert.InRange(bodies.Count, taken, Jobs);
        Assert.Distinct(bodies);
    }

    private static KlingClient Client(Uri address) => new(new KlingClientOptions { ApiKey = Key, BaseUri = address });
}
