using KlingEffects.Batches;
using KlingEffects.Effects;
using KlingEffects.Emulator.Recording;
using KlingEffects.Jobs;
using KlingEffects.Journal;
using KlingEffects.Tests.Journal;

namespace KlingEffects.Tests.Http;

/// <summary>A disk that fills up while a submit is under way: what the API said is told of all the same.</summary>
public sealed class FullJournalTests : IDisposable
{
    private readonly JournalSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    [Fact]
    public async Task The_task_is_given_with_a_warning_that_names_its_id()
    {
        await using Scene scene = await Scene.StartAsync();
        List<string> warnings = [];
        KlingTask task = await SubmitAsync(scene, warnings);

        Assert.Equal(Assert.Single(scene.Emulator.Tasks).Id, task.TaskId);
        Assert.False(task.Context.IsJournaled);
        Assert.Contains(task.TaskId, Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_doubt_stays_a_doubt()
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, new ResetAfter());
        List<string> warnings = [];
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => SubmitAsync(scene, warnings));

        Assert.Equal(KlingErrorId.SubmitUncertain, error.Id);
        Assert.Contains("the disk is full", Assert.Single(warnings), StringComparison.Ordinal);
        using JobJournal next = _samples.Open();
        Assert.Equal(KlingJobState.Uncertain, next.Find("x:job-1")!.State);
    }

    [Fact]
    public async Task A_refusal_stays_a_refusal()
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, new AnswerStatus(403) { Body = """{"code":null,"message":"user quota is not enough"}""" });
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => SubmitAsync(scene, []));
        Assert.Equal((KlingErrorId.QuotaExceeded, 1), (error.Id, scene.Submits));
    }

    [Fact]
    public async Task What_would_be_sent_again_is_not_without_its_line()
    {
        await using Scene scene = await Scene.StartAsync();
        scene.Fails(Operation.Submit, new AnswerStatus(429) { Body = """{"code":1303}""" }, Fault.Forever);
        KlingException error = await Assert.ThrowsAsync<KlingException>(() => SubmitAsync(scene, []));
        Assert.Equal((KlingErrorId.JournalInvalid, 1), (error.Id, scene.Submits));
    }

    // The disk takes the line that begins the submit, and no more.
    private async Task<KlingTask> SubmitAsync(Scene scene, List<string> warnings)
    {
        FullDisk? disk = null;
        using JobJournal journal = _samples.Open(path => disk = new FullDisk(path));
        long empty = disk!.Length;
        await journal.SubmittingAsync("x:job-0", new SubmitAttempt(Scene.Job(0) with { Duration = 5 }) { Digests = JobKey.Starts(await JobKey.DigestsAsync(Scene.Job(0), Scene.Cancellation)) });
        int line = (int)(disk.Length - empty);
        await journal.RefusedAsync("x:job-0", JournalSamples.Refusal);
        disk.BytesLeft = line;
        KlingTask? task = await Scene.SubmitAsync(scene.Batch(journal: journal, observer: new Warned(warnings)), Scene.Job(1));
        return Assert.IsType<KlingTask>(task);
    }

    private sealed class Warned(List<string> warnings) : IRunObserver
    {
        public ValueTask ReportAsync(RunEvent what) => default;

        public ValueTask WarnAsync(SafeText text)
        {
            warnings.Add(text.ToString());
            return default;
        }
    }
}
