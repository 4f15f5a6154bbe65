using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using KlingEffects.Images;

namespace KlingEffects.Effects;

/// <summary>The body of a submit, member for member as the specification has it; what was not given is not sent.</summary>
internal sealed record EffectRequest
{
    public string? EffectScene { get; init; }

    public EffectInput? Input { get; init; }

    public string? CallbackUrl { get; init; }

    public string? ExternalTaskId { get; init; }

    /// <summary>What the user adds; it stands in for a known member of the same name.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }

    public static EffectRequest Of(EffectJob job, IReadOnlyList<ImagePlace> places) => new()
    {
        EffectScene = job.Scene,
        Input = EffectInput.Of(job, places),
        CallbackUrl = Additions.Unless(job.AdditionalBody?.Root, "callback_url", job.CallbackUrl),
        ExternalTaskId = Additions.Given(job.ExternalTaskId),
        More = Additions.Sent(job.AdditionalBody?.Root),
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, EffectJson.Compact.EffectRequest);

    public string ToIndentedJson() => JsonSerializer.Serialize(this, EffectJson.Indented.EffectRequest);
}

/// <summary>The effect's own settings: <see cref="Image"/> or <see cref="Images"/>, never both.</summary>
internal sealed record EffectInput
{
    public string? ModelName { get; init; }

    public string? Mode { get; init; }

    public ImagePlace? Image { get; init; }

    public IReadOnlyList<ImagePlace>? Images { get; init; }

    public string? Duration { get; init; }

    /// <inheritdoc cref="EffectRequest.More"/>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }

    public static EffectInput Of(EffectJob job, IReadOnlyList<ImagePlace> places) => new()
    {
        ModelName = Additions.Unless(job.AdditionalBody?.InputMembers, "model_name", job.ModelName),
        Mode = Additions.Unless(job.AdditionalBody?.InputMembers, "mode", job.Mode),
        Image = places.Count == 1 ? places[0] : null,
        Images = places.Count == 1 ? null : places,
        Duration = Additions.Unless(job.AdditionalBody?.InputMembers, "duration", job.Duration?.ToString(CultureInfo.InvariantCulture)),
        More = Additions.Sent(job.AdditionalBody?.InputMembers),
    };
}

/// <summary>How a user's additions and the known members of a request go together.</summary>
internal static class Additions
{
    public static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;

    /// <summary>The known member's value, unless an addition stands in for it.</summary>
    public static string? Unless(IReadOnlyDictionary<string, JsonElement>? more, string name, string? value) =>
        more?.ContainsKey(name) == true ? null : Given(value);

    /// <summary>What is sent of the additions: the API takes no null members.</summary>
    public static Dictionary<string, JsonElement>? Sent(IReadOnlyDictionary<string, JsonElement>? more) =>
        more?.Where(static member => member.Value.ValueKind != JsonValueKind.Null).ToDictionary(static member => member.Key, static member => member.Value);
}

/// <summary>Where an image stands in the JSON: its text, or an empty string into which the image is streamed.</summary>
[JsonConverter(typeof(ImagePlaceConverter))]
internal sealed class ImagePlace(string text)
{
    public string Text => text;

    /// <summary>Where in the JSON the text ends, in bytes; set by writing it.</summary>
    public long End { get; set; }

    public static ImagePlace Of(ImageSource image) => new(image is UrlImage url ? url.Url : "");
}

internal sealed class ImagePlaceConverter : JsonConverter<ImagePlace>
{
    private const int ClosingQuote = 1;

    public override ImagePlace Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, ImagePlace value, JsonSerializerOptions options)
    {
        writer.WriteStringValue(value.Text);
        value.End = writer.BytesCommitted + writer.BytesPending - ClosingQuote;
    }
}

[JsonSerializable(typeof(EffectRequest))]
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
internal sealed partial class EffectJson : JsonSerializerContext
{
    public static readonly EffectJson Compact = new(Rules(indented: false));

    public static readonly EffectJson Indented = new(Rules(indented: true));

    // The relaxed encoder leaves let's_ride and every name readable; the text goes to no web page.
    private static JsonSerializerOptions Rules(bool indented) => new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = indented,
    };
}
