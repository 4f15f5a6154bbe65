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
