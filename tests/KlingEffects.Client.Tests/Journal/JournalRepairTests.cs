using System.Text;
using Xunit;

namespace KlingEffects.Tests.Journal;

public sealed class JournalRepairTests : IDisposable
{
    private const string Header = """{"klingJournal":1,"id":"00112233445566778899aabbccddeeff","createdAt":"2026-11-22T21:00:00+00:00"}""";

    private readonly JournalSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    [Fact]
    public async Task A_journal_cut_at_any_byte_of_its_last_two_lines_loses_the_torn_line_at_most()
    {
        using (JobJournal journal = _samples.Open())
        {
            await journal.SubmittingAsync("x:a", JournalSamples.Job(externalId: "a"));
            await journal.AcceptedAsync("x:a", JournalSamples.Task("t-a"));
            await journal.SubmittingAsync("x:b", JournalSamples.Job("é 漢", "b"));
            await journal.AcceptedAsync("x:b", JournalSamples.Task("t-b"));
        }

        byte[] whole = _samples.Bytes();
        int[] ends = [.. whole.Index().Where(static at => at.Item == (byte)'\n').Select(static at => at.Index)];
        for (int cut = ends[2] + 1; cut <= whole.Length; cut++)
        {
            KlingJobState? expected = cut >= ends[4] ? KlingJobState.Running : cut >= ends[3] ? KlingJobState.Uncertain : null;
            _samples.Put(whole[..cut]);
            Assert.Equal(expected, JobJournal.Read(_samples.Path).SingleOrDefault(static job => job.Key == "x:b")?.State);
            Assert.Equal(cut, _samples.Bytes().Length);
            _samples.Open().Dispose();
            Assert.Equal(whole[..(ends.Last(end => end <= cut) + 1)], _samples.Bytes());
            using (JobJournal journal = _samples.Open())
            {
                Assert.Equal("t-a", journal.Find("x:a")!.TaskId);
                Assert.Equal(expected, journal.Find("x:b")?.State);
                await journal.SubmittingAsync("x:c", JournalSamples.Job(externalId: "c"));
                await journal.AcceptedAsync("x:c", JournalSamples.Task("t-c"));
            }

            using JobJournal again = _samples.Open();
            Assert.Equal(["t-a", "t-c"], [again.Find("x:a")!.TaskId, again.Find("x:c")!.TaskId]);
            Assert.Equal(expected, again.Find("x:b")?.State);
        }
    }

    [Fact]
    public void A_header_cut_at_any_byte_is_written_anew_and_a_whole_one_keeps_its_id()
    {
        for (int cut = 0; cut <= Header.Length; cut++)
        {
            _samples.Put(Header[..cut]);
            Assert.Empty(JobJournal.Read(_samples.Path));
            string id;
            using (JobJournal journal = _samples.Open())
            {
                id = journal.ExternalIdFor("sha256:0");
            }

            using (JobJournal again = _samples.Open())
            {
                Assert.Equal(id, again.ExternalIdFor("sha256:0"));
            }

            string kept = File.ReadAllText(_samples.Path);
            Assert.Equal(cut == Header.Length, kept == Header + "\n");
        }
    }

    [Theory]
    [InlineData("{\"event\":\"accepted\",\"job\":\"x:a\"")]
    [InlineData("{\"event\":\"accepted\",\"job\":\"x:a\"}")]
    [InlineData("{\"event\":\"refused\"}")]
    [InlineData("{\"job\":\"x:a\"}")]
    [InlineData("{\"event\":\"submitting\",\"job\":7}")]
    [InlineData("\0\0\0\0")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("x")]
    public void Damage_before_the_last_line_is_named_by_its_line_and_left_alone(string line)
    {
        string content = $"{Header}\n{{\"event\":\"uncertain\",\"job\":\"x:b\"}}\n{line}\n{{\"event\":\"unc";
        AssertInvalid(content, "is damaged: line 3 can't be read");
        AssertInvalid($"{Header}\n{line}\n", "is damaged: line 2 can't be read");
    }

