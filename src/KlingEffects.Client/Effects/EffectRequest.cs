using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KlingEffects.Images;

namespace KlingEffects.Effects;

/// <summary>The JSON of a submit, member for member as the specification has it; what was not given is not sent.</summary>
/// <param name="job">What to make.</param>
/// <param name="places">What stands for its images.</param>
/// <remarks>Written and not serialized: a serializer has some 120 more methods compiled before a session's first submit leaves.</remarks>
internal sealed class EffectRequest(EffectJob job, IReadOnlyList<ImagePlace> places)
{
    public byte[] ToJson() => Write(isIndented: false);

    public string ToIndentedJson() => Encoding.UTF8.GetString(Write(isIndented: true));

    private byte[] Write(bool isIndented)
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json, Rules(isIndented)))
        {
            Write(writer);
        }

        return json.ToArray();
    }

    // The relaxed encoder leaves let's_ride and every name readable; the text goes to no web page.
    private static JsonWriterOptions Rules(bool isIndented) => new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = isIndented };

    private void Write(Utf8JsonWriter writer)
    {
        IReadOnlyDictionary<string, JsonElement>? more = job.AdditionalBody?.Root;
        writer.WriteStartObject();
        writer.WriteString("effect_scene", job.Scene);
        writer.WriteStartObject("input");
        WriteInput(writer, job.AdditionalBody?.InputMembers);
        writer.WriteEndObject();
        WriteUnless(more, writer, "callback_url", job.CallbackUrl);
        WriteUnless(null, writer, "external_task_id", job.ExternalTaskId);
        WriteAll(more, writer);
        writer.WriteEndObject();
    }

    // One image or a list of them, never both.
    private void WriteInput(Utf8JsonWriter writer, IReadOnlyDictionary<string, JsonElement>? more)
    {
        WriteUnless(more, writer, "model_name", job.ModelName);
        WriteUnless(more, writer, "mode", job.Mode);
        if (places.Count == 1)
        {
            writer.WritePropertyName("image");
            places[0].Write(writer);
        }
        else
        {
            writer.WriteStartArray("images");
            foreach (ImagePlace place in places)
            {
                place.Write(writer);
            }

            writer.WriteEndArray();
        }

        WriteUnless(more, writer, "duration", job.Duration?.ToString(CultureInfo.InvariantCulture));
        WriteAll(more, writer);
    }

    // What the user adds stands in for a known member of the same name.
    private static void WriteUnless(IReadOnlyDictionary<string, JsonElement>? more, Utf8JsonWriter writer, string name, string? value)
    {
        if (more?.ContainsKey(name) != true && !string.IsNullOrWhiteSpace(value))
        {
            writer.WriteString(name, value);
        }
    }

    // The API takes no null members.
    private static void WriteAll(IReadOnlyDictionary<string, JsonElement>? more, Utf8JsonWriter writer)
    {
        foreach (KeyValuePair<string, JsonElement> member in more ?? Enumerable.Empty<KeyValuePair<string, JsonElement>>())
        {
            if (member.Value.ValueKind != JsonValueKind.Null)
            {
                writer.WritePropertyName(member.Key);
                member.Value.WriteTo(writer);
            }
        }
    }
}

/// <summary>Where an image stands in the JSON: its text, or an empty string into which the image is streamed.</summary>
internal sealed class ImagePlace(string text)
{
    private const int ClosingQuote = 1;

    /// <summary>Where in the JSON the text ends, in bytes; set by writing it.</summary>
    public long End { get; private set; }

    public static ImagePlace Of(ImageSource image) => new(image is UrlImage url ? url.Url : "");

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStringValue(text);
        End = writer.BytesCommitted + writer.BytesPending - ClosingQuote;
    }
}
