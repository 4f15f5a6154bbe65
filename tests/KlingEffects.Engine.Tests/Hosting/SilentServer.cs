using System.Net;
using System.Net.Sockets;

namespace KlingEffects.Tests.Hosting;

/// <summary>Takes connections and never says a word: a TLS handshake with it has no end.</summary>
internal sealed class SilentServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];

    public SilentServer()
    {
        _listener.Start();
        Uri = new Uri($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
    }

    public Uri Uri { get; }

    /// <summary>Ends when the next client has begun to speak.</summary>
    public async Task ConnectedAsync()
    {
        TcpClient client = await _listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        _clients.Add(client);
        await client.GetStream().ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _clients.ForEach(static client => client.Dispose());
        _listener.Dispose();
    }
}
