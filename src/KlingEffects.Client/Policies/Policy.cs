namespace KlingEffects.Policies;

/// <summary>Every time and number by which something is repeated, awaited or given up, with its reason. None stands anywhere else.</summary>
internal static class Policy
{
    // ---- What is repeated -----------------------------------------------------------------------------------------------

    /// <summary>A query on its own: a quarter of a minute, which a person still waits.</summary>
    public static readonly RetryPolicy Query = new()
    {
        BaseDelay = Seconds(0.5), MaxDelay = Seconds(8), MaxAttempts = 6, MaxElapsed = Seconds(15), IsStrict = true,
    };

    /// <summary>A poll of a task that is waited for: an outage of some minutes ends no wait, for the task is paid for and goes on.</summary>
    public static readonly RetryPolicy Poll = new() { BaseDelay = Seconds(1), MaxDelay = Seconds(30), MaxElapsed = Minutes(5) };

    /// <summary>A task that the API does not know yet: seen for up to a minute after its submit (reference, "Query shapes", 2026-11).</summary>
    public static readonly RetryPolicy NewTask = RetryPolicy.Every(Seconds(2)) with { MaxElapsed = Minutes(1) };

    /// <summary>A task that succeeded and tells no URL yet: seen for up to two minutes (reference, "Query shapes", 2026-11).</summary>
    public static readonly RetryPolicy MissingUrl = RetryPolicy.Every(Seconds(5)) with { MaxElapsed = Minutes(2) };

    /// <summary>A submit that made nothing, because a limit was reached. Kling asks for a first pause of at least 1 s (its concurrency page, 2026-11).</summary>
    public static readonly RetryPolicy Submit = new() { BaseDelay = Seconds(1), MaxDelay = Seconds(8) };

    /// <summary>A download: given up after minutes in which not even <see cref="NoticeableProgress"/> came, as a poll is, for it is paid for.</summary>
    public static readonly RetryPolicy Download = new() { BaseDelay = Seconds(1), MaxDelay = Seconds(30), MaxElapsed = Minutes(5) };

    /// <summary>A video that its host does not have yet: seen for 15 s after its task's end (vikit #127, remotion #671, 2026-11).</summary>
    public static readonly RetryPolicy MissingVideo = new() { BaseDelay = Seconds(2), MaxDelay = Seconds(10), MaxElapsed = Minutes(2) };

    /// <summary>A finished file that another process holds for a moment: scanners and indexers let go within a few seconds.</summary>
    public static readonly RetryPolicy HeldFile = new() { BaseDelay = Seconds(0.1), MaxDelay = Seconds(1), MaxElapsed = Seconds(8) };

    /// <summary>How many bytes of a video count as getting on; and what a connection must bring in a <see cref="PaceInterval"/>.</summary>
    public const long NoticeableProgress = 16 * 1024;

    /// <summary>How long a connection may bring next to nothing, before it is left for a new one (yt-dlp #430, 2026-11).</summary>
    public static readonly TimeSpan PaceInterval = Minutes(1);

    /// <summary>How often a host is tried that another download was given up from, when nothing has come since.</summary>
    public const int TriesOfGivenUpHost = 3;

    // ---- How much a video may be ----------------------------------------------------------------------------------------

    /// <summary>The largest that is believed, in bytes: far above any that Kling makes, and below any disk.</summary>
    public const long LargestVideo = 64L * 1024 * 1024 * 1024;

    /// <summary>The largest whose length its host does not tell: ten minutes at 14 Mbit/s, more than Kling makes.</summary>
    public const long LargestUntoldVideo = 1024 * 1024 * 1024;

    /// <summary>What a packed video may be unpacked to: so many times what came, for videos hardly shrink, …</summary>
    public const int MostUnpackedRatio = 20;

    /// <summary>… and so many bytes besides.</summary>
    public const long UnpackedAllowance = 8 * 1024 * 1024;

    // ---- How many connections a host gets --------------------------------------------------------------------------------

    /// <summary>While it refuses none: what the throttle limit asks for.</summary>
    public const int MostConnections = 1024;

    /// <summary>The most downloads that must go well before one more connection is tried where the last one was refused.</summary>
    public const int MostSuccessesWanted = 64;

    /// <summary>The longest pause that a server is obeyed in; no quota of any gateway is known to need more.</summary>
    public static readonly TimeSpan LongestRetryAfter = Minutes(10);

    /// <summary>A longer pause at a server's word is told of.</summary>
    public static readonly TimeSpan LongSilence = Minutes(1);

    // ---- How long something may take ------------------------------------------------------------------------------------

