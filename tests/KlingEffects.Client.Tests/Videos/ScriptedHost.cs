using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace KlingEffects.Tests.Videos;

/// <summary>A video host that answers each request with the next of the answers it was given, byte for byte, and the last one from then on.</summary>
internal sealed class ScriptedHost : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[][] _answers;
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public ScriptedHost(params byte[][] answers)
    {
        _answers = answers;
        _listener.Start();
        Origin = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        Url = $"{Origin}/clips/a.mp4?sig=SECRET";
        _serving = ServeAsync();
    }

    public string Origin { get; }

    public string Url { get; }

    /// <summary>The answer to a request of this head in place of the next one's turn; null for that.</summary>
    public Func<string, byte[]?> Instead { get; init; } = static _ => null;

    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>A small MP4, as far as its outermost boxes go: brand, index, and media that tell one position from another.</summary>
    /// <param name="length">In bytes.</param>
    /// <param name="step">Tells one video from another.</param>
    public static byte[] Video(int length, int step = 31)
    {
        byte[] video = [.. Enumerable.Range(0, length).Select(i => (byte)(i * step / 7))];
        byte[] beginning = [0, 0, 0, 16, .. "ftypisom"u8, 0, 0, 2, 0, 0, 0, 0, 8, .. "moov"u8];
        beginning.CopyTo(video, 0);
        int rest = length - beginning.Length;
        byte[] media = [(byte)(rest >> 24), (byte)(rest >> 16), (byte)(rest >> 8), (byte)rest, .. "mdat"u8];
        media.CopyTo(video, beginning.Length);
        return video;
    }

    public static byte[] Answer(string head, byte[]? body = null) =>
        [.. Encoding.Latin1.GetBytes($"HTTP/1.1 {head}\r\nConnection: close\r\n\r\n"), .. body ?? []];

    /// <summary>The answer of a host that does ranges to a request of this head.</summary>
    /// <param name="head">The request's head.</param>
    /// <param name="video">What the host has.</param>
    /// <param name="headers">What the answer has besides, each line ended.</param>
    public static byte[] Serve(string head, byte[] video, string headers = "")
    {
        int from = From(head) ?? 0;
        return from >= video.Length ? Answer($"416 Range Not Satisfiable\r\nContent-Range: bytes */{video.Length}\r\nContent-Length: 0")
            : From(head) is null ? Answer($"200 OK\r\n{headers}Content-Length: {video.Length}", video)
            : Answer($"206 Partial Content\r\n{headers}Content-Range: bytes {from}-{video.Length - 1}/{video.Length}\r\nContent-Length: {video.Length - from}", video[from..]);
    }

    /// <summary>Where a request wants to go on from; null for the whole.</summary>
    public static int? From(string head)
    {
        const string range = "Range: bytes=";
        int at = head.IndexOf(range, StringComparison.Ordinal) + range.Length;
        return at < range.Length ? null : int.Parse(head[at..head.IndexOf('-', at)], System.Globalization.CultureInfo.InvariantCulture);
    }

    public SaveRequest Request(string path) => new()
    {
        Task = new KlingTask { TaskId = "t-1" },
        Video = new KlingVideo { Url = Url },
        Path = path,
    };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.True(_serving.IsCanceled, _serving.Exception?.ToString());
        _listener.Dispose();
        _stop.Dispose();
    }

    /// <summary>Puts into the answers what is known only now.</summary>
    public void Replace(string word, string text)
    {
        for (int at = 0; at < _answers.Length; at++)
        {
            _answers[at] = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(_answers[at]).Replace(word, text, StringComparison.Ordinal));
        }
    }

    // An answer may name the host, whose address is not known before.
    private byte[] WithOrigin(byte[] answer)
    {
        string text = Encoding.Latin1.GetString(answer);
        return text.Contains("ORIGIN", StringComparison.Ordinal) ? Encoding.Latin1.GetBytes(text.Replace("ORIGIN", Origin, StringComparison.Ordinal)) : answer;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
            NetworkStream stream = client.GetStream();
            byte[] answer = WithOrigin(_answers[Math.Min(_requests.Count, _answers.Length - 1)]);
            string head = await ReadHeadAsync(stream);
            _requests.Enqueue(head);
            answer = Instead(head) ?? answer;
            try
            {
                await stream.WriteAsync(answer, _stop.Token);
                client.Client.Shutdown(SocketShutdown.Send);
                await stream.CopyToAsync(Stream.Null, _stop.Token);
            }
            catch (Exception end) when (end is IOException or SocketException)
            {
                // a client may hang up in the middle of an answer
            }
        }
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
