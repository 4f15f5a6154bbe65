using System.Diagnostics;
using Xunit;

namespace KlingEffects.Tests.Journal;

public sealed class JournalLockTests : IDisposable
{
    private readonly JournalSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    [Fact]
    public async Task A_second_holder_is_refused_until_the_first_is_through()
    {
        using (JobJournal journal = _samples.Open())
        {
            KlingException error = Assert.Throws<KlingException>(() => _samples.Open());
            Assert.Equal(KlingErrorId.JournalLocked, error.Id);
            Assert.Equal(_samples.Path, error.Target);
            await journal.UncertainAsync("x:a", JournalSamples.Doubt);
        }

        using JobJournal next = _samples.Open();
        Assert.Equal(KlingJobState.Uncertain, next.Find("x:a")!.State);
    }

    [Fact]
    public async Task Readers_see_what_a_holder_has_written_so_far_and_hold_nobody_up()
    {
        using JobJournal journal = _samples.Open();
        Assert.Empty(JobJournal.Read(_samples.Path));
        await journal.SubmittingAsync("x:a", JournalSamples.Job());
        Assert.Equal(KlingJobState.Submitting, Assert.Single(JobJournal.Read(_samples.Path)).State);
        await journal.AcceptedAsync("x:a", JournalSamples.Task("t"));
        Assert.Equal("t", Assert.Single(JobJournal.Read(_samples.Path)).TaskId);
    }

    [Fact]
    public void A_reader_does_not_keep_a_holder_out()
    {
        _samples.Open().Dispose();
        using FileStream reader = FileStreams.OpenUnlocked(_samples.Path);
        _samples.Open().Dispose();
        Assert.Equal('{', reader.ReadByte());
    }

    [Fact]
    public void A_file_that_is_no_journal_is_given_back_at_once()
    {
        _samples.Put("Dear diary");
        Assert.Throws<KlingException>(() => _samples.Open());
        using FileStream alone = new(_samples.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Equal(10, alone.Length);
    }

    [Fact]
    public void Another_process_is_kept_out_and_keeps_out()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/flock"), "Needs flock(1) to take the lock in another process.");
        using (JobJournal journal = _samples.Open())
        {
            using Process refused = Flock("-n", _samples.Path, "true");
            refused.WaitForExit();
            Assert.Equal(1, refused.ExitCode);
        }

        using Process holder = Flock(_samples.Path, "sh", "-c", "echo held; read line");
        Assert.Equal("held", holder.StandardOutput.ReadLine());
        Assert.Equal(KlingErrorId.JournalLocked, Assert.Throws<KlingException>(() => _samples.Open()).Id);
        Assert.Empty(JobJournal.Read(_samples.Path));
        holder.StandardInput.Close();
        holder.WaitForExit();
        _samples.Open().Dispose();
    }

    private static Process Flock(params string[] arguments) => Process.Start(
        new ProcessStartInfo("/usr/bin/flock", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
}
