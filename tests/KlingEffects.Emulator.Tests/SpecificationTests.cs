using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace KlingEffects.Emulator.Tests;

/// <summary>What the specification does not allow is answered with an error, written down, and creates nothing.</summary>
public sealed class SpecificationTests
{
    private const string Url = "\"https://your-image-host/a.jpg\"";

    [Theory]
    [InlineData("{", 400, "no JSON object")]
    [InlineData("[]", 400, "no JSON object")]
    [InlineData("""{"effect_scene":"a","effect_scene":"b","input":{"image":URL,"duration":"5"}}""", 400, "no JSON object")]
    [InlineData("""{"input":{"image":URL,"duration":"5"}}""", 500, "effect_scene is missing")]
    [InlineData("""{"effect_scene":"","input":{"image":URL,"duration":"5"}}""", 400, "effect_scene is empty")]
    [InlineData("""{"effect_scene":7,"input":{"image":URL,"duration":"5"}}""", 400, "effect_scene is no string")]
    [InlineData("""{"effect_scene":"a"}""", 500, "input is missing")]
    [InlineData("""{"effect_scene":"a","input":"b"}""", 400, "input is no object")]
    [InlineData("""{"effect_scene":"a","input":{"image":URL}}""", 500, "input.duration is missing")]
    [InlineData("""{"effect_scene":"a","input":{"image":URL,"duration":5}}""", 400, "input.duration is no string")]
    [InlineData("""{"effect_scene":"a","input":{"image":URL,"duration":"five"}}""", 400, "input.duration is no number")]
    [InlineData("""{"effect_scene":"a","input":{"duration":"5"}}""", 500, "input.image is missing")]
    [InlineData("""{"effect_scene":"a","input":{"image":URL,"images":[URL,URL],"duration":"5"}}""", 400, "both image and images")]
    [InlineData("""{"effect_scene":"a","input":{"images":[URL],"duration":"5"}}""", 400, "holds 1 images")]
    [InlineData("""{"effect_scene":"a","input":{"images":[URL,URL,URL],"duration":"5"}}""", 400, "holds 3 images")]
    [InlineData("""{"effect_scene":"a","input":{"images":[URL,null],"duration":"5"}}""", 400, "input.images[1] is null")]
    [InlineData("""{"effect_scene":"a","input":{"images":URL,"duration":"5"}}""", 400, "input.images is no array")]
    [InlineData("""{"effect_scene":"a","input":{"image":null,"duration":"5"}}""", 400, "input.image is null")]
    [InlineData("""{"effect_scene":"a","input":{"image":URL,"duration":"5","mode":"fast"}}""", 400, "neither std nor pro")]
    [InlineData("""{"effect_scene":"a","input":{"image":URL,"duration":"5","model_name":null}}""", 400, "input.model_name is null")]
    [InlineData("""{"effect_scene":"a","input":{"image":URL,"duration":"5","seed":"1"}}""", 400, "unknown member input.seed")]
    [InlineData("""{"effect_scene":"a","input":{"image":URL,"duration":"5"},"Mode":"std"}""", 400, "unknown member Mode")]
    [InlineData("""{"effect_scene":"a","input":{"image":URL,"duration":"5"},"external_task_id":null}""", 400, "external_task_id is null")]
    [InlineData("""{"effect_scene":"a","input":{"image":URL,"duration":"5"},"callback_url":"ftp://a/b"}""", 400, "callback_url")]
    [InlineData("""{"effect_scene":"a","input":{"image":"data:image/png;base64,AAAA","duration":"5"}}""", 400, "a data: URI")]
    [InlineData("""{"effect_scene":"a","input":{"image":"photo.jpg","duration":"5"}}""", 400, "neither a URL nor base64")]
    [InlineData("""{"effect_scene":"a","input":{"image":"AAA","duration":"5"}}""", 400, "neither a URL nor base64")]
    [InlineData("""{"effect_scene":"a","input":{"image":"AAAA\nAAAA","duration":"5"}}""", 400, "neither a URL nor base64")]
    [InlineData("""{"effect_scene":"a","input":{"image":"R0lGODlhAQABAAAAACw=","duration":"5"}}""", 400, "neither JPEG nor PNG")]
    public async Task A_breach_is_refused_and_written_down(string body, int status, string breach)
    {
        await using Lab lab = await Lab.StartAsync();
        Reply reply = await lab.SubmitAsync(body.Replace("URL", Url, StringComparison.Ordinal));
        Assert.Equal(status, (int)reply.Status);
        Assert.Contains(breach, Assert.Single(lab.Emulator.Violations), StringComparison.Ordinal);
        Assert.Empty(lab.Emulator.Tasks);
        bool isGateway = reply.Json["error"] is not null;
        Assert.Equal(isGateway ? status == 500 ? "invalid_request" : "" : "1201", isGateway ? (string)reply.Json["error"]!["code"]! : reply.Json["code"]!.ToString());
    }

    [Fact]
    public async Task Broken_base64_is_answered_in_the_words_of_the_API()
    {
        await using Lab lab = await Lab.StartAsync();
        Reply reply = await lab.SubmitAsync(Lab.Single("data:image/png;base64,AAAA"));
        Assert.Equal((1201, "File is not in a valid base64 format"), (reply.Code, (string)reply.Json["message"]!));
    }

