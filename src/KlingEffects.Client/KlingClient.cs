using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Effects;
using KlingEffects.Queries;
using KlingEffects.Rows;
using KlingEffects.Runs;
using KlingEffects.Videos;
using KlingEffects.Videos.Naming;
using KlingEffects.Waiting;

namespace KlingEffects;

/// <summary>What the API offers, for programs: submit a job, wait for its task, save its videos; or a whole batch.</summary>
/// <remarks>Safe to use from several threads. All clients of a process share their connections.</remarks>
public sealed class KlingClient
{
    private readonly ApiClient _api;

    /// <summary>Makes a client; sends nothing.</summary>
    /// <exception cref="KlingException">ApiKeyMissing, or InvalidRequest for an address that is not safe to send a key to.</exception>
    public KlingClient(KlingClientOptions options) : this(new ApiClient(options))
    {
    }

    internal KlingClient(ApiClient api) => _api = api;

    /// <summary>Submits one effect, checked before it is sent; returns its task. Costs money. Repeats only what made nothing.</summary>
    /// <exception cref="KlingException">Every way in which it can fail; SubmitUncertain if it may have been accepted.</exception>
    public Task<KlingTask> SubmitAsync(EffectJob job, CancellationToken cancellationToken = default) =>
        SubmitAsync(job, null, new Callback(null), cancellationToken);

    /// <summary>Submits one effect unless the journal has a task for it, and has every step in the journal before it is taken or told of.
    /// Costs money only where the job is new to the journal.</summary>
    /// <param name="job">What to make; checked before anything is sent.</param>
    /// <param name="journal">What was submitted before. Several submits may share it.</param>
    /// <param name="tell">Told in plain words of what is going on; on any thread.</param>
    /// <param name="cancellationToken">Gives up waiting; an answer under way is still awaited for 6 seconds.</param>
    /// <returns>The new task, or the journal's: as far as the journal knows it, so to be waited for or asked for.</returns>
    /// <exception cref="KlingException">Every way in which it can fail; SubmitUncertain if this submit, an earlier one, or an equal job's
    /// under way may have been accepted.</exception>
    /// <exception cref="InvalidOperationException">An equal job began or ended its submit at this very moment.</exception>
    public Task<KlingTask> SubmitAsync(
        EffectJob job, JobJournal journal, Action<string>? tell = null, CancellationToken cancellationToken = default) =>
        SubmitAsync(job, journal, new Callback(tell), cancellationToken);

    /// <summary>Waits until a task has ended, asking rarely while it cannot have and often when it is likely to.</summary>
    /// <param name="task">The task, as a submit or a query gave it.</param>
    /// <param name="timeout">How long to wait from now; null for as long as it takes.</param>
    /// <param name="tell">Told in plain words of each change of status, and of what its journal does not take; on any thread.</param>
    /// <param name="cancellationToken">Gives up; the task goes on.</param>
    /// <returns>The task, succeeded, with its videos.</returns>
    /// <exception cref="KlingException">TaskFailed with the API's reason, NoVideo, WaitTimeout, TaskNotFound; else as a query.</exception>
    public async Task<KlingTask> WaitAsync(
        KlingTask task, TimeSpan? timeout = null, Action<string>? tell = null, CancellationToken cancellationToken = default)
    {
        using TaskWaiter waiter = TaskWaiter.Start(_api, new WaitOptions { Timeout = timeout });
        using CancellationTokenRegistration stopping = cancellationToken.Register(waiter.Cancel);
        waiter.TryAdd(task.Restart());
        waiter.Complete();
        KlingTask? ended = null;
        Exception? failure = null;
        await waiter.ReadAllAsync(record =>
        {
            ended = (record as StageRecord.Output)?.Value as KlingTask ?? ended;
            failure = (record as StageRecord.Failure)?.Error ?? (record as StageRecord.Defect)?.Error ?? failure;
            if (record is StageRecord.Reported or StageRecord.Caution)
            {
                tell?.Invoke(record.Line);
            }
        }).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return failure is null ? ended! : throw failure;
    }

    /// <summary>Asks for a task by its id, or the user's own where the gateway answers to it, up to six times in a quarter of a minute.
    /// Its kind is the video route: effects, text2video, image2video and so on.</summary>
    /// <exception cref="KlingException">TaskNotFound and every other way in which a query can fail.</exception>
    public Task<KlingTask> GetTaskAsync(
        string taskId, string kind = KlingTask.EffectsKind, CancellationToken cancellationToken = default) =>
        TaskQuery.AskAsync(_api, taskId, new KlingTask { Kind = kind }, cancellationToken);

