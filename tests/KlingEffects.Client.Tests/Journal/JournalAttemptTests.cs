using KlingEffects.Journal;
using Xunit;

namespace KlingEffects.Tests.Journal;

/// <summary>A job from its first task to its files: how tasks ended, new attempts, and what the next run reads of it.</summary>
public sealed class JournalAttemptTests : IDisposable
{
    private const string Key = "x:order-1";

    private readonly JournalSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    [Fact]
    public async Task A_failed_job_is_begun_anew_under_another_sent_id_and_keeps_its_own()
    {
        using (JobJournal journal = await FailedAsync())
        {
            Assert.True(journal.Find(Key)!.HasFailed);
            await Assert.ThrowsAsync<InvalidOperationException>(() => journal.SubmittingAsync(Key, JournalSamples.Job(externalId: "order-1")));
            string sent = journal.SentIdFor(Key, 2);
            Assert.Equal("order-1.2", sent);
            await journal.SubmittingAsync(Key, Attempt(sent, 2));
        }

        using JobJournal next = _samples.Open();
        KlingJob job = next.Find(Key)!;
        Assert.Equal((KlingJobState.Uncertain, 2, "order-1", "order-1.2", null), (job.State, job.Attempt, job.ExternalTaskId, job.SentId, job.TaskId));
        Assert.Contains("order-1.2", Assert.Throws<KlingException>(() => Submit(next, "order-1.2", 2)).Message, StringComparison.Ordinal);
        await next.AcceptedAsync(Key, JournalSamples.Task("t-2"), found: true);
        KlingTask task = next.Find(Key)!.ToTask()!;
        Assert.Equal(("t-2", "order-1", KlingTaskStatus.Submitted), (task.TaskId, task.ExternalTaskId, task.Status));
    }

    [Fact]
    public async Task What_comes_late_about_an_earlier_attempt_changes_nothing()
    {
        using JobJournal journal = await FailedAsync();
        await journal.SubmittingAsync(Key, Attempt("order-1.2", 2));
        await journal.AcceptedAsync(Key, JournalSamples.Task("t-2"));
        await journal.NoteAsync([Ended("t-1", "succeed")]);
        Assert.Equal(("t-2", null), (journal.Find(Key)!.TaskId, journal.Find(Key)!.Record.Ended));
        await Assert.ThrowsAsync<InvalidOperationException>(() => journal.SubmittingAsync(Key, Attempt("order-1.3", 3)));
    }

    [Fact]
    public async Task An_attempt_that_made_nothing_is_made_under_its_number_again()
    {
        using JobJournal journal = await FailedAsync();
        await journal.SubmittingAsync(Key, Attempt("order-1.2", 2));
        await journal.RefusedAsync(Key, JournalSamples.Refusal);
        Assert.Equal((KlingJobState.Refused, 2, "order-1.2"), (journal.Find(Key)!.State, journal.Find(Key)!.Attempt, journal.Find(Key)!.SentId));
        await journal.SubmittingAsync(Key, Attempt("order-1.2", 2));
        Assert.Equal(KlingJobState.Submitting, journal.Find(Key)!.State);
    }

    [Fact]
    public async Task Another_job_of_the_same_words_is_sent_under_other_ones()
    {
        using JobJournal journal = await FailedAsync();
        Assert.Equal("order-1.2", journal.SentIdFor(Key, 2));
        Assert.Equal("order-1.2.1", journal.SentIdFor("x:order-1.2", 1));
        Assert.Equal("order-1.2", journal.SentIdFor(Key, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ends_and_files_may_come_in_either_order(bool filesFirst)
    {
        using JobJournal journal = await AcceptedAsync();
        TaskRecord saved = new() { Status = "succeed", SavedAt = _samples.Time.GetUtcNow(), Files = [new SavedFile { Path = "/out/1.mp4", VideoId = "v" }] };
        JournalEntry[] entries = [Ended("t-1", "succeed", units: 2), JournalEntry.FromOutcome("t-1", saved, _samples.Time.GetUtcNow())];
        await journal.NoteAsync(filesFirst ? [entries[1], entries[0]] : entries);
        foreach (KlingJob job in (KlingJob[])[.. JobJournal.Read(_samples.Path)])
        {
            Assert.Equal((KlingJobState.Saved, 2m, "/out/1.mp4", _samples.Time.GetUtcNow()), (job.State, job.Units, Assert.Single(job.Files), job.SavedAt));
        }
    }

    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(null, 2, 2)]
    [InlineData(1, null, 1)]
    [InlineData(null, null, null)]
    public async Task A_job_costs_what_its_failed_attempts_cost_too_as_far_as_that_is_told(int? first, int? second, int? both)
    {
        using JobJournal journal = await AcceptedAsync();
        await journal.NoteAsync([Ended("t-1", "failed", first, first * 0.14m)]);
        Submit(journal, "order-1.2", 2);
        Assert.Equal((first, first * 0.14m), Costs());
        await journal.AcceptedAsync(Key, JournalSamples.Task("t-2"));
        await journal.NoteAsync([Ended("t-2", "succeed", second, second * 0.14m)]);
        Assert.Equal((both, both * 0.14m), Costs());
        Assert.Equal((second, second * 0.14m), (JobJournal.Read(_samples.Path).Single().ToTask()!.Units, JobJournal.Read(_samples.Path).Single().ToTask()!.Cost));

        (decimal? Units, decimal? Cost) Costs() => JobJournal.Read(_samples.Path).Select(static job => (job.Units, job.Cost)).Single();
    }

    [Fact]
    public async Task What_failed_by_one_answer_and_was_saved_is_saved()
    {
        using JobJournal journal = await AcceptedAsync();
        TaskRecord saved = new() { Status = "succeed", Files = [new SavedFile { Path = "/out/1.mp4" }] };
        await journal.NoteAsync([JournalEntry.FromOutcome("t-1", saved, default), Ended("t-1", "failed")]);
        Assert.False(journal.Find(Key)!.HasFailed);
    }

    [Fact]
    public async Task The_first_release_reads_an_attempt_as_the_task_that_there_was()
    {
        using (JobJournal journal = await FailedAsync())
        {
            await journal.SubmittingAsync(Key, Attempt("order-1.2", 2));
            await journal.AcceptedAsync(Key, JournalSamples.Task("t-2"));
        }

        Assert.StartsWith("{\"klingJournal\":1,", File.ReadAllText(_samples.Path), StringComparison.Ordinal);
    }

    private static SubmitAttempt Attempt(string sentId, int number) => new(JournalSamples.Job(externalId: sentId)) { Number = number };

    private static void Submit(JobJournal journal, string sentId, int number) =>
        journal.SubmittingAsync(Key, Attempt(sentId, number)).GetAwaiter().GetResult();

    private static JournalEntry Ended(string id, string status, decimal? units = null, decimal? cost = null) =>
        JournalEntry.FromOutcome(id, new TaskRecord { Status = status, Message = status == "failed" ? "no face" : null, Units = units, Cost = cost }, default);

    private async Task<JobJournal> AcceptedAsync()
    {
        JobJournal journal = _samples.Open();
        await journal.SubmittingAsync(Key, JournalSamples.Job(externalId: "order-1"));
        await journal.AcceptedAsync(Key, JournalSamples.Task("t-1"));
        return journal;
    }

    private async Task<JobJournal> FailedAsync()
    {
        JobJournal journal = await AcceptedAsync();
        await journal.NoteAsync([Ended("t-1", "failed")]);
        return journal;
    }
}