    [Fact]
    public async Task A_wrong_key_is_refused_and_is_no_breach()
    {
        await using Lab lab = await Lab.StartAsync();
        using HttpRequestMessage wrong = lab.Request(HttpMethod.Post, Lab.SubmitPath, Lab.Hug);
        wrong.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "sk-wrong");
        Reply reply = await lab.SendAsync(wrong);
        Assert.Equal(HttpStatusCode.Unauthorized, reply.Status);
        Assert.Equal("""{"error":{"message":"Invalid token","type":"comet_api_error","code":""}}""", reply.Text);
        Assert.Empty(lab.Emulator.Violations);
    }

    [Fact]
    public async Task No_key_is_refused_and_a_breach()
    {
        await using Lab lab = await Lab.StartAsync();
        using HttpRequestMessage without = lab.Request(HttpMethod.Get, "/kling/v1/videos/effects/1");
        without.Headers.Authorization = null;
        Assert.Equal(HttpStatusCode.Unauthorized, (await lab.SendAsync(without)).Status);
        Assert.Contains("no bearer token", Assert.Single(lab.Emulator.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_type_and_length_are_asked_for()
    {
        await using Lab lab = await Lab.StartAsync();
        using HttpRequestMessage text = lab.Request(HttpMethod.Post, Lab.SubmitPath);
        text.Content = new StringContent(Lab.Hug, Encoding.UTF8, "text/plain");
        Assert.Equal(HttpStatusCode.BadRequest, (await lab.SendAsync(text)).Status);

        using HttpRequestMessage chunked = lab.Request(HttpMethod.Post, Lab.SubmitPath, Lab.Hug);
        chunked.Headers.TransferEncodingChunked = true;
        Assert.Equal(HttpStatusCode.LengthRequired, (await lab.SendAsync(chunked)).Status);
        Assert.Collection(
            lab.Emulator.Violations,
            first => Assert.Contains("text/plain", first, StringComparison.Ordinal),
            second => Assert.Contains("no Content-Length", second, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/kling/v1/videos/effects")]
    [InlineData("POST", "/v1/kling/v1/videos/effects")]
    [InlineData("POST", "/kling/v1/videos/image2video")]
    [InlineData("GET", "/kling/v1/videos/effects/a/b")]
    public async Task Where_there_is_no_call_there_is_a_web_site(string method, string path)
    {
        await using Lab lab = await Lab.StartAsync();
        Reply reply = await lab.SendAsync(lab.Request(new HttpMethod(method), path));
        Assert.Equal((HttpStatusCode.OK, "text/html"), (reply.Status, reply.ContentHeaders.ContentType?.MediaType));
        Assert.Contains("no such call", Assert.Single(lab.Emulator.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scenes_can_be_limited_to_those_ever_published()
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { KnownScenes = PublishedScenes.Names });
        await lab.SubmittedAsync(Lab.Single(scene: "3d_cartoon_2"));
        await lab.SubmittedAsync(Lab.Single(scene: "let's_ride"));
        Reply reply = await lab.SubmitAsync(Lab.Single(scene: "no_such_scene"));
        Assert.Equal((HttpStatusCode.BadRequest, 1201), (reply.Status, reply.Code));
        Assert.Contains("no_such_scene is not offered", Assert.Single(lab.Emulator.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_external_id_is_unique_per_account()
    {
        await using Lab lab = await Lab.StartAsync();
        await lab.SubmittedAsync(Lab.Single(externalId: "order-42"));
        Reply again = await lab.SubmitAsync(Lab.Single(externalId: "order-42"));
        Assert.Equal((HttpStatusCode.BadRequest, 1201), (again.Status, again.Code));
        Assert.Contains("already exists, it must be unique", again.Text, StringComparison.Ordinal);
        Assert.Single(lab.Emulator.Tasks);
        Assert.Empty(lab.Emulator.Violations);

        lab.Emulator.Configure(options => options with { DuplicateRefusal = DuplicateRefusal.Conflict });
        again = await lab.SubmitAsync(Lab.Single(externalId: "order-42"));
        Assert.Equal((HttpStatusCode.Conflict, "duplicate_external_task_id"), (again.Status, (string)again.Json["code"]!));
        Assert.Single(lab.Emulator.Tasks);

        lab.Emulator.Configure(options => options with { RejectDuplicateExternalId = false });
        await lab.SubmittedAsync(Lab.Single(externalId: "order-42"));
        Assert.Equal(2, lab.Emulator.Tasks.Count);
        Assert.Contains("was used before", Assert.Single(lab.Emulator.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_beyond_the_bound_is_refused()
    {
        await using Lab lab = await Lab.StartAsync();
        using HttpRequestMessage request = lab.Request(HttpMethod.Post, Lab.SubmitPath);
        request.Headers.ExpectContinue = true;
        request.Content = new ByteArrayContent(new byte[(64 * 1024 * 1024) + 1]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await lab.SendAsync(request)).Status);
        Assert.Single(lab.Emulator.Violations);
    }
}
