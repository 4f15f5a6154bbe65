using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using KlingEffects.Effects;
using KlingEffects.Images;
using Xunit;

namespace KlingEffects.Tests.Effects;

public sealed class EffectBodyPropertyTests
{
    [Fact]
    public void Whatever_the_texts_the_images_stand_in_their_places_and_the_length_is_exact()
    {
        Gen<EffectJob> jobs =
            from scene in Text
            from externalId in Text
            from mode in Text
            from images in Image.ListOf(1).Or(Image.ListOf(2))
            select new EffectJob { Scene = scene, ExternalTaskId = externalId, Mode = mode, Duration = 5, Images = images };
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000).WithQuietOnSuccess(true), Prop.ForAll(jobs.ToArbitrary(), Holds));
    }

    private static Gen<string> Text => Gen.OneOf(
        ArbMap.Default.GeneratorFor<string?>().Select(static text => text ?? ""),
        Gen.Elements("\"images\":[\"\"]", "\\", "\"", "\u0000", "\u2028", "猫", "\ud83d\ude00", "\ud83d", "{0}", "<base64>"));

    private static Gen<ImageSource> Image =>
        from length in Gen.Choose(0, 300)
        from seed in Gen.Choose(0, 1_000_000)
        select ImageSource.Parse(length == 0 ? $"https://h/{seed}.jpg" : "data:;base64," + Base64(length, seed));

    private static string Base64(int length, int seed)
    {
        byte[] content = new byte[length];
        new Random(seed).NextBytes(content);
        return Convert.ToBase64String(content);
    }

    private static async Task<bool> Holds(EffectJob job)
    {
        EffectBody body = new(job);
        using MemoryStream sent = new();
        await body.CopyToAsync(sent, TestContext.Current.CancellationToken);
        using JsonDocument document = JsonDocument.Parse(sent.ToArray());
        JsonElement root = document.RootElement;
        JsonElement input = root.GetProperty("input");
        JsonElement[] images = job.Images.Count == 1 ? [input.GetProperty("image")] : [.. input.GetProperty("images").EnumerateArray()];
        return body.Length == sent.Length
            && root.GetProperty("effect_scene").GetString() == WellFormed(job.Scene)
            && Matches(root, "external_task_id", job.ExternalTaskId!)
            && Matches(input, "mode", job.Mode!)
            && images.Zip(job.Images).All(static pair => pair.First.GetString() == Sent(pair.Second));
    }

    private static bool Matches(JsonElement parent, string name, string given) => string.IsNullOrWhiteSpace(given)
        ? !parent.TryGetProperty(name, out _)
        : parent.GetProperty(name).GetString() == WellFormed(given);

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Sent(ImageSource image)
    {
        if (image is not LocalImage local)
        {
            return image.ToString();
        }

        using Stream source = local.Open();
        using MemoryStream content = new();
        source.CopyTo(content);
        return Convert.ToBase64String(content.ToArray());
    }
}
