namespace KlingEffects.Policies;

/// <summary>
/// How often and how long anything is repeated, awaited or given up, and how much is done at once. No such number stands anywhere else;
/// how long a text or an answer may be stands where it is read.
/// </summary>
internal static class Policy
{
    // ---- What is repeated -----------------------------------------------------------------------------------------------

    // A single query: a person still waits for a quarter of a minute.
    public static readonly RetryPolicy Query = new()
    {
        BaseDelay = Seconds(0.5), MaxDelay = Seconds(8), MaxAttempts = 6, MaxElapsed = Seconds(15), IsStrict = true,
    };

    // A poll: an outage of some minutes must not end a wait, because the task is paid for and goes on.
    public static readonly RetryPolicy Poll = new() { BaseDelay = Seconds(1), MaxDelay = Seconds(30), MaxElapsed = Minutes(5) };

    // A poll that failed by an unexpected exception.
    public static readonly RetryPolicy PollDefect = Poll with { MaxAttempts = 3 };

    // A task that the API does not know yet: seen for up to a minute after its submit (reference, "Query shapes", 2026-11).
    public static readonly RetryPolicy NewTask = RetryPolicy.Every(Seconds(2)) with { MaxElapsed = Minutes(1) };

    // A task that succeeded and tells no URL yet: seen for up to two minutes (reference, "Query shapes", 2026-11).
    public static readonly RetryPolicy MissingUrl = RetryPolicy.Every(Seconds(5)) with { MaxElapsed = Minutes(2) };

    // A submit that made nothing, because of a limit. Kling asks for a first pause of at least 1 s (its concurrency page, 2026-11).
    public static readonly RetryPolicy Submit = new() { BaseDelay = Seconds(1), MaxDelay = Seconds(8) };

    // A download: given up after minutes without NoticeableProgress, because it is paid for.
    public static readonly RetryPolicy Download = new() { BaseDelay = Seconds(1), MaxDelay = Seconds(30), MaxElapsed = Minutes(5) };

    // A video that its host does not have yet: seen for 15 s after its task's end (vikit #127, remotion #671, 2026-11).
    public static readonly RetryPolicy MissingVideo = new() { BaseDelay = Seconds(2), MaxDelay = Seconds(10), MaxElapsed = Minutes(2) };

    // A finished file that another process holds for a moment: scanners and indexers let go within a few seconds.
    public static readonly RetryPolicy HeldFile = new() { BaseDelay = Seconds(0.1), MaxDelay = Seconds(1), MaxElapsed = Seconds(8) };

    // The longest Retry-After that is obeyed: no gateway's quota is known to need more. Pauses above LongSilence are reported.
    public static readonly TimeSpan LongestRetryAfter = Minutes(10);
    public static readonly TimeSpan LongSilence = Minutes(1);

    // ---- How much is done at once ---------------------------------------------------------------------------------------

    public const int SubmitsAtOnce = 8;
    public const int PollsAtOnce = 32;
    public const int DownloadsAtOnce = 6;
    public const int MostConnections = 1024; // of a host while it refuses none: what the throttle limit asks for
    public const int MostSuccessesWanted = 64; // downloads that must go well before one is tried that was refused

    // Jobs that are read ahead, so that their number is known early: each is an object of some hundred bytes, besides the bytes of images
    // that it may hold (a data: URI holds all of its image).
    public const int JobsAhead = 1000;
    public const long BytesAhead = 64 * 1024 * 1024;

    // ---- How a video comes ----------------------------------------------------------------------------------------------

    // How many bytes count as progress; a connection that brings fewer in a PaceInterval is replaced by a new one (yt-dlp #430, 2026-11).
    public const long NoticeableProgress = 16 * 1024;
    public static readonly TimeSpan PaceInterval = Minutes(1);

    public const int TriesOfGivenUpHost = 3; // of a host that another download gave up on, if nothing has come since
    public const int MostRedirects = 10;
    public const long LargestVideo = 64L * 1024 * 1024 * 1024; // that is believed: far above any that Kling makes, and below any disk
    public const long LargestUntoldVideo = 1024 * 1024 * 1024; // whose length is not told: ten minutes at 14 Mbit/s, more than Kling makes

    // How far a compressed video may grow: videos hardly compress, so a small ratio, and some bytes besides.
    public const int MostUnpackedRatio = 20;
    public const long UnpackedAllowance = 8 * 1024 * 1024;

    // ---- How long something may take ------------------------------------------------------------------------------------

    // To submit one job while nothing is created; counts anew whenever the account takes a job.
    public static readonly TimeSpan SubmitTime = Minutes(60);

    // To go on submitting a batch of which the account's limit has let no job through, and has freed no slot that is known of. Where all
    // slots are busy, one is free after a task's life of about five minutes (reference, "Results", 2026-11); three lives tell that time
    // does not help: gateways say "saturated" of an empty account too (reference, table B14, 2026-11).
    public static readonly TimeSpan StandstillTime = Minutes(15);

    public static readonly TimeSpan UnreachableTime = Minutes(5); // to go on submitting while the API can't be reached at all
    public static readonly TimeSpan ConnectivityValidity = Seconds(30); // for how long that holds; who comes later finds out anew

    public static readonly TimeSpan WaitTime = Minutes(60); // for one task from its arrival; effects take five minutes on average
    public static readonly TimeSpan CollectTime = Minutes(1); // where a batch is only collected: the next run asks for what has not ended
    public static readonly TimeSpan LastPoll = Seconds(5); // for the poll of a task at the very end of its time

