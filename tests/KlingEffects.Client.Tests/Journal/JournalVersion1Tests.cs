using Xunit;

namespace KlingEffects.Tests.Journal;

/// <summary>Journals of released modules stay readable: the sample is never edited to make a test pass.</summary>
public sealed class JournalVersion1Tests : IDisposable
{
    private const string Sample = """
        {"klingJournal":1,"id":"5f3a9c0d7b1e4826a1c4d9e0f2b37586","createdAt":"2026-11-22T21:00:00+00:00"}
        {"event":"submitting","job":"sha256:3d","at":"2026-11-22T21:00:01.5+00:00","externalTaskId":"ke-17","scene":"hug","images":["/p/ana.jpg","https://host.example/ben.jpg"],"duration":10,"mode":"pro","modelName":"kling-v1-6"}
        {"event":"submitting","job":"x:row 2","at":"2026-11-22T21:00:01.6+00:00","externalTaskId":"row 2","scene":"let's_ride","images":["/p/é.png"],"duration":5}
        {"event":"accepted","job":"sha256:3d","at":"2026-11-22T21:00:02+00:00","taskId":"2032273960331935744","kind":"effects","requestId":"r-1"}
        {"event":"refused","job":"x:row 2","at":"2026-11-22T21:00:03+00:00","requestId":"r-2","error":"KlingQuotaExceeded","code":"1102","httpStatus":429}
        {"event":"submitting","job":"x:row 3","at":"2026-11-22T21:00:04+00:00","externalTaskId":"row 3","scene":"squish","images":["/p/c.png"],"duration":5}
        {"event":"uncertain","job":"x:row 3","at":"2026-11-22T21:00:05+00:00","error":"KlingSubmitUncertain","httpStatus":502,"answer":"<html>"}
        {"event":"submitting","job":"x:row 4","at":"2026-11-22T21:00:06+00:00","externalTaskId":"row 4","scene":"squish","images":["/p/d.png"],"duration":5}
        {"event":"uncertain","job":"x:row 4","at":"2026-11-22T21:00:07+00:00","error":"KlingSubmitUncertain"}
        {"event":"accepted","job":"x:row 4","at":"2026-11-22T21:00:08+00:00","taskId":"Cjkzx==","kind":"effects","found":true}
        {"event":"submitting","job":"x:row 5","at":"2026-11-22T21:00:09+00:00","externalTaskId":"row 5","scene":"squish","images":["/p/e.png"],"duration":5}

        """;

    private readonly JournalSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    [Fact]
    public void A_journal_of_version_1_is_read_to_the_last_member()
    {
        _samples.Put(Sample.ReplaceLineEndings("\n"));
        using JobJournal journal = _samples.Open();
        Assert.Equal(
            [
                ("sha256:3d", KlingJobState.Running, "ke-17", "2032273960331935744", null),
                ("x:row 2", KlingJobState.Refused, "row 2", null, "KlingQuotaExceeded"),
                ("x:row 3", KlingJobState.Uncertain, "row 3", null, "KlingSubmitUncertain"),
                ("x:row 4", KlingJobState.Running, "row 4", "Cjkzx==", null),
                ("x:row 5", KlingJobState.Uncertain, "row 5", (string?)null, "KlingSubmitUncertain"),
            ],
            journal.Jobs.Select(static job => (job.Key, job.State, job.CommonId, job.TaskId, job.ErrorId)));

        KlingJob first = journal.Jobs[0];
        Assert.Equal((null, "hug", "effects", "r-1"), (first.ExternalTaskId, first.Scene, first.Kind, first.RequestId));
        Assert.Equal(["/p/ana.jpg", "https://host.example/ben.jpg"], first.Images);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 21, 0, 1, 500, TimeSpan.Zero), first.SubmittedAt);
        Assert.Equal(("let's_ride", "1102"), (journal.Jobs[1].Scene, journal.Jobs[1].Code));
        Assert.Equal("ke-c2e53be4d2e6ec22e98a1d3bccfde60c", journal.ExternalIdFor("sha256:4e"));
    }
}
