using System.Diagnostics;
using System.Text.Json;
using KlingEffects.Journal;
using Xunit;

namespace KlingEffects.Tests.Journal;

/// <summary>A journal on a file system that does not lock: only the file beside it keeps two processes apart.</summary>
public sealed class JournalGuardTests : IDisposable
{
    private readonly JournalSamples _samples = new();

    private string Guard => _samples.Path + JournalGuard.Extension;

    public void Dispose() => _samples.Dispose();

    [Fact]
    public void The_guard_is_there_while_the_journal_is_held_and_gone_after()
    {
        using (Open())
        {
            Assert.Equal(Environment.ProcessId, GuardOwner.Read(Guard)!.Process);
        }

        Assert.False(File.Exists(Guard));
    }

    [Fact]
    public void A_process_that_runs_keeps_others_out_and_is_named()
    {
        PutGuard(new GuardOwner { Host = GuardOwner.ThisHost, Process = Parent(), Started = StartOf(Parent()), Token = "a" });
        KlingException locked = Assert.Throws<KlingException>(Open);
        Assert.Equal(KlingErrorId.JournalLocked, locked.Id);
        Assert.Contains($"process {Parent()}", locked.Message, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(_samples.Path).Length);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_process_that_crashed_keeps_nobody_out_though_its_id_is_used_again(bool idIsUsedAgain, bool isGone)
    {
        int id = isGone ? Ended() : Parent();
        PutGuard(new GuardOwner { Host = GuardOwner.ThisHost, Process = id, Started = idIsUsedAgain ? "1" : "2", Token = "a" });
        using JobJournal journal = Open();
        Assert.NotEqual("a", GuardOwner.Read(Guard)!.Token);
        Assert.Equal([Path.GetFileName(_samples.Path), Path.GetFileName(Guard)], Directory.GetFiles(Path.GetDirectoryName(_samples.Path)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_process_of_another_machine_counts_as_long_as_it_gives_signs_of_life()
    {
        PutGuard(new GuardOwner { Host = "other", Process = 1, Started = "1", Token = "a" });
        Assert.Contains("of other", Assert.Throws<KlingException>(Open).Message, StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(Guard, DateTime.UtcNow.AddSeconds(-61));
        Open().Dispose();
        Assert.False(File.Exists(Guard));
    }

    [Fact]
    public void A_guard_that_was_torn_by_a_crash_keeps_nobody_out_for_long()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Guard)!);
        File.WriteAllText(Guard, "{\"ho");
        Assert.Throws<KlingException>(Open);
        File.SetLastWriteTimeUtc(Guard, DateTime.UtcNow.AddSeconds(-61));
        Open().Dispose();
    }

    [Fact]
    public void Signs_of_life_are_given_while_the_journal_is_held()
    {
        using JobJournal journal = Open();
        File.SetLastWriteTimeUtc(Guard, DateTime.UtcNow.AddHours(-1));
        _samples.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(File.GetLastWriteTimeUtc(Guard) > DateTime.UtcNow.AddMinutes(-1));
    }

    [Fact]
    public async Task Nothing_is_begun_nor_written_once_another_has_taken_the_journal()
    {
        using JobJournal journal = Open();
        await journal.SubmittingAsync("x:a", JournalSamples.Job(externalId: "a"));
        byte[] before = _samples.Bytes();
        PutGuard(new GuardOwner { Host = "other", Process = 1, Started = "1", Token = "a" });
        KlingException lost = await Assert.ThrowsAsync<KlingException>(() => journal.SubmittingAsync("x:b", JournalSamples.Job(externalId: "b")));
        Assert.Equal(KlingErrorId.JournalLocked, lost.Id);
        Assert.Equal(before, _samples.Bytes());
    }

    [Fact]
    public async Task A_folder_in_the_guards_place_ends_submitting_and_no_process()
    {
        using (JobJournal journal = Open())
        {
            await journal.SubmittingAsync("x:a", JournalSamples.Job(externalId: "a"));
            File.Delete(Guard);
            Directory.CreateDirectory(Guard);
            _samples.Time.Advance(TimeSpan.FromSeconds(10)); // a sign of life, on a thread of the clock's
            KlingException lost = await Assert.ThrowsAsync<KlingException>(() => journal.SubmittingAsync("x:b", JournalSamples.Job(externalId: "b")));
            Assert.Equal(KlingErrorId.JournalLocked, lost.Id);
            await journal.AcceptedAsync("x:a", JournalSamples.Task("t"));
        }

        Assert.Equal("t", Assert.Single(JobJournal.Read(_samples.Path)).TaskId);
    }

    [Fact]
    public async Task Lines_of_another_are_never_written_over()
    {
        using JobJournal journal = Open();
        await journal.SubmittingAsync("x:a", JournalSamples.Job(externalId: "a"));
        const string Line = """{"event":"accepted","job":"x:a","taskId":"t-other"}""" + "\n";
        File.AppendAllText(_samples.Path, Line);
        byte[] before = _samples.Bytes();
        await journal.AcceptedAsync("x:a", JournalSamples.Task("t"));
        Assert.Equal(KlingErrorId.JournalInvalid, (await Assert.ThrowsAsync<KlingException>(() => journal.SubmittingAsync("x:b", JournalSamples.Job(externalId: "b")))).Id);
        Assert.Equal(before, _samples.Bytes());
        Assert.Equal("t", Assert.Single(JobJournal.Read(Assert.Single(JournalRescue.Beside(_samples.Path)))).TaskId);
    }

    [Fact]
    public async Task A_file_system_that_keeps_nothing_is_noticed_before_the_first_submit()
    {
        ForgetfulDisk? disk = null;
        using JobJournal journal = _samples.Open(path => disk = new ForgetfulDisk(path));
        disk!.Forgets = true;
        KlingException fault = await Assert.ThrowsAsync<KlingException>(() => journal.SubmittingAsync("x:a", JournalSamples.Job(externalId: "a")));
        Assert.Equal(KlingErrorId.JournalInvalid, fault.Id);
        Assert.Contains("does not keep", fault.Message, StringComparison.Ordinal);
    }

    private static int Parent() => OperatingSystem.IsLinux() ? 1 : Process.GetProcesses().First(static process => process.Id > 4).Id;

    private static string StartOf(int id) => OperatingSystem.IsLinux()
        ? File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[19]
        : Process.GetProcessById(id).StartTime.ToUniversalTime().Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static int Ended()
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.Id;
    }

    private void PutGuard(GuardOwner owner)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Guard)!);
        File.WriteAllBytes(Guard, JsonSerializer.SerializeToUtf8Bytes(owner, JournalJson.Guard));
    }

    private JobJournal Open() => _samples.Open(static path => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 1));
}

/// <summary>A file that takes all and grows by it, and keeps it from everybody else.</summary>
internal sealed class ForgetfulDisk(string path) : FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, JournalFile.WhileHeld, bufferSize: 1)
{
    private long _claimed;

    public bool Forgets { get; set; }

    public override long Length => base.Length + _claimed;

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (Forgets)
        {
            _claimed += count;
        }
        else
        {
            base.Write(buffer, offset, count);
        }
    }
}
