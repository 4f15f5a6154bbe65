using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Jobs;
using KlingEffects.Reports;
using KlingEffects.Rows;
using KlingEffects.Scenes;

namespace KlingEffects.Runs;

/// <summary>One run of a batch: its rows, its stage and its reports.</summary>
internal sealed class BatchRun
{
    private static readonly (string Name, string Extension)[] Reports = [("results", "xml"), ("report", "html"), ("summary", "md")];

    private readonly KlingBatchOptions _options;
    private readonly List<SafeText> _warnings = [];
    private readonly IReadOnlyList<BatchRow>? _rows;
    private int _notSubmitted;

    /// <summary>Without rows it collects what the journal has; the name is the file of the rows, for messages.</summary>
    /// <exception cref="KlingException">RowsInvalid, or InvalidRequest for another batch's state.</exception>
    public BatchRun(KlingBatchOptions options, IEnumerable<SourceRow>? source, string? name)
    {
        _options = options;
        State = new BatchState(options);
        if (source is null)
        {
            return;
        }

        RowSet set = new(name, options.ResolvePath, options.Gateway, options.SkipImageCheck);
        IReadOnlyList<BatchRow> rows = set.Read(source);
        SceneHints hints = new();
        _warnings.AddRange([.. set.Warnings, .. rows.SelectMany(row => row.Job is { } job ? hints.For(job.Scene, job.Images.Count) : [])]);
        Items = _rows = options.ShardCount == 1 ? rows : Own(rows, name);
    }

    public BatchState State { get; }
    public IReadOnlyList<SafeText> Warnings => _warnings;

    /// <summary>The jobs for the stage; complete once it is open.</summary>
    public IReadOnlyList<BatchRow> Items { get; private set; } = [];

    public string FindJournal()
    {
        string path = State.FindJournal();
        if (_options.Step == KlingBatchStep.Collect && !File.Exists(path))
        {
            _warnings.Add($"There is no journal '{path}': nothing was submitted, or the folder was not kept.");
        }

        return path;
    }

    /// <summary>The stage, which owns the journal.</summary>
    public BatchStage Open(ApiClient api, JobJournal journal)
    {
        try
        {
            if (_options.Step == KlingBatchStep.Collect)
            {
                Items = [.. Collected(journal)];
                _notSubmitted = (_rows ?? []).Count(row => row.ExternalTaskId is { } id && journal.Find(JobKey.FromOwnId(id)) is null);
            }

            return new BatchStage(api, _options, State, journal);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Runs the whole batch, for programs.</summary>
    public async Task<KlingBatchResult> RunAsync(ApiClient api, Action<KlingJob>? ended, Action<string>? report, CancellationToken stop)
    {
        using BatchStage stage = Open(api, await JobJournal.OpenAsync(FindJournal(), api.Time, report, stop).ConfigureAwait(false));
        using CancellationTokenRegistration stopping = stop.Register(stage.Cancel);
        Task added = Task.Run(() => AddAsync(stage), CancellationToken.None);
        await stage.ReadAllAsync(record =>
        {
            if (record is StageRecord.Output { Value: KlingJob job })
            {
                ended?.Invoke(job);
            }
            else
            {
                report?.Invoke(record.Line);
            }
        }).ConfigureAwait(false);
        await added.ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
        return Conclude(stage, failure => report?.Invoke(new StageRecord.Failure(failure).Line));
    }

    /// <summary>Reports on a batch whose stage is done. Calls <see cref="KlingBatchOptions.ResolvePath"/>.</summary>
    public KlingBatchResult Conclude(BatchStage stage, Action<KlingException> fail)
    {
        KlingJob[] jobs = [.. Items.Select(static row => row.Ended).OfType<KlingJob>()];
        KlingBatchResult result = new() { Jobs = jobs, Problems = stage.Problems, NotSubmitted = _notSubmitted };
        Dictionary<string, string> written = [];
        foreach ((string name, string extension) in Reports)
        {
            try
            {
                written[name] = Write(name, extension, jobs);
            }
            catch (KlingException failure)
            {
                fail(failure);
                result.Problems++;
            }
        }

        result.Reports = written;
        return result;
    }

    private string Write(string name, string extension, IReadOnlyList<KlingJob> jobs)
    {
        string path = State.PathOf(name, extension);
        new ReportFile(path, ReportFile.FormFrom(path), picture => FileFault.Try(() => _options.ResolvePath(picture))).Write(jobs);
        return path;
    }

    private async Task AddAsync(BatchStage stage)
    {
        foreach (SafeText warning in _warnings)
        {
            await stage.WarnAsync(warning).ConfigureAwait(false);
        }

        foreach (BatchRow item in Items)
        {
            while (!stage.TryAdd(item) && !stage.Completion.IsCompleted)
            {
                stage.Signal.Wait(Policy.PipelineGlance);
                stage.Signal.Reset();
            }
        }

        stage.Complete();
    }

    private IEnumerable<BatchRow> Collected(JobJournal journal)
    {
        HashSet<string>? own = _rows is null ? null : [.. _rows.Select(static row => row.ExternalTaskId).OfType<string>()];
        return journal.Jobs
            .Where(job => own is null || job.ExternalTaskId is null || own.Contains(job.ExternalTaskId))
            .Select(static (job, place) => new BatchRow { Index = place + 1, ExternalTaskId = job.ExternalTaskId, Journaled = job });
    }

    private List<BatchRow> Own(IReadOnlyList<BatchRow> rows, string? name)
    {
        BatchRow[] nameless = [.. rows.Where(static row => row.ExternalTaskId is null && row.Refusal is null)];
        return nameless.Length == 0
            ? [.. rows.Where(row => State.IsOwn(row.ExternalTaskId ?? row.Place!))]
            : throw RowsFault.Create(
                name,
                $"{nameless.Length} rows have no ExternalTaskId, the first on {nameless[0].Place}: it tells which shard a job is of.",
                "Give each row an ExternalTaskId.");
    }
}
