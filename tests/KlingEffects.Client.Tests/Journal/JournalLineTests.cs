using System.Text;
using System.Text.RegularExpressions;
using KlingEffects.Jobs;
using Xunit;

namespace KlingEffects.Tests.Journal;

public sealed partial class JournalLineTests : IDisposable
{
    private readonly JournalSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    [Fact]
    public async Task The_file_says_what_happened_and_nothing_else()
    {
        using (JobJournal journal = _samples.Open())
        {
            await journal.SubmittingAsync("x:a\n1", JournalSamples.Job(externalId: "a\n1") with { Mode = "pro", ModelName = "kling-v1" });
            await journal.AcceptedAsync("x:a\n1", JournalSamples.Task("2032273960331935744", "a\n1", "hug"));
            await journal.SubmittingAsync("x:é+'", JournalSamples.Job("let's_ride", "é+'"));
            await journal.RefusedAsync("x:é+'", JournalSamples.Refusal);
            await journal.UncertainAsync("x:c", JournalSamples.Doubt);
            await journal.AcceptedAsync("x:d", JournalSamples.Task("t/d=", "d", "squish"), found: true);
        }

        string text = Encoding.UTF8.GetString(_samples.Bytes());
        string[] lines = text.Split('\n');
        const string at = "\"at\":\"2026-11-22T21:00:00+00:00\"";
        const string images = "\"images\":[\"https://host.example/ana.jpg\",\"https://host.example/ben.jpg\"]";
        Assert.Matches(Header(), lines[0]);
        Assert.Equal(
            [
                $$"""{"event":"submitting","job":"x:a\n1",{{at}},"externalTaskId":"a\n1","scene":"hug",{{images}},"duration":5,"mode":"pro","modelName":"kling-v1"}""",
                $$"""{"event":"accepted","job":"x:a\n1",{{at}},"taskId":"2032273960331935744","kind":"effects","requestId":"r-1"}""",
                $$"""{"event":"submitting","job":"x:é+'",{{at}},"externalTaskId":"é+'","scene":"let's_ride",{{images}},"duration":5}""",
                $$"""{"event":"refused","job":"x:é+'",{{at}},"requestId":"q-7","error":"KlingQuotaExceeded","code":"1102","httpStatus":429,"message":"user quota is not enough"}""",
                $$"""{"event":"uncertain","job":"x:c",{{at}},"error":"KlingSubmitUncertain","httpStatus":504,"message":"no answer","answer":"<h1>Gateway time-out</h1>"}""",
                $$"""{"event":"accepted","job":"x:d",{{at}},"externalTaskId":"d","scene":"squish","taskId":"t/d=","kind":"effects","requestId":"r-1","found":true}""",
                "",
            ],
            lines[1..]);
    }

    [Fact]
    public async Task No_signature_and_no_image_bytes_reach_the_file()
    {
        byte[] png = TestImages.Png(400, 300, length: 3000);
        string base64 = Convert.ToBase64String(png);
        EffectJob job = JournalSamples.Job() with
        {
            Images = [ImageSource.Parse("data:image/png;base64," + base64), ImageSource.Parse("https://me:pa55@host.example/a.png?X-Signature=s3cr3t#f")],
        };
        using (JobJournal journal = _samples.Open())
        {
            string key = await JobKey.CreateAsync(job, TestContext.Current.CancellationToken);
            await journal.SubmittingAsync(key, job with { ExternalTaskId = journal.ExternalIdFor(key) });
        }

        string text = Encoding.Latin1.GetString(_samples.Bytes());
        Assert.Contains("host.example/a.png", text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", text, StringComparison.Ordinal);
        Assert.DoesNotContain("pa55", text, StringComparison.Ordinal);
        foreach (char[] piece in base64.Chunk(24))
        {
            Assert.DoesNotContain(new string(piece), text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Encoding.Latin1.GetString(png, 0, 8), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_too_long_for_a_line_is_refused_and_the_journal_goes_on()
    {
        using JobJournal journal = _samples.Open();
        KlingException error = await Assert.ThrowsAsync<KlingException>(
            () => journal.SubmittingAsync("x:long", JournalSamples.Job(new string('s', 1 << 20), "long")));
        Assert.Equal(KlingErrorId.InvalidRequest, error.Id);
        Assert.Null(journal.Find("x:long"));
        await journal.SubmittingAsync("x:long", JournalSamples.Job("hug", "long"));
        Assert.Equal(KlingJobState.Submitting, journal.Find("x:long")!.State);
    }

    [GeneratedRegex("""^\{"klingJournal":1,"id":"[0-9a-f]{32}","createdAt":"2026-11-22T21:00:00\+00:00"\}$""")]
    private static partial Regex Header();
}
