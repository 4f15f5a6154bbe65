using Xunit;

namespace KlingEffects.Tests.Journal;

public sealed class JournalStateTests : IDisposable
{
    private const string Key = "x:a";

    private readonly JournalSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    [Fact]
    public async Task An_accepted_job_keeps_its_task_over_runs_and_later_lines()
    {
        using (JobJournal journal = _samples.Open())
        {
            await journal.SubmittingAsync(Key, JournalSamples.Job(externalId: "a"));
            _samples.Time.Advance(TimeSpan.FromSeconds(2));
            await journal.AcceptedAsync(Key, JournalSamples.Task("t1"));
            await journal.UncertainAsync(Key, JournalSamples.Doubt);
            await journal.RefusedAsync(Key, JournalSamples.Refusal);
            await journal.AcceptedAsync(Key, JournalSamples.Task("t2"));
            await Assert.ThrowsAsync<InvalidOperationException>(() => journal.SubmittingAsync(Key, JournalSamples.Job(), true));
        }

        using JobJournal next = _samples.Open();
        KlingJob job = next.Find(Key)!;
        Assert.Equal(KlingJobState.Running, job.State);
        Assert.Equal(_samples.Time.GetUtcNow().AddSeconds(-2), job.SubmittedAt);
        Assert.Equal(["https://host.example/ana.jpg", "https://host.example/ben.jpg"], job.Images);
        Assert.Equal(job, Assert.Single(next.Jobs));
        KlingTask task = job.ToTask()!;
        Assert.Equal(("t1", "a", "hug", "effects", "r-1"), (task.TaskId, task.ExternalTaskId, task.Scene, task.Kind, task.RequestId));
        Assert.Equal(KlingTaskStatus.Submitted, task.Status);
    }

    [Fact]
    public async Task A_refused_job_may_be_submitted_again()
    {
        using JobJournal journal = _samples.Open();
        await journal.SubmittingAsync(Key, JournalSamples.Job());
        await journal.RefusedAsync(Key, JournalSamples.Refusal);
        KlingJob refused = journal.Find(Key)!;
        Assert.Equal((KlingJobState.Refused, "KlingQuotaExceeded", "1102"), (refused.State, refused.ErrorId, refused.Code));
        await journal.SubmittingAsync(Key, JournalSamples.Job());
        Assert.Equal(KlingJobState.Submitting, journal.Find(Key)!.State);
    }

    [Fact]
    public async Task A_submit_that_nobody_answered_is_uncertain_in_the_next_run()
    {
        using (JobJournal journal = _samples.Open())
        {
            await journal.SubmittingAsync(Key, JournalSamples.Job(externalId: "a"));
        }

        Assert.Equal(KlingJobState.Uncertain, Assert.Single(JobJournal.Read(_samples.Path)).State);
        using JobJournal next = _samples.Open();
        Assert.Equal(KlingJobState.Uncertain, next.Find(Key)!.State);
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => next.SubmittingAsync(Key, JournalSamples.Job(externalId: "a")));
        Assert.Equal(KlingErrorId.SubmitUncertain, error.Id);
        Assert.Contains("with the external id a may have been accepted", error.Message, StringComparison.Ordinal);
        Assert.Contains(_samples.Path, error.RecommendedAction, StringComparison.Ordinal);
        await next.AcceptedAsync(Key, JournalSamples.Task("t1"), found: true);
        Assert.Equal("t1", next.Find(Key)!.TaskId);
    }

    [Fact]
    public async Task A_refused_retry_leaves_the_doubt_about_the_earlier_submit()
    {
        using (JobJournal journal = _samples.Open())
        {
            await journal.SubmittingAsync(Key, JournalSamples.Job());
            await journal.UncertainAsync(Key, JournalSamples.Doubt);
            await journal.SubmittingAsync(Key, JournalSamples.Job(), retryUncertain: true);
            await journal.RefusedAsync(Key, JournalSamples.Refusal);
            Assert.Equal(KlingJobState.Uncertain, journal.Find(Key)!.State);
            await journal.SubmittingAsync(Key, JournalSamples.Job());
            await journal.RefusedAsync(Key, JournalSamples.Refusal);
        }

        using JobJournal next = _samples.Open();
        Assert.Equal(KlingJobState.Uncertain, next.Find(Key)!.State);
        await Assert.ThrowsAsync<KlingException>(() => next.SubmittingAsync(Key, JournalSamples.Job()));
    }

    [Fact]
    public async Task A_retry_that_is_uncertain_itself_is_not_repeated()
    {
        using JobJournal journal = _samples.Open();
        await journal.UncertainAsync(Key, JournalSamples.Doubt);
        await journal.SubmittingAsync(Key, JournalSamples.Job(), retryUncertain: true);
        await journal.UncertainAsync(Key, JournalSamples.Doubt);
        await Assert.ThrowsAsync<KlingException>(() => journal.SubmittingAsync(Key, JournalSamples.Job()));
    }

    [Fact]
    public async Task One_job_is_not_begun_twice_at_once()
    {
        using JobJournal journal = _samples.Open();
        Task[] begun = [.. Enumerable.Range(0, 20).Select(_ => Task.Run(() => journal.SubmittingAsync(Key, JournalSamples.Job())))];
        await Task.WhenAny(Task.WhenAll(begun));
        Assert.Equal(1, begun.Count(static task => task.IsCompletedSuccessfully));
        Assert.Equal(19, begun.Count(static task => task.Exception?.InnerException is InvalidOperationException));
    }

    [Fact]
    public async Task Nothing_works_on_a_closed_journal()
    {
        JobJournal journal = _samples.Open();
        journal.Dispose();
        journal.Dispose();
        Assert.Throws<ObjectDisposedException>(() => journal.Find(Key));
        Assert.Throws<ObjectDisposedException>(() => journal.Jobs);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => journal.SubmittingAsync(Key, JournalSamples.Job()));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => journal.AcceptedAsync(Key, JournalSamples.Task("t")));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => journal.RefusedAsync(Key, JournalSamples.Refusal));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => journal.UncertainAsync(Key, JournalSamples.Doubt));
    }

    [Fact]
    public async Task Jobs_come_in_the_order_of_first_mention_and_a_task_needs_an_id()
    {
        using JobJournal journal = _samples.Open();
        foreach (string key in (string[])["x:c", "x:a", "x:b"])
        {
            await journal.SubmittingAsync(key, JournalSamples.Job());
        }

        await journal.AcceptedAsync("x:a", JournalSamples.Task("t"));
        Assert.Equal(["x:c", "x:a", "x:b"], journal.Jobs.Select(static job => job.Key));
        await Assert.ThrowsAsync<ArgumentException>(() => journal.AcceptedAsync("x:b", JournalSamples.Task("")));
        Assert.Null(journal.Find("x:b")!.ToTask());
        Assert.Null(journal.Find("x:none"));
    }
}
