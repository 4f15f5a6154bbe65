namespace KlingEffects.Policies;

/// <summary>All numbers of retries, timeouts and concurrency. Limits of lengths are where a text is read.</summary>
internal static class Policy
{
    // ---- What is repeated -----------------------------------------------------------------------------------------------

    // A single query: somebody is waiting.
    public static readonly RetryPolicy Query =
        new() { BaseDelay = Seconds(0.5), MaxDelay = Seconds(8), MaxAttempts = 6, MaxElapsed = Seconds(15), IsStrict = true };

    // An outage of some minutes must not end a wait, because the task is paid for and goes on.
    public static readonly RetryPolicy Poll = new() { BaseDelay = Seconds(1), MaxDelay = Seconds(30), MaxElapsed = Minutes(5) };

    public static readonly RetryPolicy PollDefect = Poll with { MaxAttempts = 3 };

    // The API does not know a new task for up to a minute (reference, "Query shapes", 2026-11).
    public static readonly RetryPolicy NewTask = RetryPolicy.Every(Seconds(2)) with { MaxElapsed = Minutes(1) };

    // A succeeded task has no URL for up to two minutes (reference, "Query shapes", 2026-11).
    public static readonly RetryPolicy MissingUrl = RetryPolicy.Every(Seconds(5)) with { MaxElapsed = Minutes(2) };

    // Kling asks for a first pause of at least 1 s at a limit (its concurrency page, 2026-11).
    public static readonly RetryPolicy Submit = new() { BaseDelay = Seconds(1), MaxDelay = Seconds(8) };

    // A video is paid for: the time counts without NoticeableProgress only.
    public static readonly RetryPolicy Download = new() { BaseDelay = Seconds(1), MaxDelay = Seconds(30), MaxElapsed = Minutes(5) };

    // A host may not have a new video for 15 s (vikit #127, remotion #671, 2026-11).
    public static readonly RetryPolicy MissingVideo = new() { BaseDelay = Seconds(2), MaxDelay = Seconds(10), MaxElapsed = Minutes(2) };

    // Virus scanners and indexers hold a new file for some seconds.
    public static readonly RetryPolicy HeldFile = new() { BaseDelay = Seconds(0.1), MaxDelay = Seconds(1), MaxElapsed = Seconds(8) };

    // No gateway's quota needs more. Pauses above LongSilence are reported.
    public static readonly TimeSpan LongestRetryAfter = Minutes(10);
    public static readonly TimeSpan LongSilence = Minutes(1);

    // ---- How much is done at once ---------------------------------------------------------------------------------------

    public const int SubmitsAtOnce = 8;
    public const int PollsAtOnce = 32;
    public const int DownloadsAtOnce = 6;
    public const int MostConnections = 1024; // per host until it refuses one
    public const int MostSuccessesWanted = 64; // before a refused number of connections is tried again

    // Jobs are read ahead so that their number is known early; a data: URI holds its image.
    public const int JobsAhead = 1000;
    public const long BytesAhead = 64 * 1024 * 1024;

    // ---- How a video comes ----------------------------------------------------------------------------------------------

    // A connection that brings fewer bytes in a PaceInterval is replaced (yt-dlp #430, 2026-11).
    public const long NoticeableProgress = 16 * 1024;
    public static readonly TimeSpan PaceInterval = Minutes(1);

    public const int TriesOfGivenUpHost = 3; // of a host that another download gave up on
    public const int MostRedirects = 10;
    public const long LargestVideo = 64L * 1024 * 1024 * 1024; // far above any of Kling's
    public const long LargestUntoldVideo = 1024 * 1024 * 1024; // without a Content-Length: ten minutes at 14 Mbit/s

    // Videos hardly compress: a bound for decompression.
    public const int MostUnpackedRatio = 20;
    public const long UnpackedAllowance = 8 * 1024 * 1024;

    // ---- How long something may take ------------------------------------------------------------------------------------

    // For one job, restarted whenever the account accepts a job.
    public static readonly TimeSpan SubmitTime = Minutes(60);

    // While an account's limit lets no job through. A busy slot is freed after a task's life of about five minutes (reference, "Results",
    // 2026-11); after three lives time does not help: gateways say "saturated" of an empty account too (reference, table B14, 2026-11).
    public static readonly TimeSpan StandstillTime = Minutes(15);

    public static readonly TimeSpan UnreachableTime = Minutes(5); // of submits
    public static readonly TimeSpan ConnectivityValidity = Seconds(30); // of the knowledge that the API is unreachable

    public static readonly TimeSpan WaitTime = Minutes(60); // for one task; effects take five minutes on average
    public static readonly TimeSpan CollectTime = Minutes(1); // for a batch that is only collected: the next run goes on
    public static readonly TimeSpan LastPoll = Seconds(5); // for the poll at the end of a task's time

    // For answers to submits after a stop. GitHub sends SIGTERM 7.5 s after SIGINT (its page on workflow cancellation, 2026-11).
    public static readonly TimeSpan CancelGrace = Seconds(6);
    public static readonly TimeSpan TerminationTime = Seconds(7); // from SIGTERM: docker stop gives 10 s