    /// <summary>What the account has left, where the gateway tells (Kling). Up to 12 hours late; asked at most once a second.</summary>
    /// <exception cref="KlingException">InvalidRequest: the gateway does not tell; else as a query.</exception>
    public Task<IReadOnlyList<KlingResourcePack>> GetResourcePacksAsync(CancellationToken cancellationToken = default) =>
        AccountQuery.PacksAsync(_api, cancellationToken);

    /// <summary>Saves the videos of a task that succeeded: a file under its final name is the whole and right video, always.</summary>
    /// <param name="task">The task, as a wait gave it.</param>
    /// <param name="folder">Where the files go; made if it is not there.</param>
    /// <param name="name">How they are named: text with {TaskId}, {ExternalTaskId}, {Scene}, {Image} and {Index}.</param>
    /// <param name="cancellationToken">Stops at once; what has been received stays for the next run.</param>
    /// <returns>The files' paths in the order of the videos. One that is whole already is not fetched again.</returns>
    /// <exception cref="KlingException">TaskFailed, NoVideo; VideoExpired: the URL is gone; DownloadFailed, after five minutes without a
    /// byte; InvalidRequest for the name.</exception>
    public async Task<IReadOnlyList<string>> SaveAsync(
        KlingTask task, string folder, string name = VideoNameTemplate.DefaultText, CancellationToken cancellationToken = default)
    {
        if (TaskOutcome.FailureOf(task) is { } failure)
        {
            throw failure;
        }

        VideoSaver saver = new(_api);
        IReadOnlyList<string> names = VideoNameTemplate.Parse(name).Names(task, 1);
        List<string> files = [];
        foreach (KlingVideo video in task.Videos)
        {
            SaveRequest request = new() { Task = task, Video = video, Path = Path.Combine(folder, names[files.Count]) };
            files.Add((await saver.SaveAsync(request, cancellationToken).ConfigureAwait(false)).Path);
        }

        return files;
    }

    /// <summary>Makes a whole batch: submits the rows that have no task yet, waits, saves and reports; run again after whatever has
    /// happened, it goes on. Costs money only for jobs that are new to the journal in the state folder.</summary>
    /// <param name="rowsPath">The rows, CSV or JSON; null to collect what the journal has.</param>
    /// <param name="options">How it is made.</param>
    /// <param name="ended">Told of each job as it comes to its end; on any thread.</param>
    /// <param name="tell">Told in plain words of what is going on; on any thread.</param>
    /// <param name="cancellationToken">Ends it early: answers under way are awaited for 6 seconds.</param>
    /// <returns>Every job. Those that have not what the step was to give them have an error id and a message.</returns>
    /// <exception cref="KlingException">RowsInvalid: the rows cannot be a batch. InvalidRequest: the state is of another number of shards,
    /// or the name template is none. JournalLocked, JournalInvalid; DownloadFailed: no video can be saved. Nothing is sent.</exception>
    public Task<KlingBatchResult> RunBatchAsync(
        string? rowsPath,
        KlingBatchOptions options,
        Action<KlingJob>? ended = null,
        Action<string>? tell = null,
        CancellationToken cancellationToken = default) =>
        new BatchRun(options, rowsPath is null ? null : RowFile.Read(rowsPath), rowsPath).RunAsync(_api, ended, tell, cancellationToken);

    private async Task<KlingTask> SubmitAsync(EffectJob job, JobJournal? journal, Callback observer, CancellationToken cancellationToken)
    {
        SubmitBatch batch = new(_api, journal, new SubmitOptions(), RetryOptions.None, observer, cancellationToken);
        try
        {
            // A batch of one has no job twice, so there is a task.
            return (await batch.SubmitAsync(job).ConfigureAwait(false))!;
        }
        finally
        {
            await batch.EndAsync().ConfigureAwait(false);
        }
    }

    private sealed class Callback(Action<string>? tell) : IRunObserver
    {
        public ValueTask ReportAsync(RunEvent what) => WarnAsync(what.Text);

        public ValueTask WarnAsync(SafeText text)
        {
            tell?.Invoke(text.ToString());
            return default;
        }
    }
}
