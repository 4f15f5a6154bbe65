using KlingEffects.Emulator;
using KlingEffects.Emulator.Recording;
using KlingEffects.Videos.Transfer;
using Xunit;

namespace KlingEffects.Tests.Videos;

public sealed class RefusalTests
{
    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task An_expired_url_is_asked_for_anew_once(int status)
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new ExpiredUrl(status)));

        await scene.SaveAsync(request);

        Assert.Equal([status, 200], scene.Downloads.Select(static download => download.Status));
        Assert.Empty(scene.Time.Pauses);
        await scene.AssertSameAsync(task, request.Path);
    }

    [Fact]
    public async Task A_url_that_expires_again_is_an_expired_video()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new ExpiredUrl(410)) { Times = Fault.Forever });

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => scene.SaveAsync(request));

        Assert.Equal((KlingErrorId.VideoExpired, 410, task.TaskId), (failure.Id, failure.HttpStatus, failure.TaskId));
        Assert.Same(task, failure.Target);
        Assert.InRange(scene.Time.Pauses.Sum(static pause => pause.TotalMinutes), 2, 3);
        Assert.Empty(scene.Files);
        AssertSaysNothingSecret(failure, task);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_fresh_url_an_expired_one_is_final(bool canAsk)
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        SaveRequest request = scene.Request(await scene.AddTaskAsync()) with
        {
            RefreshUrl = canAsk ? static _ => Task.FromResult<string?>(null) : null,
        };
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new ExpiredUrl()));

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => scene.SaveAsync(request));

        Assert.Equal(KlingErrorId.VideoExpired, failure.Id);
    }

    [Theory]
    [InlineData("text/html", "<!DOCTYPE html><html><body>Sign in to the network</body></html>", "a page of text")]
    [InlineData("application/json", " {\"error\":\"busy\"}", "a page of text")]
    [InlineData("video/mp4", "RIFF\u0001\u0001\u0001\u0001AVI LIST", "something that is no video")]
    [InlineData("video/mp4", "", "nothing")]
    public async Task What_is_no_video_is_not_saved(string contentType, string body, string expected)
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        SaveRequest request = scene.Request(await scene.AddTaskAsync());
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new AnswerStatus(200) { Body = body, ContentType = contentType }) { Times = Fault.Forever });

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => scene.SaveAsync(request));

        Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.InRange(scene.Time.Pauses.Sum(static pause => pause.TotalMinutes), 5, 6);
        Assert.DoesNotContain("video.mp4", scene.Files);
    }

    [Fact]
    public async Task A_page_in_the_midst_of_a_download_does_not_cost_what_is_there()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        long left = await ResumingTests.StopAfterAsync(scene, request, 250_000);
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new AnswerStatus(200) { Body = "<html>", ContentType = "text/html" }));

        await scene.SaveAsync(request, scene.NewSaver());

        Assert.Equal($"bytes={left - PartialFile.Overlap}-", scene.Downloads[^1].Headers["Range"]);
        await scene.AssertSameAsync(task, request.Path);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(524)]
    public async Task A_busy_host_is_asked_again_when_it_says(int status)
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        AnswerStatus busy = new(status) { Headers = new Dictionary<string, string> { ["Retry-After"] = "17" } };
        scene.Emulator.Faults.Add(new Fault(Operation.Video, busy));

        await scene.SaveAsync(request);

        Assert.Equal([TimeSpan.FromSeconds(17)], scene.Time.Pauses);
        await scene.AssertSameAsync(task, request.Path);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(451)]
    [InlineData(204)]
    public async Task Another_answer_is_final_for_a_task_that_ended_long_ago(int status)
    {
        await using ScriptedHost host = new(ScriptedHost.Answer($"{status} Whatever"));
        using TemporaryFolder folder = new();
        DrivenTime time = new();
        SaveRequest request = host.Request(folder.Combine("a.mp4")) with { Task = new KlingTask { TaskId = "t-1", UpdatedAt = time.GetUtcNow().AddHours(-2) } };

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => VideoScene.NewSaver(time).SaveAsync(request, TestContext.Current.CancellationToken));

        Assert.Equal((KlingErrorId.DownloadFailed, status), (failure.Id, failure.HttpStatus));
        Assert.Single(host.Requests);
        AssertSaysNothingSecret(failure, request.Task);
    }

    [Fact]
    public async Task A_host_that_never_recovers_is_given_up_and_the_message_keeps_the_signature()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        SaveRequest request = scene.Request(task);
        scene.Emulator.Faults.Add(new Fault(Operation.Video, new AnswerStatus(502)) { Times = Fault.Forever });

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => scene.SaveAsync(request));

        Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
        Assert.InRange(scene.Time.Pauses.Sum(static pause => pause.TotalMinutes), 5, 6);
        Assert.Contains("HTTP 502", failure.Message, StringComparison.Ordinal);
        Assert.Contains(task.TaskId, failure.Message, StringComparison.Ordinal);
        AssertSaysNothingSecret(failure, task);
    }

    [Theory]
    [InlineData("file:///etc/hostname", KlingErrorId.ProtocolError)]
    [InlineData("ftp://h/a.mp4", KlingErrorId.ProtocolError)]
    [InlineData("data:video/mp4;base64,AAAA", KlingErrorId.ProtocolError)]
    [InlineData("a.mp4", KlingErrorId.ProtocolError)]
    [InlineData(" ", KlingErrorId.NoVideo)]
    public async Task Only_http_is_fetched(string url, KlingErrorId expected)
    {
        using TemporaryFolder folder = new();
        SaveRequest request = new() { Task = new KlingTask { TaskId = "t" }, Video = new KlingVideo { Url = url }, Path = folder.Combine("a.mp4") };

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => VideoScene.NewSaver(TimeProvider.System).SaveAsync(request, TestContext.Current.CancellationToken));

        Assert.Equal(expected, failure.Id);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_redirect_is_followed()
    {
        await using VideoScene scene = await VideoScene.StartAsync();
        KlingTask task = await scene.AddTaskAsync();
        await using ScriptedHost host = new(ScriptedHost.Answer($"302 Found\r\nLocation: {task.Videos[0].Url}"));
        SaveRequest request = scene.Request(task) with { Video = new KlingVideo { Url = host.Url } };

        await scene.SaveAsync(request);

        await scene.AssertSameAsync(task, request.Path);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/a.mp4")]
    [InlineData("javascript:1")]
    [InlineData("//")]
    [InlineData("\\\\x")]
    [InlineData("https://")]
    public async Task A_redirect_to_anywhere_else_is_not_followed(string location)
    {
        await using ScriptedHost host = new(ScriptedHost.Answer($"302 Found\r\nLocation: {location}"));
        using TemporaryFolder folder = new();

        KlingException failure = await Assert.ThrowsAsync<KlingException>(
            () => VideoScene.NewSaver(new DrivenTime()).SaveAsync(host.Request(folder.Combine("a.mp4")), TestContext.Current.CancellationToken));

        Assert.Equal((KlingErrorId.DownloadFailed, "t-1"), (failure.Id, failure.TaskId));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_redirect_without_end_is_given_up()
    {
        using TemporaryFolder folder = new();
        await using ScriptedHost host = new(ScriptedHost.Answer("302 Found\r\nLocation: /clips/a.mp4"));

        KlingException failure = await Assert.ThrowsAsync<KlingException>(
            () => VideoScene.NewSaver(new DrivenTime()).SaveAsync(host.Request(folder.Combine("a.mp4")), TestContext.Current.CancellationToken));

        Assert.Equal((KlingErrorId.DownloadFailed, 302), (failure.Id, failure.HttpStatus));
        Assert.Equal(11, host.Requests.Count);
    }

    [Fact]
    public async Task Credentials_in_a_url_are_not_repeated()
    {
        await using ScriptedHost host = new(ScriptedHost.Answer("400 Bad Request"));
        using TemporaryFolder folder = new();
        SaveRequest request = host.Request(folder.Combine("a.mp4"));
        request = request with { Video = new KlingVideo { Url = host.Url.Replace("//", "//user:SECRET@", StringComparison.Ordinal) } };

        KlingException failure = await Assert.ThrowsAsync<KlingException>(() => VideoScene.NewSaver(new DrivenTime()).SaveAsync(request, TestContext.Current.CancellationToken));

        AssertSaysNothingSecret(failure, request.Task);
        Assert.DoesNotContain("Authorization", string.Concat(host.Requests), StringComparison.OrdinalIgnoreCase);
    }

    private static void AssertSaysNothingSecret(KlingException failure, KlingTask task)
    {
        string all = failure.ToString() + failure.RecommendedAction;
        Assert.DoesNotContain("?", all, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", all, StringComparison.Ordinal);
        Assert.All(task.Videos, video => Assert.DoesNotContain(new Uri(video.Url).Query, all, StringComparison.Ordinal));
    }
}
