using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace KlingEffects.Tests.Effects;

/// <summary>One request as it came over the socket.</summary>
internal sealed record RawRequest(string Head, long ContentLength, long Received, byte[] Body)
{
    public bool IsWhole => Head.Length > 0 && Received == ContentLength;
}

/// <summary>A socket that takes requests byte by byte, so that a test sees what a server sees.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _block = new byte[64 * 1024];

    public RawServer()
    {
        // A small window, so that an upload waits for its reader and a test can act in its midst.
        _listener.Server.ReceiveBufferSize = 16 * 1024;
        _listener.Start();
        Uri = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
    }

    public Uri Uri { get; }

    /// <summary>Takes one request to its end, or to where the client gives up, and answers 200 if it was whole.</summary>
    /// <param name="keepBody">Whether to collect the body; else it is counted only.</param>
    /// <param name="inTheMidst">Called once, after the first bytes of the body.</param>
    public async Task<RawRequest> ReceiveAsync(bool keepBody = true, Action? inTheMidst = null)
    {
        using TcpClient client = await _listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        NetworkStream stream = client.GetStream();
        string head = await ReadHeadAsync(stream);
        if (head.Length == 0)
        {
            return new RawRequest(head, 0, 0, []);
        }

        long contentLength = long.Parse(Header(head, "Content-Length"), CultureInfo.InvariantCulture);
        long received = 0;
        using MemoryStream body = new();
        while (received < contentLength && await ReadAsync(stream) is var read and > 0)
        {
            received += read;
            inTheMidst?.Invoke();
            inTheMidst = null;
            if (keepBody)
            {
                body.Write(_block, 0, read);
            }
        }

        if (received == contentLength)
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"u8.ToArray());
            Assert.Equal(0, await ReadAsync(stream));
        }

        return new RawRequest(head, contentLength, received, body.ToArray());
    }

    public static string Header(string head, string name) =>
        head.Split("\r\n").Single(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))[(name.Length + 1)..].Trim();

    public void Dispose() => _listener.Dispose();

    private static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!(one[0] == '\n' && head.Length > 3 && head[^3] == '\n'))
        {
            if (await stream.ReadAsync(one) == 0)
            {
                return "";
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private async Task<int> ReadAsync(NetworkStream stream)
    {
        try
        {
            return await stream.ReadAsync(_block);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