    /// <summary>To submit one job while nothing is created; counts anew whenever the account takes a job.</summary>
    public static readonly TimeSpan SubmitTime = Minutes(60);

    /// <summary>
    /// To go on submitting a batch of which the account's limit has let no job through, and has freed no slot that is known of. Where all slots
    /// are busy, one is free after a task's life of about five minutes (reference, "Results", 2026-11); three lives tell that time does not help:
    /// gateways say "saturated" of an empty account too (reference, table B14, 2026-11).
    /// </summary>
    public static readonly TimeSpan StandstillTime = Minutes(15);

    /// <summary>To wait for one task from its arrival. Effects take five minutes on average.</summary>
    public static readonly TimeSpan WaitTime = Minutes(60);

    /// <summary>To wait for one task where a batch is only collected: what has not ended is asked for again by the next run.</summary>
    public static readonly TimeSpan CollectTime = Minutes(1);

    /// <summary>To go on submitting while the API can't be reached at all.</summary>
    public static readonly TimeSpan UnreachableTime = Minutes(5);

    /// <summary>For how long it holds that the API could not be reached; who comes after a longer pause finds out anew.</summary>
    public static readonly TimeSpan ConnectivityValidity = Seconds(30);

    /// <summary>To await the answer to a submit that is under way when the pipeline is stopped: it may be paid for. A job that is
    /// cancelled has 7.5 s from SIGINT to SIGTERM at GitHub (its page on workflow cancellation, 2026-11), and as little elsewhere.</summary>
    public static readonly TimeSpan CancelGrace = Seconds(6);

    /// <summary>From SIGTERM to the end of the process: a little longer than <see cref="CancelGrace"/>, and less than the 10 s of docker stop.</summary>
    public static readonly TimeSpan TerminationTime = Seconds(7);

    /// <summary>For the poll of a task at the very end of its time.</summary>
    public static readonly TimeSpan LastPoll = Seconds(5);

    /// <summary>TCP, proxy and TLS.</summary>
    public static readonly TimeSpan ConnectTimeout = Seconds(15);

    /// <summary>Between two addresses of a host that are tried (RFC 8305, 8: Connection Attempt Delay).</summary>
    public static readonly TimeSpan AddressDelay = Seconds(0.25);

    /// <summary>From a request to its answer's headers; the gateway's own limit is 100 s.</summary>
    public static readonly TimeSpan AnswerTimeout = Seconds(120);

    /// <summary>Between two reads or writes of a body.</summary>
    public static readonly TimeSpan StallTimeout = Seconds(30);

    /// <summary>For a server's leave to send a large body, which leaves without it then: .NET waits for a whole second.</summary>
    public static readonly TimeSpan LeaveTimeout = Seconds(0.9);

    /// <summary>How long an idle connection is kept: shorter than any server keeps it, for a submit on one that is being closed would be uncertain.</summary>
    public static readonly TimeSpan IdleConnection = Seconds(20);

    /// <summary>How long a connection is used at all, so that a change of address is noticed.</summary>
    public static readonly TimeSpan ConnectionLifetime = Minutes(5);

    /// <summary>After how long a video that its host does not have will not come any more.</summary>
    public static readonly TimeSpan VideoSettled = Minutes(60);

    /// <summary>The longest that a task may take: one that began earlier has ended, whenever that was.</summary>
    public static readonly TimeSpan LongestTask = TimeSpan.FromDays(1);

    /// <summary>How long the provider keeps a video (reference, "Videos", 2026-11: cleared after 30 days).</summary>
    public static readonly TimeSpan VideoRetention = TimeSpan.FromDays(30);

    // ---- How often polls are sent ---------------------------------------------------------------------------------------

    /// <summary>A poll is sent where not sending it would cost this many seconds of delay, by what the batch has shown.</summary>
    public const double PollWorth = 0.12;

    /// <summary>The shortest pause between two polls of a task.</summary>
    public static readonly TimeSpan ShortestPoll = Seconds(0.5);

    /// <summary>The longest pause between two polls of a task.</summary>
    public static readonly TimeSpan LongestPoll = Seconds(120);

    /// <summary>By which part the time of a poll is moved at random.</summary>
    public const double PollSpread = 0.15;

    /// <summary>The polls of a batch a second at first: few enough for a gateway of which nothing is known.</summary>
    public const double FirstPollsPerSecond = 20;

    /// <summary>The most that a server can make them by answering fast.</summary>
    public const double MostPollsPerSecond = 300;

    /// <summary>The fewest that a server can make them by complaining.</summary>
    public const double FewestPollsPerSecond = 0.5;

