using KlingEffects.Runs;
using KlingEffects.Scenes;

namespace KlingEffects.Commands;

/// <summary>Makes a whole batch: reads the rows, submits what has no task, waits, saves and reports. Costs money.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "KlingBatch",
    DefaultParameterSetName = ByPath, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(KlingJob))]
public sealed class InvokeKlingBatchCommand() : KlingCommand(
    "Making Kling videos", Policy.PollsAtOnce, "Submitted, and in no journal; these tasks go on, and Wait-KlingTask takes their ids")
{
    private const string ByPath = "Path";
    private const string ByObject = "InputObject";
    private const int MostNames = 5;

    private readonly List<PSObject> _given = [];
    private BatchRun? _run;
    private BatchStage? _stage;
    private SubmitPreview? _preview;
    private BuildLog? _log;

    /// <summary>The rows: a CSV or JSON file.</summary>
    [Parameter(Position = 0, ParameterSetName = ByPath,
        HelpMessage = "The rows: a .csv or .json file, taken literally. Collect does without.")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The rows as objects.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject,
        HelpMessage = "The rows, as Import-Csv and ConvertFrom-Json give them.")]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject[]? InputObject { get; set; }

    /// <summary>The folder of the journal and the reports.</summary>
    [Parameter(HelpMessage = "The folder of the journal and the reports; keep it from run to run. Default: ./state.")]
    [ValidateNotNullOrEmpty]
    public string StatePath { get; set; } = "./state";

    /// <summary>The folder of the videos.</summary>
    [Parameter(HelpMessage = "The folder of the videos; made if it is not there. Default: videos in the state folder.")]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>The template of the videos' names.</summary>
    [Parameter(HelpMessage = "How files are named: {TaskId}, {ExternalTaskId}, {Scene}, {Image}, {Index}. "
        + "Default: {ExternalTaskId}, or {Image} for rows that have none.")]
    [ArgumentCompleter(typeof(NameTokenCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>What to do.</summary>
    [Parameter(HelpMessage = "All submits, waits and saves; Submit submits and leaves; Collect saves what has ended since.")]
    public KlingBatchStep Step { get; set; }

    /// <summary>Which part of the jobs to make.</summary>
    [Parameter(HelpMessage = "Which part of the jobs to make, from 1 to -ShardCount.")]
    [ValidateRange(1, 10000)]
    public int Shard { get; set; } = 1;

    /// <summary>Among how many the jobs are split.</summary>
    [Parameter(HelpMessage = "Among how many machines the jobs are split, by their ExternalTaskId. Keep it until all are done.")]
    [ValidateRange(1, 10000)]
    public int ShardCount { get; set; } = 1;

    /// <summary>How many jobs without a task to submit.</summary>
    [Parameter(HelpMessage = "How many jobs that have no task yet are submitted; the others are left for another run.")]
    [ValidateRange(0, int.MaxValue)]
    public int? MaxJobs { get; set; }

    /// <summary>Submits jobs again of which it is not known whether they were accepted.</summary>
    [Parameter(HelpMessage = "Submits jobs again that may have been accepted before.")]
    public SwitchParameter RetryUncertain { get; set; }

    /// <summary>Submits jobs again whose task failed.</summary>
    [Parameter(HelpMessage = "Submits jobs again whose task failed: each is a new attempt, and costs again.")]
    public SwitchParameter RetryFailed { get; set; }

    /// <summary>Leaves the judgement of local images to the server.</summary>
    [Parameter(HelpMessage = "Leaves the judgement of local images to the server.")]
    public SwitchParameter SkipImageCheck { get; set; }

    /// <summary>How many seconds to wait for each task; 0 for no limit.</summary>
    [Parameter(HelpMessage = "Seconds to wait for each task, and to keep trying to submit it; 0 = no limit. "
        + "Default: 3600, and 60 for Collect.")]
    [ValidateRange(0, int.MaxValue / 1000)]
    public int? TimeoutSec { get; set; }

    /// <summary>Takes a state that belongs to another number of shards.</summary>
    [Parameter(HelpMessage = "Takes a state folder whose journals are of another -ShardCount. Jobs may be paid for twice.")]
    public SwitchParameter Force { get; set; }

    /// <summary>What the videos' hosts are told of who asks, in place of the client's own name.</summary>
    [Parameter(HelpMessage = "The User-Agent for the videos' hosts, for one that refuses the client's own name. "
        + "Default: KlingEffects and its version.")]
    [ValidateNotNullOrEmpty]
    [ValidatePattern(@"^[ -~]*[!-~][ -~]*$")]
    public string? UserAgent { get; set; }

    /// <summary>Writes for a build's log.</summary>
    [Parameter(HelpMessage = "Writes a line with its time for each thing that happens, and what GitHub, Azure Pipelines or GitLab show "
        + "beside the log. By itself where one of them runs it.")]
    public SwitchParameter CI { get; set; }

    /// <summary>Whose API it is, for rows that do not tell.</summary>
    [Parameter(HelpMessage = "Whose API it is, for rows that do not tell: CometApi, or Kling itself. Default: by the host of the address, "
        + "else CometApi.")]
    [ArgumentCompleter(typeof(GatewayCompleter))]
    [CellTransformation(RowColumn.Gateway)]
    public override KlingGatewayName? Gateway { get; set; }
    private protected override bool MayMeetOtherGateways => true;

    private protected override (int Submits, SafeText? WhereIdsAre) UnderWay =>
        (_stage?.InFlight ?? 0, (SafeText)$"their ids are in the journal {_run!.State.FindJournal()}");

    /// <inheritdoc/>
    protected override void BeginProcessing() => _log = this.Asked(nameof(CI)) ?? BuildLog.IsIn(Environment.GetEnvironmentVariable)
        ? new BuildLog(this.WriteLogLine, Environment.GetEnvironmentVariable, TimeProvider.System)
        : null;

    /// <inheritdoc/>
    protected override void ProcessRecord() => _given.AddRange(InputObject ?? []);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        ErrorRecords.Try(() => _run = new BatchRun(Options(), Source(), Path), End);
        SafeText question = $"Make the videos of {_run!.Items.Count} jobs? What has no task yet is submitted, and costs money.";
        if (!this.IsWhatIf() && this.Asked("Confirm") == true && !this.Asks($"{_run.Items.Count} jobs", question, "Kling effects"))
        {
            return;
        }

        base.BeginProcessing();
        _log?.Begin($"Kling effects: {Step}");
        foreach (SafeText warning in _run.Warnings)
        {
            Warn(warning);
        }

        Action<BatchRow> take = _preview is null ? Add : Preview;
        foreach (BatchRow row in _run.Items)
        {
            take(row);
        }

        _ = _preview?.Sum is { } sum && this.Asks(sum, "", "");
        base.EndProcessing();
        if (_stage is not null)
        {
            KlingBatchResult result = _run.Conclude(_stage, Fail);
            _log?.End(result);
            if (result.Problems > 0)
            {
                ThrowTerminatingError(ErrorRecords.From(Incomplete(result)));
            }
        }
    }

    internal override Stage CreateStage(ApiClient api)
    {
        if (!this.IsWhatIf())
        {
            return _stage = _run!.Open(api, OpenJournal(_run.FindJournal(), api.Time));
        }

        _preview = SubmitPreview.ByFile(_run!.State.FindJournal(), MaxJobs);
        return new WorkStage<BatchRow>(1, static (_, _, _) => Task.CompletedTask);
    }

    internal override void Report(SafeText line)
    {
        bool isWanted = this.Asked("Verbose") is not null || this.GoesOn("Verbose");
        Action<SafeText>? report = _log is not null ? _log.Report : isWanted ? base.Report : null;
        report?.Invoke(line);
    }

    internal override void Warn(SafeText text) => (_log is null ? (Action<SafeText>)this.WriteHarmlessCaution : _log.Warn)(text);

    // One job's error never ends the batch, whatever the caller has set.
    internal override void Fail(ErrorRecord record)
    {
        _log?.Fail(record.FullyQualifiedErrorId, $"{record.Exception.Message}");
        if (this.GoesOn("Error"))
        {
            base.Fail(record);
        }
        else if (_log is null)
        {
            this.WriteErrorLine($"{record.Exception.Message}");
        }
    }

    private protected override void End(KlingException error)
    {
        _log?.Fail(error.ErrorId, $"{error.Message}");
        _log?.End(null);
        base.End(error);
    }

    internal override void Show(ProgressRecord progress)
    {
        if (_log is null && this.GoesOn("Progress"))
        {
            base.Show(progress);
        }
    }

    private KlingBatchOptions Options() => new()
    {
        StatePath = LiteralPath.Resolve(this, StatePath),
        Destination = Destination is null ? null : LiteralPath.Resolve(this, Destination),
        Name = Name,
        Step = Step,
        Shard = Shard,
        ShardCount = ShardCount,
        Force = Force,
        Timeout = TimeoutSec is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        ThrottleLimit = this.IsGiven(nameof(ThrottleLimit)) ? ThrottleLimit : null,
        MaxJobs = MaxJobs,
        RetryFailed = RetryFailed,
        RetryUncertain = RetryUncertain,
        SkipImageCheck = SkipImageCheck,
        UserAgent = UserAgent,
        Gateway = Gateway,
        ResolvePath = path => LiteralPath.Resolve(this, path),
    };

    private IEnumerable<SourceRow>? Source() =>
        Path is not null ? RowFile.Read(LiteralPath.Resolve(this, Path))
        : _given.Count > 0 || this.IsGiven(nameof(InputObject)) || MyInvocation.ExpectingInput
            ? _given.Select(static (row, place) => PipelineValue.ToRow(row, place + 1) ?? throw RowsFault.Create(
                null,
                $"Row {place + 1} is a {row.BaseObject.GetType().Name}, which has no columns.",
                "Give what Import-Csv or ConvertFrom-Json give, or hashtables."))
        : Step == KlingBatchStep.Collect ? null
        : throw RowsFault.Create(null, "No rows are named.", "Give -Path, a .csv or .json file, or rows from the pipeline.");

    private void Add(BatchRow row)
    {
        if (row.Job is { } job)
        {
            SceneCatalog.Remember(job.Scene);
        }

        Pump.Add(row);
    }

    private void Preview(BatchRow row) => ErrorRecords.Try(
        () =>
        {
            EffectJob job = row.Job ?? throw row.Refusal!;
            RetryOptions retry = new(RetryUncertain, RetryFailed);
            _ = this.Asks(_preview!.DescribeAsync(job, ApiOf(job.Gateway ?? GatewayOrDefault), retry).GetAwaiter().GetResult(), "", "");
        },
        refused => Fail(row.Named(refused)));

    private KlingException Incomplete(KlingBatchResult result)
    {
        string[] names = [.. result.Jobs.Where(static job => job.ErrorId is not null).Select(static job => $"{job} ({job.ErrorId})")];
        SafeText more = names.Length > MostNames ? $" and {names.Length - MostNames} more" : (SafeText)"";
        string lack = Step == KlingBatchStep.Submit ? "are not submitted" : "have not their videos";
        SafeText what = names.Length == 0 ? "The batch is done, and not all went well"
            : (SafeText)$"Of {result.Jobs.Count} jobs, {names.Length} {lack}: {SafeText.Join(", ", names.Take(MostNames))}{more}";
        SafeText where = result.Reports.TryGetValue("report", out string? report) ? $" The report is '{report}'." : (SafeText)"";
        return new KlingException(KlingErrorId.BatchIncomplete, $"{what}.{where}") { Target = StatePath };
    }
}
