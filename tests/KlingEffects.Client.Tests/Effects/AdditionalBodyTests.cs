using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using KlingEffects.Effects;
using KlingEffects.Tests.Http;

namespace KlingEffects.Tests.Effects;

/// <summary>Fields of a request that the module does not know.</summary>
public sealed class AdditionalBodyTests
{
    [Theory]
    [InlineData("""{"effect_scene":"kiss"}""", "effect_scene")]
    [InlineData("""{"Effect_Scene":"kiss"}""", "Effect_Scene")]
    [InlineData("""{"external_task_id":"x"}""", "ExternalTaskId")]
    [InlineData("""{"input":{"image":"x"}}""", "input.image")]
    [InlineData("""{"input":{"images":null}}""", "input.images")]
    [InlineData("""{"input":null}""", "input")]
    [InlineData("""{"input":"x"}""", "input")]
    [InlineData("""{"Input":{"version":"2"}}""", "'input'")]
    [InlineData("""{"input":{"Duration":"5"}}""", "'input.duration'")]
    [InlineData("""{"a":1,"a":2}""", "twice")]
    [InlineData("""[1]""", "object")]
    [InlineData("""{"a":""", "JSON")]
    public void What_has_a_parameter_of_its_own_or_is_no_body_is_refused(string json, string named)
    {
        KlingException error = Assert.Throws<KlingException>(() => AdditionalBody.Parse(json));
        Assert.Equal(KlingErrorId.InvalidRequest, error.Id);
        Assert.Contains(named, error.Message + error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_text_by_which_journals_know_jobs_is_as_a_writer_has_written_it()
    {
        string all = string.Concat(Enumerable.Range(0, 0x10FFFF / 7).Select(static n => n * 7).Where(static n => n is < 0xD800 or > 0xDFFF)
            .Select(char.ConvertFromUtf32)) + string.Concat(Enumerable.Range(0, 0x3000).Select(static n => (char)n));
        using MemoryStream text = new();
        using (Utf8JsonWriter writer = new(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("a\u00e4<");
            writer.WriteStringValue(all);
            writer.WriteRawValue("1.50E+3");
            writer.WriteNullValue();
            writer.WriteBooleanValue(true);
            writer.WriteStartObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteStartObject("b");
            writer.WriteString("B", all);
            writer.WriteStartObject("a");
            writer.WriteStartArray("c");
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteStartObject("input");
            writer.WriteNumber("version", 2);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        string written = Encoding.UTF8.GetString(text.ToArray());
        JsonObject turned = new(JsonNode.Parse(written)!.AsObject().Reverse().Select(static member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        Assert.Equal(written, AdditionalBody.Parse(written)!.ToString());
        Assert.Equal(written, AdditionalBody.Parse(turned.ToJsonString())!.ToString());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"input":{}}""")]
    public void One_without_members_is_none(string json) => Assert.Null(AdditionalBody.Parse(json));

    [Fact]
    public void It_is_merged_into_the_request_and_null_leaves_a_field_out()
    {
        EffectJob job = Scene.Job() with
        {
            Duration = 5,
            Mode = "std",
            AdditionalBody = AdditionalBody.Parse("""{"watermark":{"enabled":false},"input":{"version":"2","mode":"pro","duration":null}}"""),
        };
        JsonNode sent = JsonNode.Parse(EffectBody.DescribeForWhatIf(job))!;
        Assert.Equal(
            """{"effect_scene":"hug","input":{"images":["https://images.example/a.jpg","https://images.example/b.jpg"],"mode":"pro","version":"2"},"external_task_id":"job-1","watermark":{"enabled":false}}""",
            sent.ToJsonString());
    }
}
