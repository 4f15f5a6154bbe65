using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KlingEffects.Tests.Videos;

/// <summary>A video host that answers as many requests at once as come, each on a connection of its own.</summary>
/// <param name="answer">The answer to a request of this head, byte for byte; none for a connection that breaks.</param>
internal sealed class ConcurrentHost(Func<string, Task<byte[]>> answer) : IAsyncDisposable
{
    private readonly TcpListener _listener = Start();
    private readonly CancellationTokenSource _stop = new();
    private Task _serving = Task.CompletedTask;

    public string Origin => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public ConcurrentHost Open()
    {
        _serving = AcceptAsync();
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private static TcpListener Start()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                byte[] block = new byte[4096];
                StringBuilder head = new();
                while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    int read = await stream.ReadAsync(block, _stop.Token);
                    if (read == 0)
                    {
                        return;
                    }

                    head.Append(Encoding.Latin1.GetString(block, 0, read));
                }

                byte[] bytes = await answer(head.ToString());
                if (bytes.Length == 0)
                {
                    client.LingerState = new LingerOption(true, 0);
                    return;
                }

                await stream.WriteAsync(bytes, _stop.Token);
                client.Client.Shutdown(SocketShutdown.Send);
                await stream.CopyToAsync(Stream.Null, _stop.Token);
            }
            catch (Exception end) when (end is IOException or SocketException or OperationCanceledException)
            {
                // a client may hang up in the middle of an answer
            }
        }
    }
}
