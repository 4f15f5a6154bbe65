using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Binding;
using KlingEffects.Effects;
using KlingEffects.Files;
using KlingEffects.Pipeline;
using KlingEffects.Policies;
using KlingEffects.Rows;
using KlingEffects.Scenes;

namespace KlingEffects.Commands;

/// <summary>Submits images to a preset effect. Costs money.</summary>
[Cmdlet(VerbsCommon.New, "KlingEffect", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(KlingTask))]
public sealed class NewKlingEffectCommand : KlingCommand<NumberedJob>
{
    private readonly SceneHints _hints = new();
    private SubmitStage? _work;
    private SubmitPreview? _preview;
    private readonly JournalOpening _opening = new();
    private JobJournal? _journal;
    private bool _toldOfLoss;
    private int _index;

    /// <summary>The preset's name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The effect scene, such as hug_pro or 3d_cartoon_2.")]
    [Alias("EffectScene", "effect_scene")]
    [ArgumentCompleter(typeof(SceneCompleter))]
    [AllowEmptyString]
    [CellTransformation(RowColumn.Scene)]
    public string Scene { get; set; } = "";

    /// <summary>One image, or two for a two-person effect: left, right.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "One image, or two (left, right): each a path, an http(s) URL or a data: URI.")]
    [Alias("FullName", "Path")]
    [ImageTransformation]
    [AllowEmptyCollection]
    [AllowEmptyString]
    [AllowNull]
    public string[]? Image { get; set; }

    /// <summary>The second image, for rows that hold each in a cell of its own.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The second image, where -Image holds the first.")]
    [AllowEmptyString]
    [AllowNull]
    [CellTransformation(RowColumn.SecondImage)]
    public string? SecondImage { get; set; }

    /// <summary>Length of the video in seconds.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "Length of the video in seconds. Default: 5; some two-person scenes take 10.")]
    [ArgumentCompleter(typeof(DurationCompleter))]
    [CellTransformation(RowColumn.Duration)]
    [AllowNull]
    public int? Duration { get; set; }

    /// <summary>Generation mode of the scenes that have one.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "std or pro, for scenes that have modes.")]
    [ArgumentCompleter(typeof(ModeCompleter))]
    [AllowEmptyString]
    [AllowNull]
    [CellTransformation(RowColumn.Mode)]
    public string? Mode { get; set; }

    /// <summary>Model of older two-person scenes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "Model of older two-person scenes; leave it out unless a scene needs it.")]
    [Alias("model_name")]
    [AllowEmptyString]
    [AllowNull]
    [CellTransformation(RowColumn.ModelName)]
    public string? ModelName { get; set; }

    /// <summary>Where the server tells of each change of status.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "URL that the server calls at each change of status.")]
    [Alias("callback_url")]
    [AllowEmptyString]
    [AllowNull]
    [CellTransformation(RowColumn.CallbackUrl)]
    public string? CallbackUrl { get; set; }

    /// <summary>The user's own id, unique in the account.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "Your own id of the job, unique in the account.")]
    [Alias("external_task_id")]
    [AllowEmptyString]
    [AllowNull]
    [CellTransformation(RowColumn.ExternalTaskId)]
    public string? ExternalTaskId { get; set; }

    /// <summary>Fields of the request that this module does not know, and known ones that are left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "More fields of the request, as a hashtable: @{ input = @{ version = '2' } }; $null leaves one out.")]
    [AllowNull]
    public object? AdditionalBody { get; set; }

    /// <summary>The journal, so that the same command can be run again without paying twice.</summary>
    [Parameter(HelpMessage = "The journal file: run the same command again and nothing is paid for twice. Default: $env:KLING_JOURNAL.")]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>How many jobs without a task to submit.</summary>
    [Parameter(HelpMessage = "How many jobs that have no task yet are submitted; the others are left for another run.")]
    [ValidateRange(0, int.MaxValue)]
    public int? MaxJobs { get; set; }

    /// <summary>Submits jobs again of which the journal does not know whether they were accepted.</summary>
    [Parameter(HelpMessage = "Submits jobs again that may have been accepted before: safe at Kling, which refuses used ids.")]
    public SwitchParameter RetryUncertain { get; set; }

    /// <summary>Submits jobs again whose task failed.</summary>
    [Parameter(HelpMessage = "Submits jobs again whose task failed, as the journal tells: each is a new attempt, and costs again.")]
    public SwitchParameter RetryFailed { get; set; }

    /// <summary>Leaves the judgement of local images to the server.</summary>
    [Parameter(HelpMessage = "Leaves the judgement of local images to the server.")]
    public SwitchParameter SkipImageCheck { get; set; }

    /// <summary>How many seconds to keep trying to submit one item while nothing was created.</summary>
    [Parameter(HelpMessage = "Seconds to keep trying to submit an item while the API answers that nothing was created. Default: 3600; 0: no limit.")]
    [ValidateRange(0, int.MaxValue / 1000)]
    public int TimeoutSec { get; set; } = (int)Policy.SubmitTime.TotalSeconds;

