using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KlingEffects.Tests.Http;

/// <summary>What a server does with the rest of a body that it has answered already.</summary>
public enum Rest
{
    /// <summary>Nothing, and it keeps the connection.</summary>
    Stuck,

    /// <summary>It reads it.</summary>
    Read,

    /// <summary>It hangs up.</summary>
    Reset,
}

/// <summary>Answers each upload after its first 200 kB, whatever is still to come; a success only when it has all, unless it is the first answer.</summary>
internal sealed class EarlyServer : IAsyncDisposable
{
    private const int Beginning = 200_000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly (int Status, string Body)[] _answers;
    private readonly List<Task> _serving = [];
    private readonly List<bool> _expected = [];
    private readonly List<string> _strays = [];
    private readonly SemaphoreSlim _wholes = new(0);
    private readonly Task _accepting;
    private int _uploads;

    public EarlyServer(params (int Status, string Body)[] answers)
    {
        _answers = answers;
        // A small window, so that an upload that is not read is stuck.
        _listener.Server.ReceiveBufferSize = 16 * 1024;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Uri => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public Rest Rest { get; init; }

    /// <summary>Of each upload, whether it asked for leave.</summary>
    public IReadOnlyList<bool> Expected => _expected;

    public int Connections { get; private set; }

    /// <summary>Waits for one more upload to come whole; whether it does.</summary>
    public Task<bool> HasWholeAsync() => _wholes.WaitAsync(TimeSpan.FromSeconds(10), _stop.Token);

    /// <summary>Reads what is left in its connections; gives whatever came on one after an upload that was refused.</summary>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        await _stop.CancelAsync();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.All(_serving, static serving => Assert.True(serving.Exception is null or { InnerException: IOException or SocketException }, serving.Exception?.ToString()));
        return _strays;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _listener.Dispose();
        _wholes.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
            Connections++;
            _serving.Add(ServeAsync(client));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient owned = client;
        await using Stream stream = client.GetStream();
        while (client.Connected && await ReadHeadAsync(stream) is { Length: > 0 } head)
        {
            await AnswerUploadAsync(client, stream, head);
        }
    }

    private async Task AnswerUploadAsync(TcpClient client, Stream stream, string head)
    {
        bool expects = head.Contains("Expect: 100-continue", StringComparison.OrdinalIgnoreCase);
        _expected.Add(expects);
        if (expects)
        {
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _stop.Token);
        }

        long left = long.Parse(Effects.RawServer.Header(head, "Content-Length"), CultureInfo.InvariantCulture);
        bool isFirst = _uploads == 0;
        (int status, string body) = _answers[Math.Min(_uploads++, _answers.Length - 1)];
        left = await TakeAsync(stream, left, status == 200 && !isFirst ? left : Beginning);
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 {status} X\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\n\r\n{body}"), _stop.Token);
        if (left > 0 && Rest == Rest.Reset)
        {
            client.Close(); // which resets it for what was not read
        }
        else if (left > 0 && Rest == Rest.Stuck)
        {
            await AwaitEndAsync(stream, left);
        }
        else
        {
            left = await TakeAsync(stream, left, left);
            if (left == 0)
            {
                _wholes.Release();
            }
        }
    }

    // Looks only after the client is done whether something else came in place of the rest.
    private async Task AwaitEndAsync(Stream stream, long left)
    {
        await Task.Delay(Timeout.Infinite, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using CancellationTokenSource end = new(TimeSpan.FromSeconds(2));
        byte[] block = new byte[64 * 1024];
        StringBuilder rest = new();
        try
        {
            while (await stream.ReadAsync(block, end.Token) is var read and > 0)
            {
                rest.Append(Encoding.Latin1.GetString(block, 0, read));
            }
        }
        finally
        {
            if (rest.Length > left || rest.ToString().Contains("HTTP/1.1", StringComparison.Ordinal))
            {
                _strays.Add(rest.ToString());
            }
        }
    }

    private async Task<long> TakeAsync(Stream stream, long left, long wanted)
    {
        byte[] block = new byte[64 * 1024];
        long taken = 0;
        while (taken < wanted && await stream.ReadAsync(block.AsMemory(0, (int)Math.Min(block.Length, wanted - taken)), _stop.Token) is var read and > 0)
        {
            taken += read;
        }

        return left - taken;
    }

    private async Task<string> ReadHeadAsync(Stream stream)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return "";
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
