using System.Collections.Frozen;

namespace KlingEffects.Emulator.Configuration;

/// <summary>How the emulator behaves. Immutable: while it runs, a changed copy is swapped in.</summary>
public sealed record EmulatorOptions
{
    /// <summary>Whose API it is.</summary>
    public Gateway Gateway { get; init; }

    /// <summary>Whether members that the specification does not have are accepted, as those are that appear one day.</summary>
    public bool AcceptsAnyMember { get; init; }

    /// <summary>The only key that the API accepts.</summary>
    public string ApiKey { get => field ?? (Gateway == Gateway.Kling ? "kling-emulator" : "sk-emulator"); init; } = null!;

    /// <summary>The port of the API on 127.0.0.1; 0 takes any free one. Fixed once started.</summary>
    public int ApiPort { get; init; }

    /// <summary>The port of the video host on 127.0.0.1; 0 takes any free one. Fixed once started.</summary>
    public int VideoPort { get; init; }

    /// <summary>The clock of everything: tasks, delays, limits, expiry and time stamps. Fixed once started.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The seed of every random decision (spread, probabilities), so that a run can be repeated. Fixed once started.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long a task takes from submitted to ended.</summary>
    public TimeSpan GenerationTime { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The largest deviation from the generation time, up or down, drawn uniformly for each task.</summary>
    public TimeSpan GenerationSpread { get; init; }

    /// <summary>Generation times of particular scenes, in place of <see cref="GenerationTime"/>.</summary>
    public IReadOnlyDictionary<string, TimeSpan> GenerationTimes { get; init; } = FrozenDictionary<string, TimeSpan>.Empty;

    /// <summary>How long a task stays submitted before it is processing; never longer than its generation.</summary>
    public TimeSpan SubmittedTime { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many tasks may be unfinished at once; a submit above it answers 1303 and creates nothing. 0 is no limit.</summary>
    public int ParallelLimit { get; init; }

    /// <summary>How many API requests a second are answered; one above it answers 1302 with Retry-After. 0 is no limit.</summary>
    public int RateLimit { get; init; }

    /// <summary>How long each API answer is held back.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The bytes of each video of the tasks to come; raised to the smallest playable size where it is below.</summary>
    public long VideoSize { get; init; } = 256 * 1024;

    /// <summary>How many videos each task to come has.</summary>
    public int VideosPerTask { get; init; } = 1;

    /// <summary>How long a video URL is good from the query that gave it; afterwards the video host answers 403. Zero never expires.</summary>
    public TimeSpan UrlLifetime { get; init; }

    /// <summary>Whether a query may name a task by its external id. Kling does; through CometAPI it is only hinted at.</summary>
    public bool AnswersExternalId { get; init; } = true;

    /// <summary>Whether a second submit of an external id is refused and creates nothing. Where it is not, it is a violation of the specification.</summary>
    public bool RejectDuplicateExternalId { get; init; } = true;

    /// <summary>How it is refused.</summary>
    public DuplicateRefusal DuplicateRefusal { get; init; }

    /// <summary>How the account pays: what the tasks of Kling's own API say that they cost.</summary>
    public Payment Payment { get; init; }

    /// <summary>What each task to come costs, in units; the price of a unit is 0.14, the list's 0.2.</summary>
    public decimal UnitsPerTask { get; init; } = 2;

    /// <summary>Whether a task that failed says what it cost, too: nothing.</summary>
    public bool TellsCostOfFailed { get; init; }

    /// <summary>How many submits the account can pay for; one above it answers that the balance is not enough. Null is no limit.</summary>
    public int? AffordableSubmits { get; init; }

    /// <summary>The account's resource packs, for <c>GET /account/costs</c>.</summary>
    public IReadOnlyList<ResourcePack> ResourcePacks { get; init; } = [];

    /// <summary>Whether the text of request bodies is kept whatever their size; otherwise only up to 64 KiB.</summary>
    public bool RecordBodies { get; init; }

    /// <summary>How many requests are remembered; the oldest are dropped first.</summary>
    public int RequestHistory { get; init; } = 200_000;

    /// <summary>The scenes that are offered; null accepts every name.</summary>
    public IReadOnlySet<string>? KnownScenes { get; init; }

    /// <summary>The dialect in which queries are answered.</summary>
    public AnswerShape AnswerShape { get; init; } = AnswerShape.Flat;

    /// <summary>How the API's JSON is compressed without being asked for: gzip, deflate, br. Another word is only said. Null: not at all.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>Whether the header Content-Encoding is left out where something is compressed.</summary>
    public bool HidesContentEncoding { get; init; }

    /// <summary>Whether the API's JSON comes as an event stream, with a comment before it and an end mark behind it.</summary>
    public bool AnswersAsEventStream { get; init; }

    /// <summary>How far the header Date is ahead of the clock that all else goes by; negative for behind.</summary>
    public TimeSpan DateOffset { get; init; }

    /// <summary>Whether every page of the list is the first one.</summary>
    public bool ListIgnoresPage { get; init; }

    /// <summary>What the ids of the tasks to come look like.</summary>
    public TaskIdStyle TaskIdStyle { get; init; } = TaskIdStyle.Number;
}
