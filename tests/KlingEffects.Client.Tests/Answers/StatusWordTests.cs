using KlingEffects.Api.Answers;

namespace KlingEffects.Tests.Answers;

/// <summary>Status words that no list has: a refusal ends the task, and whatever else goes on.</summary>
public sealed class StatusWordTests
{
    [Theory]
    [InlineData("rejected refused blocked moderated flagged timeout timed_out TIMEOUT TimedOut time_out denied declined terminated killed stopped interrupted")]
    [InlineData("banned forbidden invalid unsafe nsfw deleted removed revoked refunded discarded crashed content_violation policy_violation censored")]
    [InlineData("task_failed TASK_STATUS_FAILED generation_failed failed-upstream FailedPrecondition error_timeout rejected_by_moderation content_blocked")]
    [InlineData("user_cancelled canceled.by.user review_rejected nsfw_detected safety_blocked ModerationBlocked quota_exhausted STATUS_EXPIRED")]
    [InlineData("失败 已拒绝 审核未通过 审核不通过 超时 生成失败 已取消 内容违规 已过期")]
    public void A_word_of_refusal_ends_the_task_as_failed(string words) => AssertAll(words, KlingTaskStatus.Failed);

    [Theory]
    [InlineData("throttled paused resting warming_up uploading post_processing upscaling almost_there UNKNOWN 7 x")]
    [InlineData("moderating in_moderation pending_moderation awaiting_review under_review moderation retrying retrying_after_error cancelling aborting")]
    [InlineData("not_failed may_fail queued_after_timeout unblocked timing retry_after_timeout expiring in_error_recovery 审核中 取消中 partially_done")]
    public void Every_other_word_goes_on(string words) => AssertAll(words, KlingTaskStatus.Processing);

    [Theory]
    [InlineData("pending PENDING waiting accepted scheduled TASK_STATUS_QUEUED 排队中", KlingTaskStatus.Submitted)]
    [InlineData("generating TASK_STATUS_PROCESSING InProgress in-progress IN_PROGRESS", KlingTaskStatus.Processing)]
    [InlineData("TASK_STATUS_SUCCEED successful finish task_completed 成功 已完成", KlingTaskStatus.Succeed)]
    public void Other_spellings_of_known_words(string words, KlingTaskStatus status) => AssertAll(words, status);

    [Fact]
    public void A_word_of_refusal_is_in_the_error_where_no_reason_is()
    {
        KlingException error = TaskOutcome.FailureOf(Reading.Told("""{"code":0,"request_id":"r-5","data":{"task_id":"t","task_status":"moderated"}}"""))!;
        Assert.Equal("Task t failed: the API gave no reason but its status 'moderated' (request id: r-5).", error.Message);
    }

    [Fact]
    public void An_unknown_word_and_what_was_said_with_it_are_kept()
    {
        KlingTask task = Reading.Told("""{"code":0,"data":{"task_id":"t","task_status":"throttled","task_status_msg":"waiting for capacity"}}""");
        Assert.Equal((KlingTaskStatus.Processing, "throttled", "waiting for capacity"), (task.Status, task.StatusWord, task.StatusMessage));
        Assert.Equal("on hold", Reading.Told("""{"code":0,"message":"SUCCEED","data":{"id":"t","status":"paused","message":"on hold"}}""").StatusMessage);
    }

    private static void AssertAll(string words, KlingTaskStatus status) => Assert.All(words.Split(' '), word =>
    {
        Assert.Equal(status, Reading.Told($$"""{"code":0,"data":{"task_id":"t","task_status":"{{word}}"} }""").Status);
        Assert.Equal(status, Reading.Told($$"""{"data":{"taskId":"t","state":"{{word}}"} }""").Status);
    });
}
