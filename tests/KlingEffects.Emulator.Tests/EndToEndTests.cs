using System.Net;
using System.Net.Http.Headers;

namespace KlingEffects.Emulator.Tests;

/// <summary>The way of one task from the submit to the video.</summary>
public sealed class EndToEndTests
{
    [Fact]
    public async Task The_example_of_the_specification_goes_through()
    {
        await using Lab lab = await Lab.StartAsync();

        Reply submitted = await lab.SubmitAsync();
        Assert.Equal(HttpStatusCode.OK, submitted.Status);
        Assert.Equal(0, submitted.Code);
        Assert.Equal("submitted", (string)submitted.Json["data"]!["task_status"]!);
        Assert.Equal(lab.Time.GetUtcNow().ToUnixTimeMilliseconds(), (long)submitted.Json["data"]!["created_at"]!);
        string id = (string)submitted.Json["data"]!["task_id"]!;
        Assert.True(long.Parse(id, null) > 1L << 53);

        lab.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("processing", (string)(await lab.TaskAsync(id))["task_status"]!);
        lab.Time.Advance(TimeSpan.FromSeconds(2));
        var task = await lab.TaskAsync(id);
        Assert.Equal("succeed", (string)task["task_status"]!);

        Uri url = new((string)task["task_result"]!["videos"]![0]!["url"]!);
        Assert.Equal(lab.Emulator.VideoBaseUri.Port, url.Port);
        Assert.NotEqual(lab.Emulator.BaseUri.Port, url.Port);
        Reply video = await lab.GetAsync(url.AbsoluteUri);
        Assert.Equal(lab.BytesOf(id), video.Bytes);
        Assert.Equal(lab.Emulator.VideoSize, video.Bytes.Length);
        Assert.Empty(lab.Emulator.Violations);
    }

    [Fact]
    public async Task What_arrived_is_recorded_at_both_hosts()
    {
        await using Lab lab = await Lab.StartAsync();
        string id = await lab.SubmittedAsync(Lab.Single());
        lab.Time.Advance(TimeSpan.FromSeconds(3));
        await lab.GetAsync((string)(await lab.TaskAsync(id))["task_result"]!["videos"]![0]!["url"]!);
        await lab.Emulator.WaitForAsync(emulator => emulator.Requests.All(request => request.IsOver), Lab.Cancellation);

        var requests = lab.Emulator.Requests;
        Assert.Equal([Operation.Submit, Operation.Query, Operation.Video], requests.Select(request => request.Operation));
        Assert.Equal([1, 2, 3], requests.Select(request => request.Number));
        Assert.All(requests, request => Assert.Equal((200, id), (request.Status, request.TaskId)));
        Assert.Equal([false, false, true], requests.Select(request => request.AtVideoHost));
        Assert.Equal([$"Bearer {lab.Emulator.ApiKey}", $"Bearer {lab.Emulator.ApiKey}", null], requests.Select(request => request.Authorization));
        Assert.Equal(Lab.Single(), requests[0].BodyText);
        Assert.Equal(Pictures.Sha256(System.Text.Encoding.UTF8.GetBytes(Lab.Single())), requests[0].BodySha256);
        Assert.Equal(lab.Time.GetUtcNow(), requests[2].ArrivedAt);
        Assert.StartsWith("?sig=", requests[2].Query, StringComparison.Ordinal);

        EmulatorCounters counters = lab.Emulator.Counters;
        Assert.Equal((1, 1, 1, 1), (counters.Submits, counters.AcceptedSubmits, counters.Queries, counters.Downloads));
        Assert.Equal((0, 1, lab.Emulator.VideoSize), (counters.InFlight, counters.InFlightMaximum, counters.VideoBytes));

        lab.Emulator.Reset();
        Assert.Empty(lab.Emulator.Requests);
        Assert.Empty(lab.Emulator.Tasks);
        Assert.Equal(0, lab.Emulator.Counters.Submits);
        Assert.Equal(HttpStatusCode.BadRequest, (await lab.QueryAsync(id)).Status);
    }

    [Fact]
    public async Task The_key_in_a_body_is_told_of()
    {
        await using Lab lab = await Lab.StartAsync();
        await lab.SubmittedAsync("""{"effect_scene":"3d_cartoon_2","input":{"image":"https://a/b?x=KEY","duration":"5"}}""".Replace("KEY", lab.Emulator.ApiKey, StringComparison.Ordinal));
        Assert.EndsWith("the key is in the body", Assert.Single(lab.Emulator.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_video_host_tells_on_who_sends_it_the_key()
    {
        await using Lab lab = await Lab.StartAsync();
        (_, string url) = await lab.VideoAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", lab.Emulator.ApiKey);
        Assert.Equal(HttpStatusCode.OK, (await lab.SendAsync(request)).Status);
        await lab.GetAsync($"{url}&key={lab.Emulator.ApiKey}");
        Assert.Equal(
            ["the video host was sent an Authorization header", "the key is in the header Authorization", "the key is in the URL"],
            lab.Emulator.Violations.Select(text => text[(text.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
    }

    [Fact]
    public async Task A_wait_ends_as_soon_as_its_condition_holds()
    {
        await using Lab lab = await Lab.StartAsync();
        Task waiting = lab.Emulator.WaitForAsync(emulator => emulator.Tasks.Any(task => task.State == TaskState.Succeed), Lab.Cancellation);
        await lab.SubmittedAsync();
        Assert.False(waiting.IsCompleted);
        lab.Time.Advance(TimeSpan.FromSeconds(3));
        await waiting;
    }

    [Fact]
    public async Task Two_emulators_run_side_by_side()
    {
        await using Lab one = await Lab.StartAsync();
        await using Lab other = await Lab.StartAsync();
        string id = await one.SubmittedAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await other.QueryAsync(id)).Status);
        Assert.Equal(4, new[] { one, other }.SelectMany(lab => new[] { lab.Emulator.BaseUri, lab.Emulator.VideoBaseUri }).Distinct().Count());
    }
}
