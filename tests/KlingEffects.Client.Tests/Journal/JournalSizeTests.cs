using System.Globalization;
using System.Text;
using Xunit;

namespace KlingEffects.Tests.Journal;

public sealed class JournalSizeTests : IDisposable
{
    private const int Jobs = 50_000;

    private readonly JournalSamples _samples = new();

    public void Dispose() => _samples.Dispose();

    [Fact]
    public void A_hundred_thousand_lines_open_in_memory_for_their_jobs_alone()
    {
        StringBuilder text = new("""{"klingJournal":1,"id":"5f3a9c0d7b1e4826a1c4d9e0f2b37586","createdAt":"2026-11-22T21:00:00+00:00"}""" + "\n");
        for (int i = 0; i < Jobs; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""{"event":"submitting","job":"sha256:{{i:x64}}","at":"2026-11-22T21:00:01.5000001+00:00","externalTaskId":"ke-{{i:x32}}","scene":"hug","images":["/photos/of/the/whole/family/{{i}}.jpg"],"duration":5}""").Append('\n');
            text.Append(CultureInfo.InvariantCulture, $$"""{"event":"accepted","job":"sha256:{{i:x64}}","at":"2026-11-22T21:00:02.5000001+00:00","taskId":"{{i}}","kind":"effects","requestId":"{{i:x32}}"}""").Append('\n');
        }

        _samples.Put(text.ToString());
        long before = GC.GetAllocatedBytesForCurrentThread();
        using JobJournal journal = _samples.Open();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(Jobs, journal.Jobs.Count(static job => job.State == KlingJobState.Running));
        Assert.InRange(allocated, 1, 2700L * Jobs);
    }
}
