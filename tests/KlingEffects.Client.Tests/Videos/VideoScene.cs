using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using KlingEffects.Api;
using KlingEffects.Emulator;
using KlingEffects.Emulator.Recording;
using KlingEffects.Http;
using KlingEffects.Policies;
using Xunit;

namespace KlingEffects.Tests.Videos;

/// <summary>An emulator with tasks that have succeeded, a folder to save to, and a clock.</summary>
internal sealed class VideoScene : IAsyncDisposable
{
    public const int VideoSize = 600_000;

    private static readonly HttpClient Client = new();

    private readonly TemporaryFolder _folder = new();

    private VideoScene(KlingEmulator emulator)
    {
        Emulator = emulator;
        Saver = NewSaver();
    }

    public KlingEmulator Emulator { get; }

    public DrivenTime Time { get; } = new();

    public VideoSaver Saver { get; }

    public string Folder => _folder.Path;

    public string[] Files => [.. Directory.EnumerateFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    public RecordedRequest[] Downloads => [.. Emulator.Requests.Where(static request => request.AtVideoHost)];

    public static async Task<VideoScene> StartAsync(int videos = 1, long size = VideoSize) => new(await KlingEmulator.StartAsync(
        new EmulatorOptions { VideoSize = size, VideosPerTask = videos }, TestContext.Current.CancellationToken));

    /// <summary>As another process would have one: it knows only what is on disk.</summary>
    public VideoSaver NewSaver() => NewSaver(Time);

    /// <summary>One whose API is nowhere, for hosts that are scripted.</summary>
    public static VideoSaver NewSaver(TimeProvider time, Action<string, string>? rename = null) =>
        new(new ApiClient(new KlingClientOptions { ApiKey = "sk-test", BaseUri = new Uri("http://127.0.0.1:1"), Time = time }))
        {
            Rename = rename ?? FileMoves.Rename,
        };

    public async Task<KlingTask> AddTaskAsync(string? externalId = null, string? scene = null)
    {
        EmulatedTask task = Emulator.AddTask(externalTaskId: externalId, scene: scene);
        task.Succeed();
        return new KlingTask
        {
            TaskId = task.Id,
            ExternalTaskId = externalId,
            Scene = scene,
            Status = KlingTaskStatus.Succeed,
            Videos = await QueryAsync(task.Id),
        };
    }

    public async Task<IReadOnlyList<KlingVideo>> QueryAsync(string taskId)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(Emulator.BaseUri, "kling/v1/videos/effects/" + taskId));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Emulator.ApiKey);
        using HttpResponseMessage response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        using JsonDocument answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return
        [
            .. answer.RootElement.GetProperty("data").GetProperty("task_result").GetProperty("videos").EnumerateArray()
                .Select(static video => new KlingVideo { Id = video.GetProperty("id").GetString(), Url = video.GetProperty("url").GetString()! }),
        ];
    }

    public SaveRequest Request(KlingTask task, string name = "video.mp4", int video = 0) => new()
    {
        Task = task,
        Video = task.Videos[video],
        Path = Path.Combine(Folder, name),
        RefreshUrl = async _ => (await QueryAsync(task.TaskId))[video].Url,
    };

    public Task<SavedVideo> SaveAsync(SaveRequest request, VideoSaver? saver = null) =>
        (saver ?? Saver).SaveAsync(request, TestContext.Current.CancellationToken);

    /// <summary>Whether the file is byte for byte what the server has.</summary>
    public async Task AssertSameAsync(KlingTask task, string path, int video = 0)
    {
        await using Stream there = Emulator.OpenVideo(task.TaskId, video);
        await using Stream here = File.OpenRead(path);
        Assert.Equal(Emulator.FindTask(task.TaskId)!.VideoSize, here.Length);
        Assert.Equal(
            await SHA256.HashDataAsync(there, TestContext.Current.CancellationToken),
            await SHA256.HashDataAsync(here, TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        string[] violations = [.. Emulator.Violations];
        await Emulator.DisposeAsync();
        _folder.Dispose();
        Assert.Empty(violations);
    }
}
