using System.Net;
using System.Text;

namespace KlingEffects.Emulator.Tests;

/// <summary>Images that come along as base64 are decoded on the way, and judged as the API does.</summary>
public sealed class ImageTests
{
    [Fact]
    public async Task Two_images_of_ten_megabytes_arrive_whole()
    {
        await using Lab lab = await Lab.StartAsync();
        byte[] left = Pictures.Jpeg(4000, 3000, 10 * 1024 * 1024);
        byte[] right = Pictures.Png(600, 301, (10 * 1024 * 1024) - 1);
        string images = $"\"{Convert.ToBase64String(left)}\",\"{Convert.ToBase64String(right)}\"";
        string body = """{"effect_scene":"hug","input":{"images":[IMAGES],"duration":"10"}}""".Replace("IMAGES", images, StringComparison.Ordinal);
        await lab.SubmittedAsync(body);

        EmulatedTask task = Assert.Single(lab.Emulator.Tasks);
        Assert.Equal(
            [new SubmittedImage(null, "jpeg", 4000, 3000, left.Length, Pictures.Sha256(left)), new SubmittedImage(null, "png", 600, 301, right.Length, Pictures.Sha256(right))],
            task.Images);
        RecordedRequest request = Assert.Single(lab.Emulator.Requests);
        Assert.Equal((Encoding.UTF8.GetByteCount(body), null), (request.BodyLength, request.BodyText));
        Assert.Equal(Pictures.Sha256(Encoding.UTF8.GetBytes(body)), request.BodySha256);
        lab.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TaskState.Succeed, task.State);
    }

    [Theory]
    [InlineData(299, 800, "Image pixel is invalid")]
    [InlineData(800, 299, "Image pixel is invalid")]
    [InlineData(300, 751, "Image aspect ratio is invalid")]
    [InlineData(300, 750, "")]
    public async Task An_image_that_cannot_be_used_fails_the_task(int width, int height, string reason)
    {
        await using Lab lab = await Lab.StartAsync();
        string id = await lab.SubmittedAsync(Lab.Single(Convert.ToBase64String(Pictures.Png(width, height))));
        lab.Time.Advance(TimeSpan.FromSeconds(3));
        Reply reply = await lab.QueryAsync(id);
        Assert.Equal((HttpStatusCode.OK, "SUCCEED"), (reply.Status, (string)reply.Json["message"]!));
        Assert.Equal(reason.Length == 0 ? "succeed" : "failed", (string)reply.Json["data"]!["task_status"]!);
        Assert.Equal(reason, (string)reply.Json["data"]!["task_status_msg"]!);
        Assert.Empty(lab.Emulator.Violations);
    }

    [Theory]
    [InlineData("\\q")]
    [InlineData("\\u12g4")]
    [InlineData("\\x41")]
    public async Task A_long_text_with_an_escape_that_JSON_does_not_have_is_no_JSON(string escape)
    {
        await using Lab lab = await Lab.StartAsync();
        string base64 = Convert.ToBase64String(Pictures.Png(400, 400, 50_000));
        Reply reply = await lab.SubmitAsync(Lab.Single(base64[..20_000] + escape + base64[20_000..]));
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Empty(lab.Emulator.Tasks);
        Assert.Single(lab.Emulator.Violations);
    }

    [Fact]
    public async Task An_image_above_ten_megabytes_is_refused()
    {
        await using Lab lab = await Lab.StartAsync();
        Reply reply = await lab.SubmitAsync(Lab.Single(Convert.ToBase64String(Pictures.Png(400, 400, (10 * 1024 * 1024) + 1))));
        Assert.Equal((HttpStatusCode.BadRequest, 1201), (reply.Status, reply.Code));
        Assert.Contains("more than", Assert.Single(lab.Emulator.Violations), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public void Escapes_and_torn_reads_change_nothing(int step)
    {
        byte[] image = Pictures.Jpeg(500, 400);
        string base64 = Convert.ToBase64String(image).Replace("+", "\\u002B", StringComparison.Ordinal).Replace("/", "\\/", StringComparison.Ordinal);
        byte[] json = Encoding.UTF8.GetBytes($$"""{"short \"\u0061\\":"x","image":"{{base64}}"}""");
        using JsonSplitter splitter = new();
        foreach (byte[] part in json.Chunk(step))
        {
            splitter.Append(part);
        }

        (string name, LongText text) = Assert.Single(splitter.LongTexts);
        Assert.True(text.IsBase64);
        Assert.Equal(new SubmittedImage(null, "jpeg", 500, 400, image.Length, Pictures.Sha256(image)), text.ToImage());
        Assert.Equal($$"""{"short \"\u0061\\":"x","image":"{{name}}"}""", Encoding.UTF8.GetString(splitter.Skeleton.Span));
    }

    [Fact]
    public void What_is_no_whole_image_has_no_size()
    {
        ImageHeader gif = new();
        gif.Append("GIF89a and whatever comes after it"u8);
        Assert.Equal((null, 0, 0), (gif.Format, gif.Width, gif.Height));

        ImageHeader torn = new();
        torn.Append(Pictures.Jpeg(500, 400).AsSpan(0, 30_000));
        Assert.Equal(("jpeg", 0, 0), (torn.Format, torn.Width, torn.Height));
    }
}
