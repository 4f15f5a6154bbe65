using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Specification;

namespace KlingEffects.Emulator.Control;

/// <summary>The options that can be given from outside, on the command line and while the emulator runs; null leaves one as it is.</summary>
internal record OptionsPatch
{
    public Gateway? Gateway { get; init; }

    public double? GenerationSeconds { get; init; }

    public double? GenerationSpreadSeconds { get; init; }

    /// <summary>Generation times of particular scenes, in seconds.</summary>
    public IReadOnlyDictionary<string, double>? SceneSeconds { get; init; }

    public double? SubmittedSeconds { get; init; }

    public int? ParallelLimit { get; init; }

    public int? RateLimit { get; init; }

    public double? LatencyMs { get; init; }

    public long? VideoBytes { get; init; }

    public int? VideosPerTask { get; init; }

    public double? UrlLifetimeSeconds { get; init; }

    public bool? AnswersExternalId { get; init; }

    public bool? RejectDuplicateExternalId { get; init; }

    public DuplicateRefusal? DuplicateRefusal { get; init; }

    public Payment? Payment { get; init; }

    public decimal? UnitsPerTask { get; init; }

    public bool? TellsCostOfFailed { get; init; }

    public int? AffordableSubmits { get; init; }

    public IReadOnlyList<ResourcePack>? ResourcePacks { get; init; }

    public bool? RecordBodies { get; init; }

    public bool? AnyScene { get; init; }

    public bool? AnyMember { get; init; }

    public AnswerShape? AnswerShape { get; init; }

    public TaskIdStyle? TaskIdStyle { get; init; }

    /// <summary>An empty text takes it back.</summary>
    public string? ContentEncoding { get; init; }

    public bool? HidesContentEncoding { get; init; }

    public bool? AnswersAsEventStream { get; init; }

    public double? DateOffsetSeconds { get; init; }

    public bool? ListIgnoresPage { get; init; }

    /// <summary>What can be changed of some options, with their values.</summary>
    public static OptionsPatch Of(EmulatorOptions options) => new()
    {
        Gateway = options.Gateway,
        GenerationSeconds = options.GenerationTime.TotalSeconds,
        GenerationSpreadSeconds = options.GenerationSpread.TotalSeconds,
        SceneSeconds = options.GenerationTimes.ToDictionary(scene => scene.Key, scene => scene.Value.TotalSeconds),
        SubmittedSeconds = options.SubmittedTime.TotalSeconds,
        ParallelLimit = options.ParallelLimit,
        RateLimit = options.RateLimit,
        LatencyMs = options.Latency.TotalMilliseconds,
        VideoBytes = options.VideoSize,
        VideosPerTask = options.VideosPerTask,
        UrlLifetimeSeconds = options.UrlLifetime.TotalSeconds,
        AnswersExternalId = options.AnswersExternalId,
        RejectDuplicateExternalId = options.RejectDuplicateExternalId,
        DuplicateRefusal = options.DuplicateRefusal,
        Payment = options.Payment,
        UnitsPerTask = options.UnitsPerTask,
        TellsCostOfFailed = options.TellsCostOfFailed,
        AffordableSubmits = options.AffordableSubmits,
        ResourcePacks = options.ResourcePacks,
        RecordBodies = options.RecordBodies,
        AnyScene = options.KnownScenes is null,
        AnyMember = options.AcceptsAnyMember,
        AnswerShape = options.AnswerShape,
        TaskIdStyle = options.TaskIdStyle,
        ContentEncoding = options.ContentEncoding ?? "",
        HidesContentEncoding = options.HidesContentEncoding,
        AnswersAsEventStream = options.AnswersAsEventStream,
        DateOffsetSeconds = options.DateOffset.TotalSeconds,
        ListIgnoresPage = options.ListIgnoresPage,
    };

    public EmulatorOptions Apply(EmulatorOptions options) => options with
    {
        Gateway = Gateway ?? options.Gateway,
        AcceptsAnyMember = AnyMember ?? options.AcceptsAnyMember,
        GenerationTime = Time(GenerationSeconds) ?? options.GenerationTime,
        GenerationSpread = Time(GenerationSpreadSeconds) ?? options.GenerationSpread,
        GenerationTimes = SceneSeconds?.ToDictionary(scene => scene.Key, scene => Seconds.ToTime(scene.Value)) ?? options.GenerationTimes,
        SubmittedTime = Time(SubmittedSeconds) ?? options.SubmittedTime,
        ParallelLimit = ParallelLimit ?? options.ParallelLimit,
        RateLimit = RateLimit ?? options.RateLimit,
        Latency = Time(LatencyMs / 1000) ?? options.Latency,
        VideoSize = VideoBytes ?? options.VideoSize,
        VideosPerTask = VideosPerTask ?? options.VideosPerTask,
        UrlLifetime = Time(UrlLifetimeSeconds) ?? options.UrlLifetime,
        AnswersExternalId = AnswersExternalId ?? options.AnswersExternalId,
        RejectDuplicateExternalId = RejectDuplicateExternalId ?? options.RejectDuplicateExternalId,
        DuplicateRefusal = DuplicateRefusal ?? options.DuplicateRefusal,
        Payment = Payment ?? options.Payment,
        UnitsPerTask = UnitsPerTask ?? options.UnitsPerTask,
        TellsCostOfFailed = TellsCostOfFailed ?? options.TellsCostOfFailed,
        AffordableSubmits = AffordableSubmits ?? options.AffordableSubmits,
        ResourcePacks = ResourcePacks ?? options.ResourcePacks,
        RecordBodies = RecordBodies ?? options.RecordBodies,
        KnownScenes = AnyScene is { } any ? (any ? null : PublishedScenes.Names) : options.KnownScenes,
        AnswerShape = AnswerShape ?? options.AnswerShape,
        TaskIdStyle = TaskIdStyle ?? options.TaskIdStyle,
        ContentEncoding = ContentEncoding is null ? options.ContentEncoding : ContentEncoding.Length == 0 ? null : ContentEncoding,
        HidesContentEncoding = HidesContentEncoding ?? options.HidesContentEncoding,
        AnswersAsEventStream = AnswersAsEventStream ?? options.AnswersAsEventStream,
        DateOffset = DateOffsetSeconds is { } offset ? Seconds.ToOffset(offset) : options.DateOffset,
        ListIgnoresPage = ListIgnoresPage ?? options.ListIgnoresPage,
    };

    private static TimeSpan? Time(double? seconds) => seconds is { } value ? Seconds.ToTime(value) : null;
}
