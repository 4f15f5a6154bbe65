using KlingEffects.Scenes;

namespace KlingEffects.Commands;

/// <summary>Submits images to a preset effect. Costs money.</summary>
[Cmdlet(VerbsCommon.New, "KlingEffect", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(KlingTask))]
public sealed class NewKlingEffectCommand() : KlingCommand(
    "Submitting Kling effects", Policy.SubmitsAtOnce,
    "Submitted, and not passed on when the pipeline ended; these tasks go on, and Wait-KlingTask takes their ids")
{
    private readonly SceneHints _hints = new();
    private SubmitStage? _work;
    private SubmitPreview? _preview;
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
    [CellTransformation(RowColumn.SecondImage)]
    public string? SecondImage { get; set; }

    /// <summary>Length of the video in seconds.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "Length of the video in seconds. Default: 5; some two-person scenes take 10.")]
    [ArgumentCompleter(typeof(DurationCompleter))]
    [CellTransformation(RowColumn.Duration)]
    public int? Duration { get; set; }

    /// <summary>Generation mode of the scenes that have one.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "std or pro, for scenes that have modes.")]
    [ArgumentCompleter(typeof(ModeCompleter))]
    [CellTransformation(RowColumn.Mode)]
    public string? Mode { get; set; }

    /// <summary>Model of older two-person scenes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "Model of older two-person scenes; leave it out unless a scene needs it.")]
    [Alias("model_name")]
    [CellTransformation(RowColumn.ModelName)]
    public string? ModelName { get; set; }

    /// <summary>Where the server tells of each change of status.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "URL that the server calls at each change of status.")]
    [Alias("callback_url")]
    [CellTransformation(RowColumn.CallbackUrl)]
    public string? CallbackUrl { get; set; }

    /// <summary>The user's own id, unique in the account.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "Your own id of the job, unique in the account.")]
    [Alias("external_task_id")]
    [CellTransformation(RowColumn.ExternalTaskId)]
    public string? ExternalTaskId { get; set; }

    /// <summary>Fields of the request that this module does not know, and known ones that are left out.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true,
        HelpMessage = "More fields of the request, as a hashtable: @{ input = @{ version = '2' } }; $null leaves one out.")]
    public object? AdditionalBody { get; set; }

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
    [Parameter(HelpMessage = "Seconds to keep trying to submit an item while the API answers that nothing was created; 0 = no limit. "
        + "Default: 3600.")]
    [ValidateRange(0, int.MaxValue / 1000)]
    public int TimeoutSec { get; set; } = (int)Policy.SubmitTime.TotalSeconds;

    /// <summary>The journal, so that the same command can be run again without paying twice.</summary>
    [Parameter(HelpMessage = "The journal file: run the same command again and nothing is paid for twice. Default: $env:KLING_JOURNAL.")]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    private protected override (int Submits, SafeText? WhereIdsAre) UnderWay =>
        (_work!.InFlight, _journal is null ? "their ids are shown here" : (SafeText)$"their ids are in the journal {_journal.FilePath}");

    private RetryOptions Retry => new(RetryUncertain, RetryFailed);

    // -Debug makes PowerShell ask, unless -Confirm is given.
    private bool IsConfirm => this.Asked("Confirm")
        ?? (this.Asked("Debug") == true
        || (LanguagePrimitives.TryConvertTo(GetVariableValue("ConfirmPreference"), out ConfirmImpact least)
            && least is ConfirmImpact.Low or ConfirmImpact.Medium));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        _index++;
        string? own = string.IsNullOrWhiteSpace(ExternalTaskId) ? null : ExternalTaskId!.Trim();
        string? place = own is null && MyInvocation.ExpectingInput ? $"row {_index}" : null;
        BatchRow row = new() { Index = _index, ExternalTaskId = own, Place = place };
        try
        {
            EffectJob job = row.Job = Job();
            _ = ApiOf(GatewayOrDefault); // fails for a gateway without a key before anything is asked or sent
            foreach (SafeText hint in _hints.For(job.Scene, job.Images.Count))
            {
                this.WriteCaution(hint);
            }

            if (ShouldSubmit(job))
            {
                SceneCatalog.Remember(job.Scene);
                Pump.Add(row);
            }
        }
        catch (KlingException error)
        {
            Fail(SubmitStage.Named(row, error));
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
        if (_journal?.FindLoss() is { } loss)
        {
            _toldOfLoss = true;
            this.WriteCaution($"{loss.Message} {loss.RecommendedAction}");
        }
    }

    internal override Stage CreateStage(ApiClient api)
    {
        SubmitOptions options = SubmitOptions.For(this.IsGiven(nameof(TimeoutSec)) ? TimeSpan.FromSeconds(TimeoutSec) : null)
            with { MaxJobs = MaxJobs, ThrottleLimit = ThrottleLimit };
        string? path = (JournalPath ?? UserSetting.Read("KLING_JOURNAL")) is { } given ? LiteralPath.Resolve(this, given) : null;
        _journal = path is null || this.IsWhatIf() ? null : OpenJournal(path, api.Time);
        _preview = path is not null && this.IsWhatIf() ? SubmitPreview.ByFile(path, MaxJobs) : SubmitPreview.By(_journal, MaxJobs);
        return _work = new SubmitStage(this, api, _journal, options, Retry);
    }

    private protected override void OnLeft()
    {
        _journal?.Dispose();
        if (!_toldOfLoss && _journal?.FindLoss() is { } loss)
        {
            this.WriteLastWords($"{loss.Message}");
        }

        base.OnLeft();
    }

    private EffectJob Job()
    {
        EffectJob given = new()
        {
            Scene = PastedText.Trim(Scene),
            Images = [],
            Duration = Duration,
            Mode = PastedText.NullIfBlank(Mode),
            ModelName = PastedText.NullIfBlank(ModelName),
            CallbackUrl = PastedText.NullIfBlank(CallbackUrl),
            ExternalTaskId = PastedText.NullIfBlank(ExternalTaskId),
            AdditionalBody = CellReader.Body(PipelineValue.Plain(AdditionalBody)),
            Gateway = GatewayOrDefault,
            SkipImageCheck = SkipImageCheck,
        };
        return given.WithImages(Image ?? [], SecondImage, path => LiteralPath.Resolve(this, path));
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
}
