using KlingEffects.Api.Answers;

namespace KlingEffects.Tests.Answers;

/// <summary>Each sample answer leads to what the samples' own table says.</summary>
public sealed class FixtureTests
{
    private static readonly string[] Tested =
    [
        "01_comet_effects_submit_200.json", "02_kling_submit_base64ish_id_200.json", "04_submit_code0_without_task_id.json",
        "10_comet_query_processing_200.json", "12_unknown_status_throttled_200.json", "20_kling_succeed_200.json",
        "22_succeed_current_official_fields_200.json", "26_new_standard_succeed_200.json", "30_kling_failed_pixel_200.json", "41_wrapper_in_progress_200.json",
        "42_wrapper_success_result_url_200.json", "44_comet_nested_success_200.json", "48_openai_form_completed_200.json", "50_kling_1303_parallel_429.json",
        "51_kling_1102_balance_429.json", "52_kling_1201_bad_base64_400.json", "57_wrapped_1102_429.json", "58_task_failed_1303_400.json", "59_insufficient_quota_429.json", "60_comet_quota_403.json",
        "61_comet_model_not_found_503.json", "68_task_not_exist_400.json", "70_html_504_cloudflare.html",
    ];

    [Fact]
    public void No_sample_answer_is_left_out() => Assert.Equal(
        Tested,
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "fixtures")).Select(Path.GetFileName)
            .Where(static name => char.IsAsciiDigit(name![0])).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("01_comet_effects_submit_200.json", "2032273960331935744", null, 1773366844624)]
    [InlineData("02_kling_submit_base64ish_id_200.json", "CjI17WevH1IAAAAAAHmgsw", "CjI17WevH1IAAAAAAHmgsw", 1739744384259)]
    public void Submitted(string fixture, string id, string? requestId, long createdAt)
    {
        ApiResult answer = Reading.Of(Operation.Submit, 200, Reading.Fixture(fixture));
        Assert.Equal(Creation.Created, answer.Creation);
        Assert.Equal((id, KlingTaskStatus.Submitted, requestId), (answer.Task!.TaskId, answer.Task.Status, answer.Task.RequestId));
        Assert.Equal(createdAt, answer.Task.CreatedAt!.Value.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Accepted_without_an_id_is_uncertain_and_keeps_the_body()
    {
        ApiResult answer = Reading.Of(Operation.Submit, 200, Reading.Fixture("04_submit_code0_without_task_id.json"));
        Assert.Equal((KlingErrorId.SubmitUncertain, Creation.Uncertain, false), (answer.Error().Id, answer.Creation, answer.Repeatable));
        Assert.Equal("{   \"code\": 0,   \"data\": {} }", answer.Error().AnswerBody);
    }

    [Theory]
    [InlineData("10_comet_query_processing_200.json", "878106242831892487", null)]
    [InlineData("12_unknown_status_throttled_200.json", "878106242831892487", null)]
    [InlineData("41_wrapper_in_progress_200.json", "", 30)]
    public void Under_way(string fixture, string id, int? progress)
    {
        KlingTask task = Query(fixture);
        Assert.Equal((id, KlingTaskStatus.Processing, progress), (task.TaskId, task.Status, task.Progress));
        Assert.Empty(task.Videos);
    }

    [Theory]
    [InlineData("20_kling_succeed_200.json", "https://cdn.klingai.com/bs2/upload-kling-api/5739745938/image2video/CjI17WevH1IAAAAAAHmgsw-0_raw_video_1.mp4", "28444a6c-b923-4d7c-be2c-e0898ea73dc0", 5.1)]
    [InlineData("22_succeed_current_official_fields_200.json", "https://v1-fdl.kechuangai.com/ksc2/example.mp4", "878106242831892999", null)]
    [InlineData("26_new_standard_succeed_200.json", "https://video.example/2032273960331935744.mp4", "v-1", 5.1)]
    [InlineData("48_openai_form_completed_200.json", "https://video.example/abc.mp4", null, 5.0)]
    [InlineData("42_wrapper_success_result_url_200.json", "https://upstream.example/v1/videos/task_upstream/content", null, null)]
    [InlineData("44_comet_nested_success_200.json", "https://example.com/nested.mp4", "v-1", 5.1)]
    public void Succeeded(string fixture, string url, string? videoId, double? duration)
    {
        KlingTask task = Query(fixture);
        Assert.Equal(KlingTaskStatus.Succeed, task.Status);
        Assert.Null(task.StatusMessage);
        KlingVideo video = Assert.Single(task.Videos);
        Assert.Equal((url, videoId, duration, null), (video.Url, video.Id, video.Duration, video.WatermarkUrl));
    }

    [Fact]
    public void Times_in_seconds_and_the_users_own_id()
    {
        KlingTask nested = Query("44_comet_nested_success_200.json");
        Assert.Equal("2032273960331935744", nested.TaskId);
        Assert.Equal((1773366844000, 1773367010000), (nested.CreatedAt!.Value.ToUnixTimeMilliseconds(), nested.UpdatedAt!.Value.ToUnixTimeMilliseconds()));
        Assert.Equal("order-42", Query("22_succeed_current_official_fields_200.json").ExternalTaskId);
    }

    [Fact]
    public void The_newer_standard_tells_of_the_task_by_other_names()
    {
        KlingTask task = Query("26_new_standard_succeed_200.json");
        Assert.Equal(("2032273960331935744", "order-1", "a3c1"), (task.TaskId, task.ExternalTaskId, task.RequestId));
        Assert.Equal((1781080778802, 1781080794151), (task.CreatedAt!.Value.ToUnixTimeMilliseconds(), task.UpdatedAt!.Value.ToUnixTimeMilliseconds()));
        KlingTask openAi = Query("48_openai_form_completed_200.json");
        Assert.Equal(("task_2f6e0b8c4d3a41e7a6c5d4e3f2a1b0c9", 100), (openAi.TaskId, openAi.Progress));
        Assert.Equal((1773366844000, 1773367160000), (openAi.CreatedAt!.Value.ToUnixTimeMilliseconds(), openAi.UpdatedAt!.Value.ToUnixTimeMilliseconds()));
    }

    [Fact]
    public void The_upstreams_sentence_is_told_and_not_its_JSON()
    {
        KlingException error = Reading.Of(Operation.Submit, 429, Reading.Fixture("57_wrapped_1102_429.json")).Error();
        Assert.Equal("The API did not accept the job: Account balance not enough (code 1102, HTTP 429).", error.Message);
    }

    [Fact]
    public void Failed_although_the_message_says_succeed()
    {
        KlingTask task = Query("30_kling_failed_pixel_200.json");
        Assert.Equal((KlingTaskStatus.Failed, "Image pixel is invalid"), (task.Status, task.StatusMessage));
        Assert.Equal("ace7625a-3e18-49aa-abc4-*******", task.RequestId);
    }

    [Theory]
    [InlineData("50_kling_1303_parallel_429.json", 429, KlingErrorId.RateLimited, true, "1303", "9984d27b-a408-4073-ae28-17ca6a13622d")]
    [InlineData("50_kling_1303_parallel_429.json", 200, KlingErrorId.RateLimited, true, "1303", "9984d27b-a408-4073-ae28-17ca6a13622d")]
    [InlineData("51_kling_1102_balance_429.json", 429, KlingErrorId.QuotaExceeded, false, "1102", null)]
    [InlineData("52_kling_1201_bad_base64_400.json", 400, KlingErrorId.InvalidRequest, false, "1201", null)]
    [InlineData("57_wrapped_1102_429.json", 429, KlingErrorId.QuotaExceeded, false, "1102", "0a1b2c3d")]
    [InlineData("58_task_failed_1303_400.json", 400, KlingErrorId.RateLimited, true, "1303", null)]
    [InlineData("59_insufficient_quota_429.json", 429, KlingErrorId.QuotaExceeded, false, "insufficient_quota", null)]
    [InlineData("60_comet_quota_403.json", 403, KlingErrorId.QuotaExceeded, false, null, null)]
    [InlineData("61_comet_model_not_found_503.json", 503, KlingErrorId.ModelNotFound, false, "model_not_found", "20260205132859798638387SIHCnxzJ")]
    [InlineData("68_task_not_exist_400.json", 400, KlingErrorId.TaskNotFound, false, "task_not_exist", null)]
    internal void Errors_that_are_told(string fixture, int status, KlingErrorId id, bool repeatable, string? code, string? requestId)
    {
        foreach (Operation operation in (Operation[])[Operation.Submit, Operation.Query])
        {
            ApiResult answer = Reading.Of(operation, status, Reading.Fixture(fixture));
            KlingException error = answer.Error();
            Assert.Equal((id, status, code, requestId), (error.Id, error.HttpStatus!.Value, error.Code, error.RequestId));
            Assert.Equal((repeatable, Creation.NotCreated), (answer.Repeatable, answer.Creation));
            Assert.NotNull(error.RecommendedAction);
        }
    }

    [Fact]
    public void A_proxys_page_is_asked_again_and_makes_a_submit_uncertain()
    {
        byte[] page = Reading.Fixture("70_html_504_cloudflare.html");
        ApiResult query = Reading.Of(Operation.Query, 504, page);
        Assert.Equal((KlingErrorId.ServerError, true), (query.Error().Id, query.Repeatable));
        ApiResult submit = Reading.Of(Operation.Submit, 504, page);
        Assert.Equal((KlingErrorId.SubmitUncertain, Creation.Uncertain, false), (submit.Error().Id, submit.Creation, submit.Repeatable));
        Assert.StartsWith("<!DOCTYPE html> <html>", submit.Error().AnswerBody, StringComparison.Ordinal);
    }

    private static KlingTask Query(string fixture)
    {
        ApiResult answer = Reading.Of(Operation.Query, 200, Reading.Fixture(fixture));
        Assert.Null(answer.Error);
        return answer.Task!;
    }
}
