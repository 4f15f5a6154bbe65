using System.Text;
using System.Text.Json;
using KlingEffects.Files;
using KlingEffects.Jobs;
using KlingEffects.Journal;
using Xunit;

namespace KlingEffects.Tests.Journal;

/// <summary>One journal, whatever way leads to it; one name, in whatever form.</summary>
public sealed class JournalPathTests : IDisposable
{
    private const string Composed = "M\u00FCller";
    private const string Decomposed = "Mu\u0308ller";

    private readonly JournalSamples _samples = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _samples.Dispose();

    [Theory]
    [InlineData("folder")]
    [InlineData("folder of the folder")]
    [InlineData("file")]
    [InlineData("dots")]
    public async Task What_is_learnt_by_another_way_is_written_through_the_one_that_is_open(string way)
    {
        string other = Way(way);
        using JobJournal journal = _samples.Open();
        await journal.SubmittingAsync("x:a", JournalSamples.Job(externalId: "a"));
        await journal.AcceptedAsync("x:a", JournalSamples.Task("t-a"));
        Assert.Equal(KlingErrorId.JournalLocked, Assert.Throws<KlingException>(() => JobJournal.Open(other, _samples.Time)).Id);
        TaskRecorder recorder = new(_samples.Time);
        recorder.Ended(Ended("t-a", other));
        await recorder.CloseAsync(WarnAsync, TestContext.Current.CancellationToken);
        Assert.Empty(_warnings);
        Assert.Equal(KlingJobState.Failed, Assert.Single(journal.Jobs).State);
        await journal.SubmittingAsync("x:b", JournalSamples.Job(externalId: "b"));
    }