    [Fact]
    public void Invalid_text_and_endless_lines_are_damage()
    {
        byte[] start = Encoding.UTF8.GetBytes(Header + "\n{\"event\":\"uncertain\",\"job\":\"");
        AssertInvalid([.. start, 0xFF, 0xC0, .. "\"}\n"u8], "line 2 can't be read");
        AssertInvalid([.. start, .. Enumerable.Repeat((byte)'a', 3 << 20), .. "\"}\n"u8], "line 2 can't be read");
        AssertInvalid(new byte[3 << 20], "is not a journal");
    }

    [Theory]
    [InlineData("Dear diary")]
    [InlineData("Dear diary\n")]
    [InlineData("\n")]
    [InlineData("{}")]
    [InlineData("{\"klingJournal\":\"1\"}\n")]
    [InlineData("{\"klingJournal\":null,\"id\":\"1\"}\n")]
    [InlineData("{\"klingJournal\":1,\"id\"\n")]
    [InlineData("[{\"klingJournal\":1}]\n")]
    public void Another_kind_of_file_is_left_alone(string content) => AssertInvalid(content, "is not a journal");

    [Theory]
    [InlineData("{\"klingJournal\":2,\"id\":\"1\",\"more\":{}}\nwhatever\n", "newer version of this module: it has version 2, known here is 1")]
    [InlineData("{\"klingJournal\":1}\n", "line 1 can't be read")]
    [InlineData("{\"klingJournal\":0,\"id\":\"1\"}\n", "line 1 can't be read")]
    public void A_header_that_is_not_of_this_version_is_refused(string content, string reason) => AssertInvalid(content, reason);

    [Fact]
    public async Task What_later_modules_add_and_editors_leave_is_passed_over()
    {
        _samples.Put("\uFEFF" + string.Join("\r\n",
            Header.Replace("}", ",\"tool\":[1]}", StringComparison.Ordinal),
            """{"event":"seen","what":{"deep":[{}]}}""",
            "",
            """{"event":"submitting","job":"x:a","scene":"hug","price":0.3,"images":null}""",
            """{"event":"accepted","job":"x:a","taskId":"t-a","region":{"name":"x"}}""",
            " \t"));
        using (JobJournal journal = _samples.Open())
        {
            Assert.Equal("t-a", journal.Find("x:a")!.TaskId);
            await journal.UncertainAsync("x:b", JournalSamples.Doubt);
        }

        Assert.Equal([KlingJobState.Running, KlingJobState.Uncertain], JobJournal.Read(_samples.Path).Select(static job => job.State));
    }

    [Fact]
    public void Opening_what_can_not_be_a_file_says_why()
    {
        Directory.CreateDirectory(_samples.Path);
        KlingException error = Assert.Throws<KlingException>(() => _samples.Open());
        Assert.Equal(KlingErrorId.JournalInvalid, error.Id);
        Assert.Contains("could not be opened", error.Message, StringComparison.Ordinal);
        Assert.Equal(_samples.Path, error.Target);
        Assert.Contains("it is a folder", Assert.Throws<KlingException>(() => JobJournal.Read(_samples.Path)).Message, StringComparison.Ordinal);
        Assert.Equal(KlingErrorId.JournalInvalid, Assert.Throws<KlingException>(() => JobJournal.Open("", _samples.Time)).Id);
    }

    private void AssertInvalid(string content, string reason) => AssertInvalid(Encoding.UTF8.GetBytes(content), reason);

    private void AssertInvalid(byte[] content, string reason)
    {
        _samples.Put(content);
        foreach (Action use in (Action[])[() => _samples.Open().Dispose(), () => JobJournal.Read(_samples.Path)])
        {
            KlingException error = Assert.Throws<KlingException>(use);
            Assert.Equal(KlingErrorId.JournalInvalid, error.Id);
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
            Assert.Equal(_samples.Path, error.Target);
            Assert.Equal(content, _samples.Bytes());
        }
    }
}