    private protected override string Activity => "Submitting Kling effects";

    private protected override string HeldNotice =>
        "Submitted, and not passed on when the pipeline ended; these tasks go on, and Wait-KlingTask takes their ids";

    private protected override int DefaultThrottleLimit => Policy.SubmitsAtOnce;

    private protected override bool MayMeetOtherGateways => MyInvocation.ExpectingInput;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        InputRow row = new(++_index, MyInvocation.ExpectingInput, NullIfBlank(ExternalTaskId));
        try
        {
            EffectJob job = Job();
            _ = ApiOf(GatewayOrDefault); // a row whose gateway has no key fails before anything is asked or sent
            foreach (SafeText hint in _hints.For(job.Scene, job.Images.Count))
            {
                this.WriteCaution(hint);
            }

            if (ShouldSubmit(job))
            {
                SceneCatalog.Remember(job.Scene);
                Add(new NumberedJob(job, row));
            }
        }
        catch (KlingException error)
        {
            Fail(row.Named(error));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (this.IsWhatIf() && _preview!.Sum is { } sum)
        {
            this.Asks(sum, "", "");
        }

        base.EndProcessing();
        if (_journal?.Loss(looksAgain: true) is { } loss)
        {
            _toldOfLoss = true;
            this.WriteCaution($"{loss.Message} {loss.RecommendedAction}");
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        _opening.Stop();
        base.StopProcessing();
    }

    private protected override Stage<NumberedJob> CreateStage(ApiClient api)
    {
        TimeSpan? given = MyInvocation.BoundParameters.ContainsKey(nameof(TimeoutSec)) ? TimeSpan.FromSeconds(TimeoutSec) : null;
        SubmitOptions options = SubmitOptions.For(given) with { MaxJobs = MaxJobs, ThrottleLimit = ThrottleLimit };
        string? path = JournalPath ?? UserSetting.Read("KLING_JOURNAL");
        path = path is null ? null : LiteralPath.Resolve(this, path);
        _journal = path is null || this.IsWhatIf() ? null : _opening.Open(this, path, api.Time);
        _preview = path is not null && this.IsWhatIf() ? SubmitPreview.ByFile(path, MaxJobs) : SubmitPreview.By(_journal, MaxJobs);
        return _work = new SubmitStage(api, _journal, Held, options, Retry);
    }

    private protected override void OnDelivered(object record)
    {
        base.OnDelivered(record);
        if (record is KlingException failure)
        {
            _work!.Told(failure);
        }
    }

    private protected override void OnLeaving()
    {
        if (_work!.InFlight > 0)
        {
            this.WriteLastWords($"Waiting up to {Policy.CancelGrace.TotalSeconds:0} s for the answers to {_work.InFlight} submits that are under way; {_work.WhereIdsAre}.");
        }
    }

    private protected override void OnLeft()
    {
        _journal?.Dispose();
        if (!_toldOfLoss && _journal?.Loss(looksAgain: false) is { } loss)
        {
            this.WriteLastWords($"{loss.Message}");
        }

        base.OnLeft();
        foreach (KlingException doubt in _work!.Doubts)
        {
            this.WriteLastWords($"{SubjectName.Named(doubt).Message}");
        }
    }

    private RetryOptions Retry => new(RetryUncertain, RetryFailed);

    // PowerShell takes -Debug for a wish to be asked, unless -Confirm is given.
    private bool IsConfirm => this.Asked("Confirm")
        ?? (this.Asked("Debug") == true
        || (LanguagePrimitives.TryConvertTo(GetVariableValue("ConfirmPreference"), out ConfirmImpact least) && least is ConfirmImpact.Low or ConfirmImpact.Medium));

    private EffectJob Job()
    {
        EffectJob given = new()
        {
            Scene = Scene,
            Images = [],
            Duration = Duration,
            Mode = Mode,
            ModelName = ModelName,
            CallbackUrl = CallbackUrl,
            ExternalTaskId = ExternalTaskId,
            AdditionalBody = AdditionalBodySource.Read(AdditionalBody),
            Gateway = GatewayOrDefault,
            SkipImageCheck = SkipImageCheck,
        };
        return RowJob.Create(given, Image ?? [], SecondImage, path => LiteralPath.Resolve(this, path));
    }

    private bool ShouldSubmit(EffectJob job)
    {
        if (this.IsWhatIf())
        {
            return this.Asks(_preview!.DescribeAsync(job, ApiOf(GatewayOrDefault), Retry).GetAwaiter().GetResult(), "", "");
        }

        if (IsConfirm)
        {
            if (_preview!.HasTaskAsync(job, Retry).GetAwaiter().GetResult())
            {
                return true;
            }

            job.Check();
        }

        return this.Asks($"Job {job}", $"Submit {job}? This costs money.", "Kling effect");
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text!.Trim();
}
