using KlingEffects.Http;
using KlingEffects.Images;

namespace KlingEffects.Effects;

/// <summary>The JSON of a submit. Local images are encoded as base64 while they are written to the socket.</summary>
/// <remarks>Written by hand: a serializer would compile some 120 more methods before a session's first submit leaves.</remarks>
internal sealed class EffectBody : RequestBody
{
    private const int ClosingQuote = 1;

    private readonly byte[] _json;
    private readonly List<(LocalImage Image, ImageStamp Promised, int Place)> _uploads = [];

    /// <summary>Fixes the length, and records the state of each local image so that a later change is noticed.</summary>
    public EffectBody(EffectJob job) => _json = Write(job, isIndented: false, (writer, image) =>
    {
        writer.WriteStringValue(image is UrlImage url ? url.Url : "");
        if (image is LocalImage local)
        {
            _uploads.Add((local, local.Promise(), (int)(writer.BytesCommitted + writer.BytesPending - ClosingQuote)));
        }
    });

    public override long Length => _json.Length + _uploads.Sum(static upload => upload.Promised.EncodedLength);

    /// <summary>The JSON that a submit of the job would send, with local images named instead of encoded.</summary>
    internal static string DescribeForWhatIf(EffectJob job) =>
        Encoding.UTF8.GetString(Write(job, isIndented: true, static (writer, image) => writer.WriteStringValue(image.ForWhatIf)));

    protected override async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        int written = 0;
        foreach ((LocalImage image, ImageStamp promised, int place) in _uploads)
        {
            await stream.WriteBlockAsync(_json, written, place - written, cancellationToken).ConfigureAwait(false);
            await image.WriteBase64Async(stream, promised, Wrote, cancellationToken).ConfigureAwait(false);
            written = place;
        }

        Completing();
        await stream.WriteBlockAsync(_json, written, _json.Length - written, cancellationToken).ConfigureAwait(false);
        Wrote();
    }

    private static byte[] Write(EffectJob job, bool isIndented, Action<Utf8JsonWriter, ImageSource> writeImage)
    {
        using MemoryStream json = new();
        // The relaxed encoder leaves let's_ride and every name readable; the text goes to no web page.
        JsonWriterOptions rules = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = isIndented };
        using (Utf8JsonWriter writer = new(json, rules))
        {
            IReadOnlyDictionary<string, JsonElement>? more = job.AdditionalBody?.Root;
            writer.WriteStartObject();
            writer.WriteString("effect_scene", job.Scene);
            writer.WriteStartObject("input");
            WriteInput(writer, job, writeImage);
            writer.WriteEndObject();
            WriteUnless(more, writer, "callback_url", job.CallbackUrl);
            WriteUnless(null, writer, "external_task_id", job.ExternalTaskId);
            WriteAll(more, writer);
            writer.WriteEndObject();
        }

        return json.ToArray();
    }

    // One image or a list of them, never both.
    private static void WriteInput(Utf8JsonWriter writer, EffectJob job, Action<Utf8JsonWriter, ImageSource> writeImage)
    {
        IReadOnlyDictionary<string, JsonElement>? more = job.AdditionalBody?.InputMembers;
        WriteUnless(more, writer, "model_name", job.ModelName);
        WriteUnless(more, writer, "mode", job.Mode);
        if (job.Images.Count == 1)
        {
            writer.WritePropertyName("image");
            writeImage(writer, job.Images[0]);
        }
        else
        {
            writer.WriteStartArray("images");
            foreach (ImageSource image in job.Images)
            {
                writeImage(writer, image);
            }

            writer.WriteEndArray();
        }

        WriteUnless(more, writer, "duration", job.Duration?.ToString(CultureInfo.InvariantCulture));
        WriteAll(more, writer);
    }

    // A member of the additional body replaces a known one of the same name.
    private static void WriteUnless(IReadOnlyDictionary<string, JsonElement>? more, Utf8JsonWriter writer, string name, string? value)
    {
        if (more?.ContainsKey(name) != true && !string.IsNullOrWhiteSpace(value))
        {
            writer.WriteString(name, value);
        }
    }

    // The API refuses null members.
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