    public static readonly TimeSpan ConnectTimeout = Seconds(15); // TCP, proxy and TLS
    public static readonly TimeSpan AddressDelay = Seconds(0.25); // RFC 8305, Connection Attempt Delay
    public static readonly TimeSpan AnswerTimeout = Seconds(120); // until the headers; the gateway's limit is 100 s
    public static readonly TimeSpan StallTimeout = Seconds(30); // between two reads or writes of a body
    public static readonly TimeSpan LeaveTimeout = Seconds(0.9); // for 100 Continue: .NET waits 1 s

    // Shorter than any server's: a submit on a connection that is being closed would be uncertain.
    public static readonly TimeSpan IdleConnection = Seconds(20);
    public static readonly TimeSpan ConnectionLifetime = Minutes(5); // to notice a change of address

    public static readonly TimeSpan VideoSettled = Minutes(60); // after its task's end a missing video does not appear any more
    public static readonly TimeSpan LongestTask = TimeSpan.FromDays(1); // a task that began earlier has ended

    // The provider deletes videos after 30 days (reference, "Videos", 2026-11).
    public static readonly TimeSpan VideoRetention = TimeSpan.FromDays(30);
    public static readonly TimeSpan LedgerLife = VideoRetention;

    /// <summary>The user's limit; none if it is longer than timers run.</summary>
    public static TimeSpan? Limit(TimeSpan? given) => given?.TotalMilliseconds > int.MaxValue ? null : given;

    // ---- How often polls are sent ---------------------------------------------------------------------------------------

    // The delay in seconds that a poll must save to be worth its cost.
    public const double PollWorth = 0.12;
    public static readonly TimeSpan ShortestPoll = Seconds(0.5);
    public static readonly TimeSpan LongestPoll = Seconds(120);
    public const double PollSpread = 0.15; // jitter

    public const double FirstPollsPerSecond = 20; // of a batch, at an unknown gateway
    public const double MostPollsPerSecond = 300;
    public const double FewestPollsPerSecond = 0.5;

    // The rise with each good answer. Before any refusal the rate quadruples about every second; near the rate of the last refusal it
    // rises so slowly that less than one poll in a hundred is refused.
    public const double PollsPerSecondGained = 1.5;
    public const double PollsPerSecondRegained = 0.1; // below PollsNearRefusal of the refused rate
    public const double PollsPerSecondProbed = 0.01;
    public const double PollsNearRefusal = 0.9;

    // The part of the rate that is kept after a refusal; the first may come far above what the server accepts.
    public const double PollsKeptAtFirst = 0.5;
    public const double PollsKept = 0.7;

    // An answer later than twice the fastest one and this means that the server is busy.
    public static readonly TimeSpan SlowAnswer = Seconds(0.25);

    // ---- What an account has left ---------------------------------------------------------------------------------------

    // Kling accepts one query a second (its page of account information, 2026-11).
    public static readonly TimeSpan AccountSpacing = Seconds(1);

    // The call filters by purchase time: a public tool that asked for 30 days missed two live packs.
    public static readonly TimeSpan PackAge = TimeSpan.FromDays(400);

    // ---- Who holds a journal --------------------------------------------------------------------------------------------

    public static readonly TimeSpan GuardHeartbeat = Seconds(10);
    public static readonly TimeSpan GuardLife = Seconds(60); // six heartbeats may be missed on a slow share
    public static readonly TimeSpan GuardLook = Seconds(1);
    public const int GuardTries = 3; // to take a stale guard

    // For a journal that another process holds for a few lines.
    public const int BriefHolderTries = 40;
    public static readonly TimeSpan BriefHolderPause = Seconds(0.025);

    // Ends of tasks are collected to share a flush. Losing one costs nothing.
    public static readonly TimeSpan RecordPause = Seconds(0.25);

    // ---- What a person sees ---------------------------------------------------------------------------------------------

    public static readonly TimeSpan ProgressInterval = Seconds(1);
    public static readonly TimeSpan SummaryInterval = Minutes(1); // of verbose lines: few enough for a build's log
    public static readonly TimeSpan PipelineGlance = Seconds(0.5); // of a waiting pipeline's thread
    public static readonly TimeSpan ReportedWait = Seconds(5); // of a download
    public const int EndsThatTell = 3; // before a forecast

    // Jobs must not wait for so long before a limit is over: a freed slot lets some through.
    public static readonly TimeSpan FreeSubmits = Seconds(5);

    // ---- How coarse other people's clocks are ---------------------------------------------------------------------------

    public static readonly TimeSpan ClockSkew = Minutes(1); // of an API that sends no Date
    public static readonly TimeSpan KnownClockSkew = Seconds(3); // of one that does: two of the Date, one of a time in whole seconds
    public static readonly TimeSpan ServerClockGrain = Seconds(2); // a Date has whole seconds, and takes time to arrive
    public static readonly TimeSpan FileTimeGrain = Seconds(2); // FAT's, the coarsest of any common file system

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
