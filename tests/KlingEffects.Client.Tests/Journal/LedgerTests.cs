using KlingEffects.Journal;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace KlingEffects.Tests.Journal;

/// <summary>The notes of submits that have no journal.</summary>
[Collection(nameof(LedgerTests))]
public sealed class LedgerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 21, 0, 0, TimeSpan.Zero));
    private readonly string? _before = Environment.GetEnvironmentVariable("KLING_LEDGER");

    public LedgerTests() => Use(_folder.Combine("state"));

    private string[] Files => [.. Directory.GetFiles(_folder.Combine("state")).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        Use(_before);
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_submit_is_a_job_of_its_own_with_what_became_of_it()
    {
        Ledger ledger = Ledger.Open(_time)!;
        foreach (string id in (string[])["t-1", "t-2"])
        {
            string key = ledger.NewKey();
            await ledger.SubmittingAsync(key, new SubmitAttempt(JournalSamples.Job(externalId: "order-1")));
            await ledger.AcceptedAsync(key, JournalSamples.Task(id));
        }

        string refused = ledger.NewKey();
        await ledger.SubmittingAsync(refused, new SubmitAttempt(JournalSamples.Job("squish")));
        await ledger.RefusedAsync(refused, JournalSamples.Refusal);
        string open = ledger.NewKey();
        await ledger.SubmittingAsync(open, new SubmitAttempt(JournalSamples.Job("doubt")));
        Assert.Equal(
            [("order-1", "hug", KlingJobState.Running, "t-1"), ("order-1", "hug", KlingJobState.Running, "t-2"), (null, "squish", KlingJobState.Refused, null), (null, "doubt", KlingJobState.Submitting, null)],
            Read().Select(static job => (job.ExternalTaskId, job.Scene, job.State, job.TaskId)));
        await ledger.UncertainAsync(open, JournalSamples.Doubt);
        Assert.Equal(KlingJobState.Uncertain, Read()[^1].State);
        Assert.Single(Files);
    }

    [Fact]
    public async Task It_holds_no_key_and_no_signature_and_reads_as_a_journal()
    {
        Ledger ledger = Ledger.Open(_time)!;
        await NoteAsync(ledger, "t-1");
        Assert.DoesNotContain("s3cr3t", File.ReadAllText(Files[0]), StringComparison.Ordinal);
        Assert.Equal("t-1", Assert.Single(JobJournal.Read(Files[0])).TaskId);
    }

    [Fact]
    public async Task Ends_that_another_process_learnt_are_told_though_its_file_is_the_older_one()
    {
        Directory.CreateDirectory(_folder.Combine("state"));
        File.WriteAllText(
            _folder.Combine("state/20260101T000000-1-a.ledger"),
            """
            {"klingJournal":1,"id":"a"}
            {"event":"saved","taskId":"t-1","outcome":{"status":"succeed","units":2,"files":[{"path":"/out/1.mp4"}]}}
            {"event":"submitting","job":"a:1","scene":"hug"}

            """);
        await NoteAsync(Ledger.Open(_time)!, "t-1");
        Assert.Equal([KlingJobState.Uncertain, KlingJobState.Saved], Read().Select(static job => job.State));
        Assert.Equal((2m, "/out/1.mp4"), (Read()[1].Units, Read()[1].Files[0]));
    }

    [Fact]
    public async Task What_is_old_or_torn_or_gone_is_in_nobodys_way()
    {
        Directory.CreateDirectory(_folder.Combine("state"));
        string old = _folder.Write("state/20260101T000000-1-a.ledger", [1]);
        string others = _folder.Write("state/mine.txt", [1]);
        string damaged = _folder.Write("state/20260102T000000-1-b.ledger", "no journal\n\n"u8.ToArray());
        File.SetLastWriteTimeUtc(old, _time.GetUtcNow().AddDays(-31).UtcDateTime);
        File.SetLastWriteTimeUtc(others, _time.GetUtcNow().AddDays(-31).UtcDateTime);
        File.SetLastWriteTimeUtc(damaged, _time.GetUtcNow().UtcDateTime);
        Ledger ledger = Ledger.Open(_time)!;
        await NoteAsync(ledger, "t-1");
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(others));
        List<KlingException> unreadable = [];
        Assert.Single(Ledger.Read(unreadable.Add));
        Assert.Equal(damaged, Assert.Single(unreadable).Target);
        Directory.Delete(_folder.Combine("state"), recursive: true);
        Assert.Empty(Read());
        await NoteAsync(ledger, "t-2");
        Assert.Equal("t-2", Assert.Single(Read()).TaskId);
    }

    [Fact]
    public async Task After_half_a_line_it_goes_on_in_a_file_of_its_own()
    {
        Use(_folder.Combine("state") + Path.DirectorySeparatorChar);
        Ledger ledger = Ledger.Open(_time)!;
        await NoteAsync(ledger, "t-1");
        File.AppendAllText(Files[0], "{\"event\":\"sub");
        File.Move(Files[0], Path.ChangeExtension(Files[0], null) + "-torn.ledger");
        await NoteAsync(ledger, "t-2");
        Assert.Equal(2, Files.Length);
        Assert.Equal(["t-1", "t-2"], Read().Select(static job => job.TaskId).Order(StringComparer.Ordinal));
        Assert.NotNull(Ledger.For(new KlingTask { TaskId = "t-1", JournalPath = Read()[0].JournalPath }, _time));
    }

    [Fact]
    public async Task What_a_lost_journal_knew_lies_here_where_nothing_can_be_written_beside_it_and_the_advice_is_where_to_put_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets nobody at a file that is held.");
        string folder = _folder.Combine("batch");
        string path = Path.Combine(folder, "jobs.journal");
        string rescue;
        using (JobJournal journal = JobJournal.Open(path, _time))
        {
            await journal.SubmittingAsync("x:a", JournalSamples.Job(externalId: "a"));
            Directory.Move(folder, folder + ".aside");
            File.WriteAllText(folder, "no folder");
            KlingException loss = journal.FindLoss()!;
            rescue = Assert.Single(Files);
            Assert.Contains($"with '{rescue}' beside it", loss.RecommendedAction, StringComparison.Ordinal);
            await journal.AcceptedAsync("x:a", JournalSamples.Task("t-a"));
        }

        File.Delete(folder);
        Directory.Move(folder + ".aside", folder);
        File.Move(rescue, Path.Combine(folder, Path.GetFileName(rescue)));
        Assert.Equal("t-a", Assert.Single(JobJournal.Read(path)).TaskId);
    }

    [Theory]
    [InlineData("off")]
    [InlineData(" \"OFF\"\r")]
    public void It_can_be_switched_off(string setting)
    {
        Use(setting);
        Assert.Null(Ledger.Open(_time));
        Assert.Empty(Read());
    }

    [Fact]
    public async Task Where_it_can_not_be_written_submits_go_on_without_a_word()
    {
        Use(_folder.Write("a-file", [1]));
        await NoteAsync(Ledger.Open(_time)!, "t-1");
        Assert.Empty(Read());
    }

    private static void Use(string? setting) => Environment.SetEnvironmentVariable("KLING_LEDGER", setting);

    private static IReadOnlyList<KlingJob> Read() => Ledger.Read(static failure => throw failure);

    private static async Task NoteAsync(Ledger ledger, string id)
    {
        string key = ledger.NewKey();
        await ledger.SubmittingAsync(key, new SubmitAttempt(JournalSamples.Job()));
        await ledger.AcceptedAsync(key, JournalSamples.Task(id));
    }
}
