using KlingEffects.Journal;
using Microsoft.Extensions.Time.Testing;

namespace KlingEffects.Tests.Journal;

/// <summary>A journal in a folder of its own, and what can be written into it.</summary>
internal sealed class JournalSamples : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public JournalSamples() => Path = _folder.Combine("deep/er/jobs.journal");

    public string Path { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 21, 0, 0, TimeSpan.Zero));

    public static KlingException Refusal { get; } =
        new(KlingErrorId.QuotaExceeded, "user quota is not enough") { Code = "1102", HttpStatus = 429, RequestId = "q-7" };

    public static KlingException Doubt { get; } =
        new(KlingErrorId.SubmitUncertain, "no answer") { HttpStatus = 504, AnswerBody = "<h1>Gateway\ntime-out</h1>" };

    public static EffectJob Job(string scene = "hug", string? externalId = null) => new()
    {
        Scene = scene,
        Images = [ImageSource.Parse("https://host.example/ana.jpg?signature=s3cr3t"), ImageSource.Parse("https://host.example/ben.jpg")],
        ExternalTaskId = externalId,
        Duration = 5,
    };

    public static KlingTask Task(string id, string? externalId = null, string? scene = null) =>
        new() { TaskId = id, ExternalTaskId = externalId, Scene = scene, RequestId = "r-1" };

    public JobJournal Open() => JobJournal.Open(Path, Time);

    public JobJournal Open(Func<string, FileStream> open) => JobJournal.Open(Path, Time, open);

    public byte[] Bytes() => File.ReadAllBytes(Path);

    public void Put(byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllBytes(Path, content);
    }

    public void Put(string content) => Put(System.Text.Encoding.UTF8.GetBytes(content));

    public void Dispose() => _folder.Dispose();
}

internal static class JournalSampleSteps
{
    public static Task SubmittingAsync(this JobJournal journal, string key, EffectJob job, bool retryUncertain = false) =>
        journal.SubmittingAsync(key, new SubmitAttempt(job) { RetryUncertain = retryUncertain });

    public static Task SubmittingAsync(this JobJournal journal, string key, SubmitAttempt attempt) => ((IJobLog)journal).SubmittingAsync(key, attempt);

    public static Task AcceptedAsync(this JobJournal journal, string key, KlingTask task, bool found = false) => ((IJobLog)journal).AcceptedAsync(key, task, found);

    public static Task RefusedAsync(this JobJournal journal, string key, KlingException why) => ((IJobLog)journal).RefusedAsync(key, why);

    public static Task UncertainAsync(this JobJournal journal, string key, KlingException why) => ((IJobLog)journal).UncertainAsync(key, why);
}
