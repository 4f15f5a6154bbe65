using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using Xunit;

namespace KlingEffects.Tests.Videos;

/// <summary>A host that cuts, shifts, repeats, slows, refuses and lies at random: what has its final name is the video, and nothing is given up that an honest host would give.</summary>
public sealed class BadHostPropertyTests : IDisposable
{
    private const int Videos = 500;
    private const int MostFaultsInARow = 5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(25)]
    public async Task Every_file_with_its_final_name_is_the_video_and_none_is_given_up(int seed)
    {
        ConcurrentDictionary<string, BadVideo> videos = new();
        await using ConcurrentHost host = new ConcurrentHost(head => Task.FromResult(videos[head.Split(' ')[1]].Answer(head))).Open();
        for (int number = 0; number < Videos; number++)
        {
            videos[$"/{number}.mp4"] = new BadVideo(new Random((seed * 10_000) + number));
        }

        await Parallel.ForEachAsync(videos, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (video, stop) =>
        {
            DrivenTime time = new();
            SaveRequest request = new()
            {
                Task = new KlingTask { TaskId = video.Key },
                Video = new KlingVideo { Url = host.Origin + video.Key },
                Path = _folder.Combine(video.Key[1..]),
                RefreshUrl = _ => Task.FromResult<string?>(host.Origin + video.Key),
            };
            video.Value.Dripping = time.Advance;
            SavedVideo saved = await VideoScene.NewSaver(time).SaveAsync(request, stop);
            Assert.Equal(SHA256.HashData(video.Value.Bytes), SHA256.HashData(await File.ReadAllBytesAsync(saved.Path, stop)));
        });

        Assert.Equal(Videos, Directory.GetFiles(_folder.Path).Length);
        Assert.True(videos.Values.Sum(static video => video.Faults) > 2 * Videos);
    }

    /// <summary>One video as the host has it, and what the host does instead of giving it.</summary>
    private sealed class BadVideo
    {
        private readonly Random _random;
        private int _inARow;

        public BadVideo(Random random)
        {
            _random = random;
            Bytes = random.Next(4) == 0 ? ContainerTests.Matroska("webm", sized: true) : Film(random);
        }

        public byte[] Bytes { get; }

        public int Faults { get; private set; }

        public Action<TimeSpan> Dripping { get; set; } = static _ => { };

        public byte[] Answer(string head)
        {
            if (_inARow == MostFaultsInARow || _random.Next(6) == 0)
            {
                _inARow = 0;
                return ScriptedHost.Serve(head, Bytes, Digests(Bytes));
            }

            _inARow++;
            Faults++;
            byte[] honest = ScriptedHost.Serve(head, Bytes);
            int from = ScriptedHost.From(head) ?? 0;
            int length = Bytes.Length;
            return _random.Next(21) switch
            {
                0 => ScriptedHost.Answer("503 Busy\r\nRetry-After: 2"),
                1 => ScriptedHost.Answer("429 Too Many"),
                2 => ScriptedHost.Answer("404 Not Found"),
                3 => ScriptedHost.Answer("403 Forbidden\r\nContent-Type: application/xml", "<Error><Code>AccessDenied</Code></Error>"u8.ToArray()),
                4 => ScriptedHost.Answer("416 Range Not Satisfiable\r\nContent-Length: 0"),
                5 => [],
                6 => ScriptedHost.Answer("200 OK\r\nContent-Type: video/mp4", "<html>Sign in</html>"u8.ToArray()),
                7 => ScriptedHost.Answer("202 Accepted\r\nContent-Length: 0"),
                8 or 9 or 10 => honest[.._random.Next(1, honest.Length)], // cut
                11 => ScriptedHost.Answer($"200 OK\r\nContent-Length: {length / 2}", Bytes[..(length / 2)]), // a cut copy that ends properly
                12 => ScriptedHost.Answer("200 OK", Bytes[..(length / 3)]), // the same, whose end nothing tells
                13 => Part(from, Shifted(from)),
                14 => Part(from, Bytes[(from / 2)..][..(length - from)]), // repeated from elsewhere
                15 => ScriptedHost.Answer($"206 Partial Content\r\nContent-Range: bytes 0-{(length / 2) - 1}/{length}\r\nContent-Length: {length / 2}", Bytes[..(length / 2)]), // another part
                16 => ScriptedHost.Answer($"200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {length - from}", Bytes[from..]), // plain, and a range under 200
                17 => ScriptedHost.Answer("200 OK\r\nContent-Encoding: utf-8", Packed()), // packed, and not named
                18 => ScriptedHost.Answer($"200 OK\r\n{Digests(Bytes)}Content-Length: {length}", Corrupt()), // corrupt, by the digest only
                19 => Part(from, Bytes[from..], ", bytes 7-9/10"), // a range that says nothing
                _ => Slow(honest),
            };
        }

        private static string Digests(byte[] bytes) => $"Repr-Digest: sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:\r\n";

        private static byte[] Film(Random random)
        {
            byte[] film = ScriptedHost.Video(random.Next(30_000, 90_000));
            random.NextBytes(film.AsSpan(32));
            return film;
        }

        private byte[] Part(int from, byte[] body, string more = "") => from == 0 ? ScriptedHost.Answer("500 Error")
            : ScriptedHost.Answer($"206 Partial Content\r\nContent-Range: bytes {from}-{from + body.Length - 1}/{Bytes.Length}{more}\r\nContent-Length: {body.Length}", body);

        private byte[] Shifted(int from)
        {
            int by = _random.Next(1, 9);
            return [.. Bytes[Math.Min(Bytes.Length, from + by)..], .. new byte[Math.Min(by, Bytes.Length - from)]];
        }

        private byte[] Corrupt()
        {
            byte[] corrupt = [.. Bytes];
            corrupt[Bytes.Length / 2] ^= 0x40;
            return corrupt;
        }

        private byte[] Packed()
        {
            using MemoryStream packed = new();
            using (GZipStream pack = new(packed, CompressionLevel.Fastest))
            {
                pack.Write(Bytes);
            }

            return packed.ToArray();
        }

        // What takes minutes, and breaks off with next to nothing.
        private byte[] Slow(byte[] honest)
        {
            Dripping(TimeSpan.FromSeconds(61));
            return honest[..Math.Min(honest.Length, 300)];
        }
    }
}
