using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using KlingEffects.Effects;
using KlingEffects.Http;
using Xunit;

namespace KlingEffects.Tests.Effects;

public sealed class EffectBodyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_specifications_example_is_sent_member_for_member()
    {
        EffectJob job = new()
        {
            Scene = "hug",
            Images = [Image("https://your-image-host/person-a.jpg"), Image("https://your-image-host/person-b.jpg")],
            Mode = "std",
            Duration = 5,
        };
        string fixture = await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "fixtures", "r1_comet_dual_request.json"), TestContext.Current.CancellationToken);
        Assert.Equal(JsonNode.Parse(fixture)!.ToJsonString(), await Text(job));
    }

    [Fact]
    public async Task One_image_is_no_array_and_what_is_not_given_is_not_sent()
    {
        EffectJob job = new() { Scene = "let's_ride", Images = [Image("https://h/a.jpg?b=1&c=+")], Duration = 5, Mode = "", CallbackUrl = " " };
        Assert.Equal("""{"effect_scene":"let's_ride","input":{"image":"https://h/a.jpg?b=1&c=+","duration":"5"}}""", await Text(job));
    }

    [Fact]
    public async Task Everything_given_is_sent()
    {
        EffectJob job = new()
        {
            Scene = "a \"b\" \\ <猫>",
            Images = [Image("https://h/a.jpg")],
            Duration = 10,
            Mode = "pro",
            ModelName = "kling-v1-6",
            CallbackUrl = "https://h/hook?a=1&b=2",
            ExternalTaskId = "Zoë\n1",
        };
        Assert.Equal(
            """{"effect_scene":"a \"b\" \\ <猫>","input":{"model_name":"kling-v1-6","mode":"pro","image":"https://h/a.jpg","duration":"10"},"callback_url":"https://h/hook?a=1&b=2","external_task_id":"Zoë\n1"}""",
            await Text(job));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 4)]
    [InlineData(5, 6)]
    [InlineData(7, 8)]
    [InlineData(9, 10)]
    [InlineData(98_303, 98_304)]
    [InlineData(98_305, 196_608)]
    [InlineData(196_609, 1_000_000)]
    public async Task Local_images_arrive_byte_for_byte_whatever_their_length(int left, int right)
    {
        byte[][] contents = [Random(left), Random(right)];
        _folder.Write("left [1].jpg", contents[0]);
        EffectJob job = new()
        {
            Scene = "hug",
            Images =
            [
                ImageSource.Parse("left [1].jpg", _folder.Combine),
                Image("data:image/png;base64," + Convert.ToBase64String(contents[1])),
            ],
            ExternalTaskId = "after the images",
        };

        byte[] body = await Bytes(job);

        JsonElement input = JsonDocument.Parse(body).RootElement.GetProperty("input");
        Assert.Equal(contents, input.GetProperty("images").EnumerateArray().Select(static image => image.GetBytesFromBase64()));
        Assert.DoesNotContain("\\", Encoding.ASCII.GetString(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_url_and_a_file_go_together()
    {
        byte[] content = Random(1000);
        _folder.Write("b.png", content);
        EffectJob job = new() { Scene = "hug", Images = [Image("https://h/a.jpg"), ImageSource.Parse("b.png", _folder.Combine)], Duration = 5 };
        Assert.Equal(
            $$$"""{"effect_scene":"hug","input":{"images":["https://h/a.jpg","{{{Convert.ToBase64String(content)}}}"],"duration":"5"}}""",
            await Text(job));
    }

    [Fact]
    public void WhatIf_shows_the_request_with_images_named()
    {
        _folder.Write("ana.jpg", Random(1_200_000));
        EffectJob job = new()
        {
            Scene = "let's_ride",
            Images = [ImageSource.Parse("./ana.jpg", _folder.Combine), Image("data:image/png;base64,AAAA")],
            Mode = "std",
            Duration = 5,
        };
        Assert.Equal(
            """
            {
              "effect_scene": "let's_ride",
              "input": {
                "mode": "std",
                "images": [
                  "<base64 of ana.jpg, 1.2 MB>",
                  "<base64 of a data: URI, 3 bytes>"
                ],
                "duration": "5"
              }
            }
            """,
            EffectBody.DescribeForWhatIf(job),
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task A_body_leaves_once_in_each_try()
    {
        using EffectBody body = new(new EffectJob { Scene = "hug", Images = [Image("https://h/a.jpg")] });
        await body.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(() => body.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));
        using IdleTimeout idle = new(TimeProvider.System, TestContext.Current.CancellationToken);
        body.Restart(idle);
        await body.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_file_that_went_since_its_check_is_not_found()
    {
        _folder.Write("a.jpg", TestImages.Jpeg(400, 400));
        EffectJob job = new() { Scene = "hug", Images = [ImageSource.Parse("a.jpg", _folder.Combine)] };
        job.Check();
        File.Delete(_folder.Combine("a.jpg"));
        Assert.Equal(KlingErrorId.ImageNotFound, Assert.Throws<KlingException>(() => new EffectBody(job)).Id);
    }

    private static ImageSource Image(string text) => ImageSource.Parse(text);

    private static byte[] Random(int length)
    {
        byte[] content = new byte[length];
        new Random(length).NextBytes(content);
        return content;
    }

    private static async Task<string> Text(EffectJob job) => Encoding.UTF8.GetString(await Bytes(job));

    /// <summary>What arrives at a socket; its Content-Length is exact or the request is not whole.</summary>
    private static async Task<byte[]> Bytes(EffectJob job)
    {
        using RawServer server = new();
        EffectBody body = new(job);
        Task<RawRequest> receiving = server.ReceiveAsync();
        await Sending.PostAsync(server.Uri, body);
        RawRequest request = await receiving;
        Assert.True(request.IsWhole);
        Assert.Equal("application/json", RawServer.Header(request.Head, "Content-Type"));
        Assert.DoesNotContain("Transfer-Encoding", request.Head, StringComparison.OrdinalIgnoreCase);
        return request.Body;
    }
}
