using System.Net;
using System.Text.Json.Nodes;

namespace KlingEffects.Emulator.Tests;

/// <summary>The dialects in which a query may be answered.</summary>
public sealed class DialectTests
{
    [Theory]
    [InlineData(AnswerShape.Flat, "task_status", "submitted,processing,succeed,failed")]
    [InlineData(AnswerShape.Wrapper, "status", "SUBMITTED,IN_PROGRESS,SUCCESS,FAILURE")]
    [InlineData(AnswerShape.WrapperNested, "status", "SUBMITTED,IN_PROGRESS,SUCCESS,FAILURE")]
    [InlineData(AnswerShape.WrapperResultUrl, "status", "SUBMITTED,IN_PROGRESS,SUCCESS,FAILURE")]
    [InlineData(AnswerShape.Simple, "status", "queued,in_progress,completed,failed")]
    [InlineData(AnswerShape.Camel, "state", "pending,processing,completed,failed")]
    public async Task Every_dialect_tells_the_same_story(AnswerShape shape, string member, string words)
    {
        await using Lab lab = await Lab.StartAsync(new EmulatorOptions { AnswerShape = shape });
        string id = await lab.SubmittedAsync();
        List<JsonNode> answers = [await lab.TaskAsync(id)];
        lab.Time.Advance(TimeSpan.FromSeconds(1));
        answers.Add(await lab.TaskAsync(id));
        lab.Time.Advance(TimeSpan.FromSeconds(2));
        answers.Add(await lab.TaskAsync(id));
        EmulatedTask failed = lab.Emulator.AddTask();
        failed.Fail("Image pixel is invalid");
        answers.Add(await lab.TaskAsync(failed.Id));
        Assert.Equal(words.Split(','), answers.Select(answer => (string)answer[member]!));
        Assert.Equal("Image pixel is invalid", (string)(answers[3]["task_status_msg"] ?? answers[3]["fail_reason"] ?? answers[3]["failMsg"] ?? answers[3]["error"]!["message"])!);

        string url = (string)(shape switch
        {
            AnswerShape.Flat => answers[2]["task_result"]!["videos"]![0]!["url"],
            AnswerShape.Wrapper => answers[2]["data"]!["task_result"]!["videos"]![0]!["url"],
            AnswerShape.WrapperNested => answers[2]["data"]!["data"]!["task_result"]!["videos"]![0]!["url"],
            AnswerShape.WrapperResultUrl => answers[2]["result_url"],
            AnswerShape.Camel => answers[2]["resultUrls"]![0],
            _ => answers[2]["url"],
        })!;
        Assert.Equal(HttpStatusCode.OK, (await lab.GetAsync(url)).Status);
    }
}
