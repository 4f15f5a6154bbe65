using KlingEffects.Files;
using Xunit;

namespace KlingEffects.Tests.Journal;

public sealed class JournalWriteTests : IDisposable
{
    private readonly JournalSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    [Fact]
    public async Task Lines_that_come_during_a_flush_share_the_next()
    {
        const int jobs = 200;
        SlowDisk? disk = null;
        using JobJournal journal = _samples.Open(path => disk = new SlowDisk(path));
        int flushedToOpen = disk!.Flushes;
        List<Task> begun = [];
        using (disk.HoldUp())
        {
            begun.Add(journal.SubmittingAsync("x:first", JournalSamples.Job()));
            await disk.IsFlushing.WaitAsync(TestContext.Current.CancellationToken);
            begun.AddRange(Enumerable.Range(0, jobs).Select(i => journal.SubmittingAsync($"x:{i}", JournalSamples.Job())));
            Assert.Null(journal.Find("x:first"));
            Assert.DoesNotContain(begun, static task => task.IsCompleted);
        }

        await Task.WhenAll(begun);
        Assert.Equal(2, disk.Flushes - flushedToOpen);
        Assert.Equal(jobs + 1, journal.Jobs.Count(static job => job.State == KlingJobState.Submitting));
        Assert.Equal(jobs + 1, JobJournal.Read(_samples.Path).Count);
    }

    [Fact]
    public async Task A_call_ends_after_its_line_is_on_the_disk()
    {
        SlowDisk? disk = null;
        using JobJournal journal = _samples.Open(path => disk = new SlowDisk(path));
        for (int i = 0; i < 20; i++)
        {
            int flushes = disk!.Flushes;
            await journal.SubmittingAsync($"x:{i}", JournalSamples.Job());
            Assert.Equal(flushes + 1, disk.Flushes);
            Assert.Equal(i + 1, JobJournal.Read(_samples.Path).Count);
        }
    }

    [Fact]
    public async Task Closing_writes_what_is_queued()
    {
        SlowDisk? disk = null;
        JobJournal journal = _samples.Open(path => disk = new SlowDisk(path));
        Task[] begun;
        using (disk!.HoldUp())
        {
            begun = [.. Enumerable.Range(0, 50).Select(i => journal.SubmittingAsync($"x:{i}", JournalSamples.Job()))];
            await disk.IsFlushing.WaitAsync(TestContext.Current.CancellationToken);
        }

        journal.Dispose();
        Assert.Equal(50, JobJournal.Read(_samples.Path).Count);
        await Task.WhenAll(begun);
        _samples.Open().Dispose();
    }

    [Fact]
    public async Task A_full_disk_ends_all_submitting_and_loses_nothing_that_was_told()
    {
        FullDisk? disk = null;
        using (JobJournal journal = _samples.Open(path => disk = new FullDisk(path)))
        {
            await journal.SubmittingAsync("x:a", JournalSamples.Job(externalId: "a"));
            disk!.BytesLeft = 100;
            KlingException error = await Assert.ThrowsAsync<KlingException>(() => journal.AcceptedAsync("x:a", JournalSamples.Task("t-a")));
            Assert.Equal(KlingErrorId.JournalInvalid, error.Id);
            Assert.Equal($"The journal '{_samples.Path}' could not be written: the disk is full. Nothing more is submitted with it.", error.Message);
            Assert.Equal(_samples.Path, error.Target);
            Assert.Equal(KlingJobState.Submitting, journal.Find("x:a")!.State);

            disk.BytesLeft = int.MaxValue;
            Assert.Equal(
                error.Message,
                (await Assert.ThrowsAsync<KlingException>(() => journal.SubmittingAsync("x:b", JournalSamples.Job()))).Message);
            Assert.Null(journal.Find("x:b"));
        }

        using JobJournal next = _samples.Open();
        Assert.Equal(KlingJobState.Uncertain, Assert.Single(next.Jobs).State);
        await next.AcceptedAsync("x:a", JournalSamples.Task("t-a"), found: true);
    }

    [Fact]
    public async Task Lines_that_wait_for_a_flush_that_fails_fail_with_it()
    {
        FullDisk? disk = null;
        using JobJournal journal = _samples.Open(path => disk = new FullDisk(path));
        disk!.BytesLeft = 0;
        Task[] begun = [.. Enumerable.Range(0, 50).Select(i => journal.SubmittingAsync($"x:{i}", JournalSamples.Job()))];
        foreach (Task task in begun)
        {
            Assert.Equal(KlingErrorId.JournalInvalid, (await Assert.ThrowsAsync<KlingException>(() => task)).Id);
        }

        Assert.Empty(journal.Jobs);
    }

    [Fact]
    public void A_disk_too_full_for_the_header_is_said_and_gives_the_file_back()
    {
        KlingException error = Assert.Throws<KlingException>(() => _samples.Open(static path => new FullDisk(path) { BytesLeft = 10 }));
        Assert.Contains("could not be written: the disk is full", error.Message, StringComparison.Ordinal);
        _samples.Open().Dispose();
    }

    [Fact]
    public void The_systems_own_word_for_a_full_disk_is_understood()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs /dev/full.");
        using FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
        IOException fault = Assert.Throws<IOException>(() => full.Write([1, 2, 3], 0, 3));
        Assert.True(FileFault.IsDiskFull(fault));
        Assert.False(FileFault.IsInUse(fault));
        Assert.Equal("the disk is full", FileFault.Reason(fault));
    }
}
