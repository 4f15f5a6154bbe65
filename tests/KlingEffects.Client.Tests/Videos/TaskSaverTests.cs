using System.Text;
using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Journal;
using KlingEffects.Videos;
using Xunit;

namespace KlingEffects.Tests.Videos;

/// <summary>A task with two videos, whose API and video host are one.</summary>
public sealed class TaskSaverTests : IDisposable
{
    private const string Gone = "404 Not Found\r\nContent-Length: 0";

    private static readonly byte[] First = ScriptedHost.Video(60_000);
    private static readonly byte[] Second = ScriptedHost.Video(60_000, step: 17);

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    private string[] Files => [.. Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_video_that_fails_does_not_keep_the_others_from_being_saved()
    {
        await using ScriptedHost host = new(ScriptedHost.Answer("400 Bad Request"), ScriptedHost.Answer("200 OK", Fresh("v-2")), Found(Second));

        KlingException failure = Assert.Single(await SaveAsync(host, "v-1", "v-2"));

        Assert.Equal(KlingErrorId.DownloadFailed, failure.Id);
        Assert.Equal(["t-1-2.mp4"], Files);
        Assert.Equal(Second, Read("t-1-2.mp4"));
    }

    [Fact]
    public async Task Every_video_that_fails_is_an_error_of_its_own()
    {
        await using ScriptedHost host = new(ScriptedHost.Answer("400 Bad Request"), ScriptedHost.Answer("200 OK", Fresh("v-3", "v-2", "v-1")), ScriptedHost.Answer("400 Bad Request"));
        Assert.Equal(2, (await SaveAsync(host, "v-1", "v-2")).Count);
    }

    [Fact]
    public async Task A_video_that_a_fresh_answer_does_not_hold_is_not_replaced_by_its_neighbour()
    {
        await using ScriptedHost host = new(ScriptedHost.Answer(Gone), ScriptedHost.Answer("200 OK", Fresh("v-2")), Found(Second));

        KlingException failure = Assert.Single(await SaveAsync(host, "v-1", "v-2"));

        Assert.Equal(KlingErrorId.VideoExpired, failure.Id);
        Assert.Equal(["t-1-2.mp4"], Files);
        Assert.Equal(Second, Read("t-1-2.mp4"));
    }

    [Theory]
    [InlineData("v", "v", "v", "v")]
    [InlineData("v-1", "v-2", "v-3", "v-4")]
    [InlineData(null, null, null, null)]
    public async Task Where_ids_tell_nothing_the_place_tells_which_video_it_is(string? one, string? two, string? freshOne, string? freshTwo)
    {
        byte[] fresh = Fresh(freshOne, freshTwo);
        await using ScriptedHost host = new(
            ScriptedHost.Answer(Gone), ScriptedHost.Answer("200 OK", fresh), Found(First), ScriptedHost.Answer(Gone), ScriptedHost.Answer("200 OK", fresh), Found(Second));

        Assert.Empty(await SaveAsync(host, one, two));

        Assert.StartsWith("GET /fresh/0.mp4", host.Requests[2], StringComparison.Ordinal);
        Assert.StartsWith("GET /fresh/1.mp4", host.Requests[5], StringComparison.Ordinal);
        Assert.Equal(["t-1-2.mp4", "t-1.mp4"], Files);
    }

    [Fact]
    public async Task Ids_tell_which_video_it_is_in_whatever_order_they_come()
    {
        await using ScriptedHost host = new(ScriptedHost.Answer(Gone), ScriptedHost.Answer("200 OK", Fresh("v-2", "v-1")), Found(First), Found(Second));

        Assert.Empty(await SaveAsync(host, "v-1", "v-2"));

        Assert.StartsWith("GET /fresh/1.mp4", host.Requests[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{Scene}", 1)]
    [InlineData("{Index:000}", 1)]
    [InlineData("{TaskId}", 0)]
    public async Task A_file_that_is_passed_on_under_a_name_that_tells_no_task_is_warned_of_once(string template, int warnings)
    {
        await using ScriptedHost host = new(Found(First), Found(Second));
        Assert.Empty(await SaveAsync(host, template, "v-1", "v-2"));
        Assert.Empty(_warnings);

        Assert.Empty(await SaveAsync(host, template, "v-1", "v-2"));

        Assert.Equal(2, host.Requests.Count);
        Assert.Equal(warnings, _warnings.Count);
        Assert.All(_warnings, static warning => Assert.Contains("taken for that of task t-1.", warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_tasks_with_one_video_are_told_of()
    {
        await using ScriptedHost host = new(Found(First), Found(Second));
        Assert.Empty(await SaveAsync(host, [Ended(host, "t-1", "v"), Ended(host, "t-2", "v")]));
        Assert.Equal(["t-1.mp4", "t-2.mp4"], Files);
        Assert.Contains("one video for the tasks t-1 and t-2", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_can_not_be_one_is_told_before_anything_is_paid_for()
    {
        TaskSaver saver = Saver(new Uri("https://host.example"), VideoNameTemplate.DefaultText, _folder.Combine("videos"));
        saver.Prepare();
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Combine("videos")));
        string file = _folder.Write("a-file", [1]);
        KlingException refusal = Assert.Throws<KlingException>(Saver(new Uri("https://host.example"), VideoNameTemplate.DefaultText, file).Prepare);
        Assert.Equal((KlingErrorId.DownloadFailed, file), (refusal.Id, refusal.Target));
    }

    private static byte[] Found(byte[] video) => ScriptedHost.Answer($"200 OK\r\nContent-Length: {video.Length}", video);

    private static byte[] Fresh(params string?[] ids)
    {
        IEnumerable<string> videos = ids.Select((id, place) => $$"""{ {{(id is null ? "" : $"\"id\":\"{id}\",")}} "url":"ORIGIN/fresh/{{place}}.mp4" }""");
        return Encoding.UTF8.GetBytes(
            $$$"""{ "code": 0, "data": { "task_id": "t-1", "task_status": "succeed", "task_result": { "videos": [{{{string.Join(',', videos)}}}] } } }""");
    }

    private byte[] Read(string name) => File.ReadAllBytes(_folder.Combine(name));

    private Task<List<KlingException>> SaveAsync(ScriptedHost host, string? one, string? two) => SaveAsync(host, VideoNameTemplate.DefaultText, one, two);

    private Task<List<KlingException>> SaveAsync(ScriptedHost host, string template, params string?[] ids) =>
        SaveAsync(host, [Ended(host, "t-1", ids)], template);

    private static KlingTask Ended(ScriptedHost host, string id, params string?[] ids) => new()
    {
        TaskId = id,
        Status = KlingTaskStatus.Succeed,
        UpdatedAt = new DrivenTime().GetUtcNow().AddHours(-2),
        Videos = [.. ids.Select((video, place) => new KlingVideo { Id = video, Url = $"{host.Origin}/old/{place}.mp4" })],
    };

    private static TaskSaver Saver(Uri origin, string template, string folder)
    {
        ApiClient api = new(new KlingClientOptions { ApiKey = "sk-test", BaseUri = origin, Time = new DrivenTime() });
        return new(api, new NameRegistry(VideoNameTemplate.Parse(template), folder), folder, force: false, new TaskRecorder(api.Time));
    }

    private async Task<List<KlingException>> SaveAsync(ScriptedHost host, KlingTask[] tasks, string template = VideoNameTemplate.DefaultText)
    {
        TaskSaver saver = Saver(new Uri(host.Origin), template, _folder.Path);
        WorkStage<KlingTask> stage = new(1, (item, at, stop) => saver.SaveAsync(item, at, stop));
        List<KlingException> failures = [];
        using (stage)
        {
            Assert.All(tasks, task => Assert.True(stage.TryAdd(task)));
            stage.Complete();
            await stage.Completion;
            while (stage.Records.TryRead(out StageRecord? record))
            {
                Assert.IsNotType<StageRecord.Defect>(record);
                _warnings.AddRange(record is StageRecord.Caution { Text: var text } ? [text.ToString()] : []);
                failures.AddRange(record is StageRecord.Failure { Error: var error } ? [error] : []);
            }
        }

        return failures;
    }
}
