using System.Diagnostics;
using Xunit;

namespace KlingEffects.Tests.Videos;

public sealed class FileSystemTests
{
    private const int Piece = 250_000;

    [Fact]
    public async Task Stopping_is_prompt_and_leaves_one_partial_file()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        SaveRequest request = scene.Request(await scene.AddTaskAsync());

        Assert.Equal(Piece, await ResumingTests.StopAfterAsync(scene, request, Piece));
        await scene.Emulator.WaitForAsync(static emulator => emulator.Requests.All(static seen => seen.IsOver), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Stopping_before_the_start_sends_nothing()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        SaveRequest request = scene.Request(await scene.AddTaskAsync());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Saver.SaveAsync(request, new CancellationToken(canceled: true)));

        Assert.Empty(scene.Downloads);
        Assert.Empty(scene.Files);
    }

    [Fact]
    public async Task A_partial_file_that_is_in_use_is_left_alone()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        SaveRequest request = scene.Request(await scene.AddTaskAsync());
        await ResumingTests.StopAfterAsync(scene, request, Piece);
        string partial = Path.Combine(scene.Folder, Assert.Single(scene.Files));
        await using FileStream other = new(partial, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => scene.SaveAsync(request, scene.NewSaver()));

        Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
        Assert.Equal(request.Path, failure.Target);
        Assert.Contains("another process", failure.Message, StringComparison.Ordinal);
        Assert.Contains(".partial", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Piece, other.Length);
    }

    [Fact]
    public async Task A_partial_file_that_is_no_video_is_not_gone_on_from()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        await ResumingTests.StopAfterAsync(scene, request, Piece);
        await File.WriteAllBytesAsync(Path.Combine(scene.Folder, scene.Files[0]), new byte[Piece], TestContext.Current.CancellationToken);

        await scene.SaveAsync(request, scene.NewSaver());

        Assert.Equal([200, 200], scene.Downloads.Select(static download => download.Status));
        Assert.DoesNotContain("Range", scene.Downloads[^1].Headers.Keys);
        Assert.Equal(["video.mp4"], scene.Files);
        await scene.AssertSameAsync(task, request.Path);
    }

    [Theory]
    [InlineData("video.mp4.partial")]
    [InlineData("video.mp4.notes.partial")]
    [InlineData("video.mp4.0123abcd.IngiIg.partial")]
    [InlineData("video.mp4.part")]
    [InlineData("video.mp4.crdownload")]
    [InlineData("video.mp4.0123abcd.kling.partial")] // another task's
    [InlineData("video.mp4.mp4.kling.partial")]
    public async Task Only_the_tasks_own_partial_file_is_touched(string other)
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        await ResumingTests.StopAfterAsync(scene, request, Piece);
        await File.WriteAllTextAsync(Path.Combine(scene.Folder, other), "theirs", TestContext.Current.CancellationToken);

        await scene.SaveAsync(request, scene.NewSaver());

        Assert.Equal(206, scene.Downloads[^1].Status);
        Assert.Equal(["video.mp4", other], scene.Files);
        Assert.Equal("theirs", await File.ReadAllTextAsync(Path.Combine(scene.Folder, other), TestContext.Current.CancellationToken));
        await scene.AssertSameAsync(task, request.Path);
    }

    [Fact]
    public async Task A_folder_in_the_place_of_the_file_is_a_clear_error()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        SaveRequest request = scene.Request(await scene.AddTaskAsync());
        Directory.CreateDirectory(request.Path);

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => scene.SaveAsync(request));

        Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
        Assert.Contains(request.Path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_folder_is_a_clear_error()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        SaveRequest request = scene.Request(await scene.AddTaskAsync(), "out/video.mp4");
        await File.WriteAllTextAsync(Path.Combine(scene.Folder, "out"), "a file", TestContext.Current.CancellationToken);

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => scene.SaveAsync(request));

        Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
        Assert.Empty(scene.Downloads);
    }

    [Fact]
    public async Task A_path_too_long_is_a_clear_error()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        SaveRequest request = scene.Request(await scene.AddTaskAsync(), new string('x', 300) + ".mp4");

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => scene.SaveAsync(request));

        Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
        Assert.Empty(scene.Files);
    }

    [Fact]
    public async Task A_folder_that_is_read_only_is_a_clear_error()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps write rights to a folder in its access list");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may write to any folder");
        await using VideoScene scene = await VideoScene.StartAsync();
        SaveRequest request = scene.Request(await scene.AddTaskAsync(), "locked/video.mp4");
        DirectoryInfo locked = Directory.CreateDirectory(Path.GetDirectoryName(request.Path)!);
        if (!OperatingSystem.IsWindows())
        {
            locked.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        }

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => scene.SaveAsync(request));

        Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
        Assert.Contains("access", failure.Message, StringComparison.Ordinal);
        Assert.Empty(locked.GetFileSystemInfos());
    }

    [Fact]
    public async Task A_full_disk_is_a_clear_error_and_a_later_run_goes_on()
    {
        using TemporaryFolder mountPoint = new();
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "a small disk takes root to mount");
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", mountPoint.Path), "this machine mounts no tmpfs");
        try
        {
            await using VideoScene scene = await VideoScene.StartAsync();
            KlingTask task = await scene.AddTaskAsync();
            SaveRequest request = scene.Request(task) with { Path = mountPoint.Combine("video.mp4") };

            KlingException failure = await Assert.ThrowsAsync<KlingException>(() => scene.SaveAsync(request));

            Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
            Assert.Contains("the disk is full", failure.Message, StringComparison.Ordinal);
            string partial = Assert.Single(Directory.GetFiles(mountPoint.Path));
            Assert.EndsWith(".partial", partial, StringComparison.Ordinal);

            Assert.True(Run("mount", "-o", "remount,size=4m", mountPoint.Path));
            await scene.SaveAsync(request, scene.NewSaver());
            Assert.Equal(206, scene.Downloads[^1].Status);
            await scene.AssertSameAsync(task, request.Path);
        }
        finally
        {
            Run("umount", mountPoint.Path);
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
