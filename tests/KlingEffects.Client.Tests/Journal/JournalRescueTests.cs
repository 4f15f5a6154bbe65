using System.Diagnostics;
using KlingEffects.Journal;
using Xunit;

namespace KlingEffects.Tests.Journal;

/// <summary>A journal that is not there any more, or is another one, while a process works with it.</summary>
public sealed class JournalRescueTests : IDisposable
{
    private readonly JournalSamples _samples = new();

    private string Aside => _samples.Path + ".aside";

    public void Dispose() => _samples.Dispose();

    public static TheoryData<string> Deeds => ["deleted", "moved", "replaced", "copied back", "older copy", "truncated", "emptied", "one letter", "appended", "linked elsewhere", "folder moved"];

    [Theory]
    [MemberData(nameof(Deeds))]
    public async Task What_people_do_to_it_is_noticed_before_the_next_submit_and_the_next_run_knows_all(string deed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets nobody at a file that is held.");
        using (JobJournal first = _samples.Open())
        {
            await SubmitAsync(first, "old", "t-old");
        }

        File.Copy(_samples.Path, Aside);
        KlingException lost;
        using (JobJournal journal = _samples.Open())
        {
            await SubmitAsync(journal, "a", "t-a");
            await journal.SubmittingAsync("x:open", JournalSamples.Job(externalId: "open"));
            await journal.SubmittingAsync("x:silent", JournalSamples.Job(externalId: "silent"));
            Do(deed);
            lost = await Assert.ThrowsAsync<KlingException>(() => journal.SubmittingAsync("x:b", JournalSamples.Job(externalId: "b")));
            await journal.AcceptedAsync("x:open", JournalSamples.Task("t-open"));
            await journal.NoteAsync([JournalEntry.FromOutcome("t-a", new TaskRecord { Status = "succeed", Units = 2 }, default)]);
            Assert.Equal(lost.Message, (await Assert.ThrowsAsync<KlingException>(() => journal.SubmittingAsync("x:c", JournalSamples.Job(externalId: "c")))).Message);
            Assert.Equal(lost.Message, journal.FindLoss()!.Message);
        }

        Assert.Equal(KlingErrorId.JournalInvalid, lost.Id);
        string rescue = Assert.Single(JournalRescue.Beside(_samples.Path));
        Assert.Contains(rescue, lost.Message, StringComparison.Ordinal);
        Assert.Contains(rescue, lost.RecommendedAction, StringComparison.Ordinal);
        if (deed == "one letter")
        {
            File.Copy(Aside, _samples.Path, overwrite: true); // what is damaged is opened by nobody
        }

        AssertKnown(JobJournal.Read(_samples.Path));
        Assert.Single(JournalRescue.Beside(_samples.Path));
        using (JobJournal next = _samples.Open())
        {
            AssertKnown(next.Jobs);
            Assert.Empty(JournalRescue.Beside(_samples.Path));
        }

        using JobJournal again = _samples.Open();
        AssertKnown(again.Jobs);
        await SubmitAsync(again, "b", "t-b");
    }

    [Fact]
    public async Task A_journal_that_was_put_back_has_no_doubt_about_what_was_never_sent()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets nobody at a file that is held.");
        using (JobJournal journal = _samples.Open())
        {
            await SubmitAsync(journal, "a", "t-a");
            File.Move(_samples.Path, Aside);
            await Assert.ThrowsAsync<KlingException>(() => journal.SubmittingAsync("x:b", JournalSamples.Job(externalId: "b")));
        }

