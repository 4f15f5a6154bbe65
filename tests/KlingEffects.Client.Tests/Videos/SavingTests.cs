using KlingEffects.Emulator.Recording;
using Xunit;

namespace KlingEffects.Tests.Videos;

public sealed class SavingTests
{
    [Fact]
    public async Task A_video_is_saved_byte_for_byte_and_alone()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task, "new/folder/video.mp4");

        SavedVideo saved = await scene.SaveAsync(request);

        Assert.Equal(new SavedVideo(request.Task, request.Video, request.Path, VideoScene.VideoSize, WasThere: false), saved);
        Assert.Equal((VideoScene.VideoSize, VideoScene.VideoSize), (request.Progress.Received, request.Progress.Total));
        Assert.Equal([request.Path], Directory.GetFileSystemEntries(Path.GetDirectoryName(request.Path)!));
        await scene.AssertSameAsync(task, saved.Path);
    }

    [Fact]
    public async Task All_videos_of_a_task_are_saved()
    {
        await using VideoScene scene = await VideoScene.StartAsync(videos: 3);
        KlingTask task = await scene.AddTaskAsync();
        IReadOnlyList<string> names = new NameRegistry(VideoNameTemplate.Parse(VideoNameTemplate.DefaultText), scene.Folder).Names(task, 1);

        for (int i = 0; i < names.Count; i++)
        {
            await scene.SaveAsync(scene.Request(task, names[i], i));
        }

        Assert.Equal([$"{task.TaskId}-2.mp4", $"{task.TaskId}-3.mp4", $"{task.TaskId}.mp4"], scene.Files);
        for (int i = 0; i < names.Count; i++)
        {
            await scene.AssertSameAsync(task, Path.Combine(scene.Folder, names[i]), i);
        }
    }

    [Fact]
    public async Task A_file_that_is_there_is_passed_on_without_a_request()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        SaveRequest request = scene.Request(await scene.AddTaskAsync());
        await scene.SaveAsync(request);

        SavedVideo again = await scene.SaveAsync(request, scene.NewSaver());

        Assert.Equal(new SavedVideo(request.Task, request.Video, request.Path, VideoScene.VideoSize, WasThere: true), again);
        Assert.Single(scene.Downloads);
    }

    [Fact]
    public async Task Force_replaces_a_file_only_when_the_new_one_is_complete()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task) with { Force = true };
        await File.WriteAllTextAsync(request.Path, "old", TestContext.Current.CancellationToken);
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new Truncate(200_000)));
        List<string> seen = [];
        scene.Time.Pausing = _ => seen.Add(File.ReadAllText(request.Path));

        SavedVideo saved = await scene.SaveAsync(request);

        Assert.Equal(["old"], seen);
        Assert.False(saved.WasThere);
        Assert.Equal(["video.mp4"], scene.Files);
        await scene.AssertSameAsync(task, request.Path);
    }

    [Fact]
    public async Task The_final_name_is_not_seen_before_the_video_is_complete()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new Truncate(200_000)) { Times = 2 });
        List<string[]> seen = [];
        scene.Time.Pausing = _ => seen.Add(scene.Files);

        await scene.SaveAsync(request);

        Assert.Equal(2, seen.Count);
        Assert.All(seen, static files => Assert.EndsWith(".partial", Assert.Single(files), StringComparison.Ordinal));
        Assert.Equal(["video.mp4"], scene.Files);
    }

    [Fact]
    public async Task The_same_video_asked_for_twice_at_once_is_fetched_once()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        SaveRequest request = scene.Request(await scene.AddTaskAsync());

        SavedVideo[] saved = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scene.SaveAsync(request)));

        Assert.Single(saved, static video => !video.WasThere);
        Assert.Single(scene.Downloads);
    }

    [Fact]
    public async Task Many_videos_are_saved_at_once_into_one_folder()
    {
        await using VideoScene scene = await VideoScene.StartAsync(size: 100_000);
        KlingTask[] tasks = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => scene.AddTaskAsync()));
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new Truncate(40_000)) { Times = 60, Probability = 0.5 });

        await Task.WhenAll(tasks.Select(task => scene.SaveAsync(scene.Request(task, task.TaskId + ".mp4"))));

        Assert.Equal(tasks.Select(static task => task.TaskId + ".mp4").Order(StringComparer.Ordinal), scene.Files);
        foreach (KlingTask task in tasks)
        {
            await scene.AssertSameAsync(task, Path.Combine(scene.Folder, task.TaskId + ".mp4"));
        }
    }

    [Fact]
    public async Task The_host_gets_no_credentials()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        await scene.SaveAsync(scene.Request(task));

        RecordedRequest download = Assert.Single(scene.Downloads);
        Assert.Null(download.Authorization);
        Assert.DoesNotContain("Cookie", download.Headers.Keys);
    }
}
