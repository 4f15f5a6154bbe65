using KlingEffects.Api.Answers;
using Xunit;

namespace KlingEffects.Tests.Answers;

/// <summary>A status goes the whole way: the walk "A new task status" in docs/ARCHITECTURE.md.</summary>
public sealed class TaskStatusTests
{
    public static TheoryData<KlingTaskStatus> All => [.. Enum.GetValues<KlingTaskStatus>()];

    [Theory]
    [MemberData(nameof(All))]
    public void It_has_words(KlingTaskStatus status) => Assert.True(
        StatusWords.Read($"{status}".ToLowerInvariant(), static () => false) == status, $"Api/Answers/StatusWords.cs has no words for {status}.");

    [Theory]
    [MemberData(nameof(All))]
    public void An_end_is_kept_by_a_journal_and_is_an_error_without_a_video(KlingTaskStatus status)
    {
        KlingTask task = new() { TaskId = "t", Status = status };
        KlingTaskStatus? end = status.HasEnded() ? status : null;
        Assert.True(KlingTaskStatuses.FromEnd(status.ToEnd()) == end, $"Model/KlingTaskStatus.cs does not read what it calls the end {status}.");
        Assert.True(KlingTaskStatuses.FromJobState(status.ToJobState()).HasEnded() == status.HasEnded(), $"Model/KlingTaskStatus.cs: a job of {status} is {status.ToJobState()}.");
        Assert.True(TaskOutcome.FailureOf(task) is not null == status.HasEnded(), $"Model/TaskOutcome.cs has no error for {status} without a video.");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_view_shows_it_in_its_colour(KlingTaskStatus status) => Assert.True(
        status == KlingTaskStatus.Submitted || SourceFolders.Read("src/KlingEffects/Views/KlingEffects.Format.ps1xml").Contains($"'{status}' {{", StringComparison.Ordinal),
        $"src/KlingEffects/Views/KlingEffects.Format.ps1xml has no colour for {status}.");
}
