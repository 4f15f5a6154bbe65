using KlingEffects.Emulator.Recording;
using KlingEffects.Http;
using KlingEffects.Videos.Transfer;
using Xunit;

namespace KlingEffects.Tests.Videos;

public sealed class ResumingTests
{
    private const int Piece = 250_000;

    [Fact]
    public async Task A_broken_download_asks_for_what_is_missing_and_an_overlap()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new Truncate(Piece)));
        long received = 0;
        scene.Time.Pausing = _ => received = request.Progress.Received;

        await scene.SaveAsync(request);

        RecordedRequest[] downloads = scene.Downloads;
        Assert.Equal([200, 206], downloads.Select(static download => download.Status));
        Assert.InRange(received, 1, Piece);
        Assert.Equal($"bytes={received - PartialFile.Overlap}-", downloads[1].Headers["Range"]);
        Assert.DoesNotContain("Range", downloads[0].Headers.Keys);
        await scene.AssertSameAsync(task, request.Path);
    }

    [Fact]
    public async Task A_reset_connection_is_tried_again()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new ResetBefore()) { Times = 3 });

        await scene.SaveAsync(request);

        Assert.Equal(4, scene.Downloads.Length);
        Assert.Collection(
            scene.Time.Pauses,
            static pause => Assert.InRange(pause.TotalSeconds, 0.75, 1.25),
            static pause => Assert.InRange(pause.TotalSeconds, 1.5, 2.5),
            static pause => Assert.InRange(pause.TotalSeconds, 3, 5));
        await scene.AssertSameAsync(task, request.Path);
    }

    [Fact]
    public async Task A_partial_file_of_an_earlier_run_is_gone_on_from()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        long left = await StopAfterAsync(scene, request, Piece);

        await scene.SaveAsync(request, scene.NewSaver());

        RecordedRequest second = scene.Downloads[^1];
        Assert.Equal(206, second.Status);
        Assert.Equal($"bytes={left - PartialFile.Overlap}-", second.Headers["Range"]);
        Assert.Equal(["video.mp4"], scene.Files);
        await scene.AssertSameAsync(task, request.Path);
    }

    [Fact]
    public async Task A_fresh_url_goes_on_from_the_same_partial_file()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        long left = await StopAfterAsync(scene, scene.Request(task), Piece);
        scene.Emulator.FindTask(task.TaskId)!.ExpireUrls();

        await scene.SaveAsync(scene.Request(task), scene.NewSaver());

        Assert.Equal([200, 403, 206], scene.Downloads.Select(static download => download.Status));
        Assert.Equal($"bytes={left - PartialFile.Overlap}-", scene.Downloads[^1].Headers["Range"]);
        await scene.AssertSameAsync(task, scene.Request(task).Path);
    }

    [Fact]
    public async Task A_video_that_was_complete_but_not_renamed_costs_one_small_answer()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        await StopAfterAsync(scene, request, Piece);
        string partial = Path.Combine(scene.Folder, Assert.Single(scene.Files));
        await using (Stream video = scene.Emulator.OpenVideo(task.TaskId))
        await using (FileStream file = new(partial, FileMode.Truncate))
        {
            await video.CopyToAsync(file, TestContext.Current.CancellationToken);
        }

        await scene.SaveAsync(request, scene.NewSaver());

        Assert.Equal((206, $"bytes={VideoScene.VideoSize - PartialFile.Overlap}-"), (scene.Downloads[^1].Status, scene.Downloads[^1].Headers["Range"]));
        Assert.Equal(["video.mp4"], scene.Files);
        await scene.AssertSameAsync(task, request.Path);
    }

    [Fact]
    public async Task Another_version_by_name_with_the_same_bytes_is_gone_on_from()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        await StopAfterAsync(scene, request, Piece);
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new ChangedETag()));

        await scene.SaveAsync(request, scene.NewSaver());

        Assert.Equal(206, scene.Downloads[^1].Status);
        Assert.Equal(["video.mp4"], scene.Files);
        await scene.AssertSameAsync(task, request.Path);
    }

    [Fact]
    public async Task A_host_that_ignores_ranges_is_taken_from_the_start()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new Truncate(Piece)));
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new RangeIgnored()));

        await scene.SaveAsync(request);

        Assert.Equal([200, 200], scene.Downloads.Select(static download => download.Status));
        await scene.AssertSameAsync(task, request.Path);
    }

    [Fact]
    public async Task Another_range_than_the_one_asked_for_is_taken_for_what_it_is()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new Truncate(Piece)));
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new WrongContentRange()));

        await scene.SaveAsync(request);

        Assert.Equal([200, 206, 206], scene.Downloads.Select(static download => download.Status));
        await scene.AssertSameAsync(task, request.Path);
    }

    [Fact]
    public async Task A_host_that_falls_silent_is_given_up_and_asked_for_the_rest()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new Stall(Piece)));
        int ranOut = 0;
        scene.Time.RunsOut = () => request.Progress.Received == Piece && Interlocked.Exchange(ref ranOut, 1) == 0;

        await scene.SaveAsync(request);

        Assert.Equal(1, ranOut);
        Assert.Equal($"bytes={Piece - PartialFile.Overlap}-", scene.Downloads[^1].Headers["Range"]);
        await scene.AssertSameAsync(task, request.Path);
    }

    [Fact]
    public async Task A_host_that_never_answers_is_given_up()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        SaveRequest request = scene.Request(await scene.AddTaskAsync());
        scene.Emulator.Faults.Add(new Fault(Operation.Video) { Delay = TimeSpan.FromDays(1), Times = Fault.Forever });
        scene.Time.RunsOut = static () => true;

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => scene.SaveAsync(request));

        Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
        Assert.Contains("no answer came in time", failure.Message, StringComparison.Ordinal);
        Assert.Empty(scene.Files);
    }

    [Fact]
    public async Task Progress_keeps_a_bad_connection_going()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new Truncate(60_000)) { Times = Fault.Forever });

        await scene.SaveAsync(request);

        Assert.True(scene.Downloads.Length > 5);
        await scene.AssertSameAsync(task, request.Path);
    }

    [Fact]
    public async Task A_large_video_survives_a_break()
    {
        await using VideoScene scene = await VideoScene.StartAsync(size: 48_000_000);
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new Truncate(40_000_000)));

        await scene.SaveAsync(request);

        Assert.Equal([200, 206], scene.Downloads.Select(static download => download.Status));
        await scene.AssertSameAsync(task, request.Path);
    }

    /// <summary>Saves until the host falls silent, then cancels, as Ctrl+C does; how much was left on disk.</summary>
    internal static async Task<long> StopAfterAsync(VideoScene scene, SaveRequest request, long bytes)
    {
        using CancellationTokenSource stop = new();
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new Stall(bytes)));
        scene.Time.RunsOut = () =>
        {
            if (request.Progress.Received == bytes)
            {
                stop.CancelAsync();
            }

            return false;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Saver.SaveAsync(request, stop.Token));
        scene.Time.RunsOut = static () => false;
        string partial = Assert.Single(scene.Files);
        Assert.EndsWith(".partial", partial, StringComparison.Ordinal);
        return new FileInfo(Path.Combine(scene.Folder, partial)).Length;
    }
}
