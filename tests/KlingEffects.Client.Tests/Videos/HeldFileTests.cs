using Xunit;

namespace KlingEffects.Tests.Videos;

/// <summary>Names that a file system does not take, and files that others hold for a moment.</summary>
public sealed class HeldFileTests : IDisposable
{
    private static readonly byte[] Video = ScriptedHost.Video(60_000);
    private static readonly byte[] Broken = ScriptedHost.Answer("200 OK\r\nETag: \"v1\"\r\nContent-Length: 60000", Video[..30_000]);

    private static readonly byte[] Rest = ScriptedHost.Serve("Range: bytes=25904-", Video);

    private readonly TemporaryFolder _folder = new();
    private readonly DrivenTime _time = new();

    private string[] Files => [.. Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName)!];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(40)]
    [InlineData(230)]
    [InlineData(247)]
    [InlineData(251)]
    public async Task A_name_that_the_file_system_takes_is_enough_and_a_later_run_goes_on(int length)
    {
        string target = _folder.Combine(new string('x', length) + ".mp4");
        await using ScriptedHost host = new(Broken, ScriptedHost.Answer("407 Login"), Rest);
        await Assert.ThrowsAsync<KlingException>(() => SaveAsync(host, target));
        Assert.EndsWith(".partial", Assert.Single(Files), StringComparison.Ordinal);

        await SaveAsync(host, target);

        Assert.Contains("Range: bytes=25904-", host.Requests[^1], StringComparison.Ordinal);
        Assert.Equal(Video, await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken));
        Assert.Single(Files);
    }

    [Theory]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(IOException))]
    public async Task A_file_that_a_scanner_holds_for_a_moment_gets_its_name_later(Type kind)
    {
        int tries = 0;
        VideoSaver saver = VideoScene.NewSaver(_time, (from, to) =>
        {
            if (++tries < 4)
            {
                throw Held(kind);
            }

            FileMoves.Rename(from, to);
        });
        await using ScriptedHost host = new(ScriptedHost.Answer("200 OK\r\nContent-Length: 60000", Video));
        await saver.SaveAsync(host.Request(_folder.Combine("a.mp4")), TestContext.Current.CancellationToken);
        Assert.Equal((4, 3), (tries, _time.Pauses.Count));
        Assert.Equal(["a.mp4"], Files);
        Assert.Single(host.Requests);
    }

    [Fact]
    public async Task One_that_is_held_for_longer_is_not_lost()
    {
        VideoSaver saver = VideoScene.NewSaver(_time, static (_, _) => throw Held(typeof(IOException)));
        await using ScriptedHost host = new(ScriptedHost.Answer("200 OK\r\nContent-Length: 60000", Video));
        KlingException failure = await Assert.ThrowsAsync<KlingException>(
            () => saver.SaveAsync(host.Request(_folder.Combine("a.mp4")), TestContext.Current.CancellationToken));
        string whole = _folder.Combine(Assert.Single(Files));
        Assert.Equal(Video, await File.ReadAllBytesAsync(whole, TestContext.Current.CancellationToken));
        Assert.Contains(whole, failure.Message, StringComparison.Ordinal);
        Assert.InRange(_time.Pauses.Sum(static pause => pause.TotalSeconds), 5, 12);
    }

    [Theory]
    [InlineData("a\0b.mp4")]
    public async Task What_is_no_path_is_a_clear_error(string name)
    {
        await using ScriptedHost host = new(Broken);
        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => SaveAsync(host, $"{_folder.Path}/{name}"));
        Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
        Assert.Empty(host.Requests);
    }

    // As each system says that a file is in use.
    private static Exception Held(Type kind) => kind == typeof(IOException)
        ? new IOException("in use", OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsMacOS() ? 35 : 11)
        : new UnauthorizedAccessException("denied");

    private Task<SavedVideo> SaveAsync(ScriptedHost host, string target) =>
        VideoScene.NewSaver(_time).SaveAsync(host.Request(target), TestContext.Current.CancellationToken);
}