    [Fact]
    public void A_guard_of_this_very_process_is_not_stolen()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_samples.Path)!);
        using JournalGuard? held = JournalGuard.Take(_samples.Path, isBrief: false, _samples.Time);
        Assert.NotNull(held);
        KlingException locked = Assert.Throws<KlingException>(() => JournalGuard.Take(_samples.Path, isBrief: true, _samples.Time));
        Assert.Equal(KlingErrorId.JournalLocked, locked.Id);
        Assert.Contains($"(process {Environment.ProcessId})", locked.Message, StringComparison.Ordinal);
        Assert.True(held.IsMine);
    }

    [Fact]
    public async Task What_can_not_be_written_is_told_with_the_tasks_that_it_is_of()
    {
        TaskRecorder recorder = new(_samples.Time);
        recorder.Ended(Ended("t-1", _samples.Path));
        recorder.Ended(Ended("t-2", _samples.Path));
        await recorder.CloseAsync(WarnAsync, TestContext.Current.CancellationToken);
        string warning = Assert.Single(_warnings);
        Assert.Contains(_samples.Path, warning, StringComparison.Ordinal);
        Assert.Contains("t-1, t-2", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_that_is_busy_for_long_is_no_journal_that_was_written()
    {
        _samples.Open().Dispose();
        TaskCompletionSource isClosing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource mayClose = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task closing = Task.Run(() => OpenJournals.WhileClosed(_samples.Path, () =>
        {
            isClosing.SetResult();
            mayClose.Task.Wait(TestContext.Current.CancellationToken);
            return null;
        }), TestContext.Current.CancellationToken);
        await isClosing.Task;
        TaskRecorder recorder = new(_samples.Time);
        recorder.Ended(Ended("t-1", _samples.Path));
        Task closed = recorder.CloseAsync(WarnAsync, TestContext.Current.CancellationToken);
        while (!closed.IsCompleted)
        {
            _samples.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Contains("t-1", Assert.Single(_warnings), StringComparison.Ordinal);
        mayClose.SetResult();
        await closing;
    }

    [Fact]
    public async Task A_stop_ends_the_wait_for_another_owner()
    {
        _samples.Open().Dispose();
        File.WriteAllBytes(
            _samples.Path + JournalGuard.Extension,
            JsonSerializer.SerializeToUtf8Bytes(new GuardOwner { Host = "other", Process = 7, Started = "1", Token = "a" }, JournalJson.Guard));
        using CancellationTokenSource stop = new();
        TaskRecorder recorder = new(_samples.Time);
        recorder.Ended(Ended("t-1", _samples.Path));
        Task closed = recorder.CloseAsync(WarnAsync, stop.Token);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await closed.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(_warnings, static warning => warning.Contains("t-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ids_compare_in_form_C_in_old_journals_too()
    {
        Assert.Equal("x:" + Composed, await JobKey.CreateAsync(JournalSamples.Job(externalId: Decomposed), TestContext.Current.CancellationToken));
        _samples.Put(
            """{"klingJournal":1,"id":"5f3a"}""" + "\n"
            + $$"""{"event":"accepted","job":"x:{{Decomposed}}","taskId":"t-1"}""" + "\n");
        using JobJournal journal = _samples.Open();
        Assert.Equal("t-1", journal.Find("x:" + Composed)?.TaskId);
        Assert.Equal("t-1", journal.Find("x:" + Decomposed)?.TaskId);
    }

    [Theory]
    [InlineData(Composed, Decomposed)]
    [InlineData(Decomposed, Composed)]
    [InlineData("\u00E9" + Decomposed, "e\u0301" + Composed)]
    public void A_file_is_found_in_the_form_that_is_there(string there, string asked)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write(there + ".jpg", [1]);
        string found = NameForms.Existing(folder.Combine(asked + ".jpg"));
        Assert.True(File.Exists(found));
        Assert.Equal(path.Normalize(NormalizationForm.FormC), found.Normalize(NormalizationForm.FormC));
        string none = folder.Combine("kein" + asked);
        Assert.Equal(none, NameForms.Existing(none));
    }

    [Theory]
    [InlineData("jobs.journal", "jobs.journal")]
    [InlineData(" jobs.journal\r", "jobs.journal")]
    [InlineData("\"C:\\state\\jobs.journal\"\r\n", "C:\\state\\jobs.journal")]
    [InlineData("\uFEFF'a b.journal' ", "a b.journal")]
    [InlineData(" \"\" ", null)]
    [InlineData(null, null)]
    public void A_setting_is_taken_without_what_files_and_pasting_leave_around_it(string? text, string? path)
    {
        Environment.SetEnvironmentVariable("KLING_SETTING_OF_A_TEST", text);
        Assert.Equal(path, UserSetting.Read("KLING_SETTING_OF_A_TEST"));
        Environment.SetEnvironmentVariable("KLING_SETTING_OF_A_TEST", null);
    }

    private static KlingTask Ended(string id, string path) => new() { TaskId = id, Status = KlingTaskStatus.Failed, StatusMessage = "no face", JournalPath = path };

    private ValueTask WarnAsync(SafeText text)
    {
        _warnings.Add(text.ToString());
        return default;
    }

    private string Way(string way)
    {
        Assert.SkipWhen((OperatingSystem.IsWindows() || BuildUnderTest.IsNetStandard) && way != "dots", "Links need a right on Windows, and the other build knows of none.");
        _samples.Open().Dispose();
        string folder = Path.GetDirectoryName(_samples.Path)!;
        string above = Path.GetDirectoryName(folder)!;
        string link = Path.Combine(Path.GetDirectoryName(above)!, "link");
        switch (way)
        {
            case "folder":
                Directory.CreateSymbolicLink(link, folder);
                return Path.Combine(link, Path.GetFileName(_samples.Path));
            case "folder of the folder":
                Directory.CreateSymbolicLink(link, "deep");
                return Path.Combine(link, "er", Path.GetFileName(_samples.Path));
            case "file":
                File.CreateSymbolicLink(link, _samples.Path);
                return link;
            default:
                return Path.Combine(folder, "..", "er", ".", Path.GetFileName(_samples.Path));
        }
    }
}