    // To await the answer to a submit that is under way when the pipeline is stopped: it may be paid for. A job that is cancelled has
    // 7.5 s from SIGINT to SIGTERM at GitHub (its page on workflow cancellation, 2026-11), and as little elsewhere.
    public static readonly TimeSpan CancelGrace = Seconds(6);
    public static readonly TimeSpan TerminationTime = Seconds(7); // from SIGTERM to the end of the process: docker stop gives it 10 s

    public static readonly TimeSpan ConnectTimeout = Seconds(15); // TCP, proxy and TLS
    public static readonly TimeSpan AddressDelay = Seconds(0.25); // between two addresses of a host (RFC 8305, Connection Attempt Delay)
    public static readonly TimeSpan AnswerTimeout = Seconds(120); // from a request to the answer's headers; the gateway's limit is 100 s
    public static readonly TimeSpan StallTimeout = Seconds(30); // between two reads or writes of a body
    public static readonly TimeSpan LeaveTimeout = Seconds(0.9); // for leave to send a large body, which goes without then: .NET waits 1 s

    // How long an idle connection is kept: shorter than any server keeps it, for a submit on one that is being closed would be uncertain.
    public static readonly TimeSpan IdleConnection = Seconds(20);
    public static readonly TimeSpan ConnectionLifetime = Minutes(5); // so that a change of address is noticed

    public static readonly TimeSpan VideoSettled = Minutes(60); // after that, a video that its host does not have will not come any more
    public static readonly TimeSpan LongestTask = TimeSpan.FromDays(1); // one that began earlier has ended, whenever that was

    // How long the provider keeps a video (reference, "Videos", 2026-11: cleared after 30 days), and we a submit without a journal.
    public static readonly TimeSpan VideoRetention = TimeSpan.FromDays(30);
    public static readonly TimeSpan LedgerLife = VideoRetention;

    // ---- How often polls are sent ---------------------------------------------------------------------------------------

    // A poll is sent where not sending it would cost this many seconds of delay, by what the batch has shown.
    public const double PollWorth = 0.12;
    public static readonly TimeSpan ShortestPoll = Seconds(0.5);
    public static readonly TimeSpan LongestPoll = Seconds(120);
    public const double PollSpread = 0.15; // by which part its time is moved at random

    // The polls of a batch a second.
    public const double FirstPollsPerSecond = 20; // few enough for a gateway of which nothing is known
    public const double MostPollsPerSecond = 300; // that a server can make them by answering fast
    public const double FewestPollsPerSecond = 0.5; // that it can make them by complaining

    // By how many they rise with each good answer: before any complaint they quadruple about every second; where the last one came, only
    // to find out whether it would come again, seldom enough to be refused less than once in a hundred.
    public const double PollsPerSecondGained = 1.5;
    public const double PollsPerSecondRegained = 0.1; // after a complaint, below PollsNearRefusal of the pace at which it came
    public const double PollsPerSecondProbed = 0.01;
    public const double PollsNearRefusal = 0.9;

    // Which part of the pace is kept at the first complaint, which may come far above what the server takes, and at each later one.
    public const double PollsKeptAtFirst = 0.5;
    public const double PollsKept = 0.7;

    // How much later than twice its fastest answer a server must be to be thought to have enough to do.
    public static readonly TimeSpan SlowAnswer = Seconds(0.25);

    // ---- What an account has left ---------------------------------------------------------------------------------------

    // Between two questions for it: Kling bears one a second (its page of account information, 2026-11).
    public static readonly TimeSpan AccountSpacing = Seconds(1);

    // How long ago a pack may have been bought: the call picks by that, and a public tool that took 30 days missed two live packs.
    public static readonly TimeSpan PackAge = TimeSpan.FromDays(400);

    // ---- Who holds a journal --------------------------------------------------------------------------------------------

    public static readonly TimeSpan GuardHeartbeat = Seconds(10); // between two signs of life in its guard file
    public static readonly TimeSpan GuardLife = Seconds(60); // of another machine's without one: six may be missed on a slow share
    public static readonly TimeSpan GuardLook = Seconds(1); // between two looks at one that is waited out
    public const int GuardTries = 3; // to get one that was found stale

    // How often a journal is tried for that another process holds for the moment of a few lines, and the pause between.
    public const int BriefHolderTries = 40;
    public static readonly TimeSpan BriefHolderPause = Seconds(0.025);

    // For how long ends and files of tasks are gathered, so that they share a flush. Nothing is paid for by losing one.
    public static readonly TimeSpan RecordPause = Seconds(0.25);

    // ---- What a person sees ---------------------------------------------------------------------------------------------

    public static readonly TimeSpan ProgressInterval = Seconds(1); // between two looks of a progress display
    public static readonly TimeSpan SummaryInterval = Minutes(1); // between two lines that sum a batch up: few enough for a build's log
    public static readonly TimeSpan PipelineGlance = Seconds(0.5); // between two looks of a pipeline's thread whether that is due
    public static readonly TimeSpan ReportedWait = Seconds(5); // of a download
    public const int EndsThatTell = 3; // how many ends tell how long the rest takes

    // For how long jobs must get through without a wait before a limit is over: slots that get free together let some through.
    public static readonly TimeSpan FreeSubmits = Seconds(5);

    // ---- How coarse other people's clocks are ---------------------------------------------------------------------------

    public static readonly TimeSpan ClockSkew = Minutes(1); // by which the API's may be behind
    public static readonly TimeSpan ServerClockGrain = Seconds(2); // a Date has whole seconds, and is as old as its answer's way
    public static readonly TimeSpan FurthestServerClock = TimeSpan.FromDays(366); // what is further off is no clock
    public static readonly TimeSpan FileTimeGrain = Seconds(2); // FAT's: the coarsest time of change of any common file system

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