    /// <summary>By how many a second they rise with each good answer before any complaint: they quadruple about every second.</summary>
    public const double PollsPerSecondGained = 1.5;

    /// <summary>By how many after a complaint, up to <see cref="PollsNearRefusal"/>.</summary>
    public const double PollsPerSecondRegained = 0.1;

    /// <summary>By how many where the last complaint came: to find out whether it would come again, seldom enough to be refused less than once in a hundred.</summary>
    public const double PollsPerSecondProbed = 0.01;

    /// <summary>Which part of the pace at the last complaint is near to it.</summary>
    public const double PollsNearRefusal = 0.9;

    /// <summary>Which part of the pace is kept at the first complaint, which may come far above what the server takes.</summary>
    public const double PollsKeptAtFirst = 0.5;

    /// <summary>Which part is kept at each later one.</summary>
    public const double PollsKept = 0.7;

    /// <summary>How much later than twice its fastest answer a server must be to be thought to have enough to do.</summary>
    public static readonly TimeSpan SlowAnswer = Seconds(0.25);

    // ---- What an account has left ----------------------------------------------------------------------------------------

    /// <summary>Between two questions for it: Kling bears one a second (its page of account information, 2026-11).</summary>
    public static readonly TimeSpan AccountSpacing = Seconds(1);

    /// <summary>How long ago a pack may have been bought to be told of. The call picks by the time of purchase: a public tool that took 30 days missed two live packs.</summary>
    public static readonly TimeSpan PackAge = TimeSpan.FromDays(400);

    // ---- Who holds a journal ---------------------------------------------------------------------------------------------

    /// <summary>Between two signs of life in a journal's guard file.</summary>
    public static readonly TimeSpan GuardHeartbeat = Seconds(10);

    /// <summary>For how long a guard file of another machine counts without one: six may be missed on a slow share.</summary>
    public static readonly TimeSpan GuardLife = Seconds(60);

    /// <summary>Between two looks at a guard that is waited out.</summary>
    public static readonly TimeSpan GuardLook = Seconds(1);

    /// <summary>How often a guard that was found stale is contended for.</summary>
    public const int GuardTries = 3;

    /// <summary>How often a journal is tried for that another process holds for the moment of a few lines, and the pause between.</summary>
    public const int BriefHolderTries = 40;

    /// <summary>The pause between two of these tries.</summary>
    public static readonly TimeSpan BriefHolderPause = Seconds(0.025);

    /// <summary>For how long ends and files of tasks are gathered, so that they share a flush. Nothing is paid for by losing one.</summary>
    public static readonly TimeSpan RecordPause = Seconds(0.25);

    /// <summary>For how long the notes of submits without a journal are kept: as long as the provider keeps videos.</summary>
    public static readonly TimeSpan LedgerLife = TimeSpan.FromDays(30);

    // ---- How far ahead jobs are taken in ---------------------------------------------------------------------------------

    /// <summary>Jobs that are taken in before their turn, so that it is soon known how many there are; a job is an object of some hundred bytes.</summary>
    public const int JobsAhead = 1000;

    /// <summary>The bytes of pictures that these may hold, for a data: URI is all of its picture.</summary>
    public const long BytesAhead = 64 * 1024 * 1024;

    // ---- What a person sees ---------------------------------------------------------------------------------------------

    /// <summary>Between two looks of a progress display.</summary>
    public static readonly TimeSpan ProgressInterval = Seconds(1);

    /// <summary>Between two verbose lines that sum a batch up: few enough for the log of a build, where no bar is drawn.</summary>
    public static readonly TimeSpan SummaryInterval = Minutes(1);

    /// <summary>A wait of a download that is told of.</summary>
    public static readonly TimeSpan ReportedWait = Seconds(5);

    /// <summary>For how long jobs must get through without a wait before a limit is said to be over: slots that get free together let some through, and no more.</summary>
    public static readonly TimeSpan FreeSubmits = Seconds(5);

    /// <summary>How many ends must have been seen before they tell how long the rest takes.</summary>
    public const int EndsThatTell = 3;

    /// <summary>The longest that a pipeline's thread waits without looking whether its progress is due.</summary>
    public static readonly TimeSpan PipelineGlance = Seconds(0.5);

    // ---- How coarse other people's clocks are ---------------------------------------------------------------------------

    /// <summary>How far the API's clock may be behind this one.</summary>
    public static readonly TimeSpan ClockSkew = Minutes(1);

    /// <summary>The coarsest time of change of any common file system, FAT's.</summary>
    public static readonly TimeSpan FileTimeGrain = Seconds(2);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