        File.Move(Aside, _samples.Path);
        // The other build looks at the path before it writes, and so has not written it.
        Assert.Equal(!BuildUnderTest.IsNetStandard, File.ReadLines(_samples.Path).Last().Contains("x:b", StringComparison.Ordinal));
        using JobJournal next = _samples.Open();
        Assert.Equal([KlingJobState.Running, KlingJobState.Refused], next.Jobs.Select(static job => job.State));
    }

    [Fact]
    public async Task A_doubt_about_another_submit_is_not_cleared_by_an_older_rescue()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets nobody at a file that is held.");
        using (JobJournal journal = _samples.Open())
        {
            File.Move(_samples.Path, Aside);
            await Assert.ThrowsAsync<KlingException>(() => journal.SubmittingAsync("x:b", JournalSamples.Job(externalId: "b")));
        }

        File.Move(Aside, _samples.Path);
        File.AppendAllText(_samples.Path, """{"event":"submitting","job":"x:b","at":"2026-11-22T22:00:00+00:00","externalTaskId":"b","scene":"hug"}""" + "\n");
        using JobJournal next = _samples.Open();
        Assert.Equal(KlingJobState.Uncertain, Assert.Single(next.Jobs).State);
    }

    [Fact]
    public async Task Another_task_of_the_same_job_is_kept_under_a_name_of_its_own()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets nobody at a file that is held.");
        using (JobJournal journal = _samples.Open())
        {
            await SubmitAsync(journal, "a", "t-a");
            File.Delete(_samples.Path);
            File.WriteAllText(_samples.Path, """{"klingJournal":1,"id":"5f3a"}""" + "\n" + """{"event":"accepted","job":"x:a","taskId":"t-other"}""" + "\n");
        }

        _samples.Open().Dispose();
        string kept = Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_samples.Path)!, "*.other-tasks-*"));
        Assert.Equal("t-a", Assert.Single(JobJournal.Read(kept)).TaskId);
    }

    [Fact]
    public async Task A_journal_that_goes_while_nothing_is_written_is_rescued_with_the_next_sign_of_life()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets nobody at a file that is held.");
        using JobJournal journal = _samples.Open();
        await SubmitAsync(journal, "a", "t-a");
        File.Delete(_samples.Path);
        Assert.Empty(JournalRescue.Beside(_samples.Path));
        _samples.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("t-a", Assert.Single(JobJournal.Read(_samples.Path)).TaskId);
    }

    [Fact]
    public async Task A_guard_that_somebody_removed_is_put_back()
    {
        using JobJournal journal = _samples.Open();
        File.Delete(_samples.Path + JournalGuard.Extension);
        await SubmitAsync(journal, "a", "t-a");
        Assert.True(File.Exists(_samples.Path + JournalGuard.Extension));
    }

    [Fact]
    public async Task A_touch_changes_nothing()
    {
        using JobJournal journal = _samples.Open();
        await SubmitAsync(journal, "a", "t-a");
        File.SetLastWriteTimeUtc(_samples.Path, DateTime.UtcNow.AddDays(1));
        await SubmitAsync(journal, "b", "t-b");
        Assert.Null(journal.FindLoss());
    }

    private static async Task SubmitAsync(JobJournal journal, string id, string taskId)
    {
        await journal.SubmittingAsync("x:" + id, JournalSamples.Job(externalId: id));
        await journal.AcceptedAsync("x:" + id, JournalSamples.Task(taskId));
    }

    private static void AssertKnown(IReadOnlyList<KlingJob> jobs)
    {
        Assert.Equal(
            [("a", "t-a", KlingJobState.Succeeded), ("old", "t-old", KlingJobState.Running), ("open", "t-open", KlingJobState.Running), ("silent", null, KlingJobState.Uncertain)],
            jobs.Where(static job => job.ExternalTaskId != "b").Select(static job => (job.ExternalTaskId, job.TaskId, job.State)).Order());
        Assert.DoesNotContain(jobs, static job => job is { ExternalTaskId: "b", State: not KlingJobState.Refused });
    }

    private void Do(string deed)
    {
        string path = _samples.Path;
        string folder = Path.GetDirectoryName(path)!;
        switch (deed)
        {
            case "deleted":
                File.Delete(path);
                break;
            case "moved":
                File.Move(path, path + ".moved");
                break;
            case "replaced":
                File.Delete(path);
                File.WriteAllText(path, """{"klingJournal":1,"id":"5f3a"}""" + "\n");
                break;
            case "copied back":
                Shell("cp \"$1\" \"$1.copy\" && mv \"$1.copy\" \"$1\"", path);
                break;
            case "older copy":
                Shell("cp \"$2\" \"$1.copy\" && mv \"$1.copy\" \"$1\"", path, Aside);
                break;
            case "truncated":
                Write(static file => file.SetLength(file.Length - 10));
                break;
            case "emptied":
                Write(static file => file.SetLength(0));
                break;
            case "one letter":
                File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1)); // a file system's clock may be coarse
                Write(static file =>
                {
                    file.Position = file.Length - 700;
                    file.WriteByte((byte)'#');
                });
                break;
            case "appended":
                Write(static file =>
                {
                    file.Position = file.Length;
                    file.Write("""{"event":"later","job":"x:z"}"""u8);
                    file.WriteByte((byte)'\n');
                });
                break;
            case "linked elsewhere":
                File.Delete(path);
                File.CreateSymbolicLink(path, Aside);
                break;
            default:
                Directory.Move(folder, folder + ".moved");
                break;
        }
    }

    private void Write(Action<FileStream> change)
    {
        // By another process, as .NET would refuse this one.
        string copy = _samples.Path + ".edited";
        Shell("cp \"$1\" \"$2\"", _samples.Path, copy);
        using (FileStream file = new(copy, FileMode.Open))
        {
            change(file);
        }

        Shell("cat \"$2\" > \"$1\"", _samples.Path, copy);
        File.Delete(copy);
    }

    private static void Shell(string script, params string[] paths)
    {
        using Process shell = Process.Start("/bin/sh", ["-c", script, "sh", .. paths]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
