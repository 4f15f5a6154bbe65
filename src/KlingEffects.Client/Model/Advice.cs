using static KlingEffects.Term;

namespace KlingEffects;

/// <summary>What a user can do about each failure. No advice makes anyone pay twice for a video that still exists.</summary>
internal static class Advice
{
    public const string ForFailureWithoutReason =
        "Ask the provider's support what became of it, with the task's id and the request id of this error.";

    public const string ForStandstill =
        "Look at the account's balance, its resource packs and its other users: a limit that lets nothing through for so long is "
            + "seldom a matter of time. The jobs of these errors were not created.";

    public const string ForTooLarge =
        "Save the image as a smaller file (JPEG, fewer pixels), or give its URL instead of the file; nothing was created.";

    public const string ForAccount =
        "Ask again later, or look at the account's page on the provider's web site. Nothing is paid for by asking.";

    // Placeholders for the gateway's variables.
    private const string Key = "{key}";
    private const string Address = "{address}";

    private const string TaskGoesOn = "The task is paid for and goes on:";

    public static string ForAddress => $"Check {BaseUri} and {Address}: something other than the API answers at that address.";

    public static string ForCertificate =>
        $"Check {BaseUri}, this machine's clock and its trusted certificates; a proxy that opens TLS needs its certificate there. "
            + "The check can't be switched off.";

    public static string ForProxy =>
        $"Give the proxy's login with {Proxy} and {ProxyCredential}, or ask whoever runs the proxy. "
            + "It was tried once: repeating a wrong password locks accounts.";

    public static string ForProxyDown =>
        $"Check the proxy: {Proxy}, else {Variable("HTTPS_PROXY")}, {Variable("HTTP_PROXY")} and {Variable("ALL_PROXY")}, "
            + $"else the system's; {Variable("NO_PROXY")} names hosts that need none.";

    public static string ForRefusedVideo =>
        $"The video is paid for and may well be there: pass the task's id to {SaveVideo} again later, or from another network. "
            + $"A host that refuses programs may take it with another {UserAgent}. "
            + "If it goes on refusing, tell the provider's support the host's reason.";

    /// <summary>The advice with a gateway's own variables; null for an unknown gateway.</summary>
    public static string WithNames(string advice, string? keyVariable, string? addressVariable) => advice
        .Replace(Key, keyVariable is null ? "the gateway's environment variable" : Variable(keyVariable))
        .Replace(Address, addressVariable is null ? "the gateway's environment variable" : Variable(addressVariable));

    public static string? For(KlingErrorId id) => id switch
    {
        KlingErrorId.ApiKeyMissing => $"Set {Key} or give {ApiKey}.",
        KlingErrorId.Unauthorized => $"Check the key in {Key} or {ApiKey}, and that it belongs to the API at {BaseUri}.",
        KlingErrorId.PermissionDenied => "Ask the provider whether the account, its plan or your IP address may use this call.",
        KlingErrorId.QuotaExceeded => "Top up the account or its resource pack, then submit what was not created: nothing was, of "
            + "this job. With a journal, the same command does no more than that.",
        KlingErrorId.RateLimited => $"Nothing was created of this job: submit it later, lower {ThrottleLimit}, or raise {TimeoutSec}. "
            + "With a journal, the same command does no more than what is left.",
        KlingErrorId.InvalidRequest => "Correct what the message names; nothing was created.",
        KlingErrorId.ContentRejected => "Use another image: the provider's content policy refused this one.",
        KlingErrorId.ModelNotFound => $"Check the scene's spelling and {ModelName} against the provider's current list; leave "
            + $"{ModelName} out unless a scene needs it. Of a query: check that {Kind} names the task's route.",
        KlingErrorId.TaskNotFound => $"Check the id, that {Kind} names the task's route, and that the key is of the account that made it.",
        KlingErrorId.TaskFailed => "Correct what the reason names and submit the job anew.",
        KlingErrorId.WaitTimeout => $"{TaskGoesOn} pass its id to {WaitForTask} again, with a longer {TimeoutSec}.",
        KlingErrorId.SubmitUncertain => "It may have been paid for: look for the job in the provider's task list before submitting "
            + $"it again. With a journal, {RetryUncertain} submits it again.",
        KlingErrorId.ServerError => $"Check the network, {BaseUri} and the provider's status page. Nothing was created of this job: "
            + "with a journal, the same command does no more than what is left.",
        KlingErrorId.ProtocolError => $"Check {BaseUri}; if it is right, report the answer to the module's authors.",
        KlingErrorId.NoVideo => "Ask for the task again later, and tell the provider's support the request id.",
        KlingErrorId.VideoExpired => "The provider no longer has the video: ask for it once more, and only then submit the job anew.",
        KlingErrorId.DownloadFailed => $"Pass the task's id to {SaveVideo} again: the download goes on where it broke off.",
        KlingErrorId.ImageInvalid => $"Convert or resize the image, or give {SkipImageCheck} to leave the judgement to the server.",
        KlingErrorId.ImageNotFound => "Check the path; it is taken literally and relative to the current location.",
        KlingErrorId.JournalLocked => "Wait for the other process to end, then run the same command again: with the same journal "
            + "nothing is paid for twice.",
        KlingErrorId.JournalInvalid => "Name a journal that this module wrote. Another one would have everything paid for again.",
        KlingErrorId.ReportFailed => "Name a file in a folder that can be written to; a report costs nothing to make again.",
        KlingErrorId.JobLimit => "With a journal, the same command takes up what is left. Without one, it would pay for the first "
            + "ones again: give it the rows that are left.",
        KlingErrorId.RowsInvalid => "Correct the rows that the message names; nothing was sent.",
        KlingErrorId.BatchIncomplete => "Look at the errors before this one, and run the same command again: what is done is not "
            + "paid for again.",
        _ => null,
    };

    /// <summary>The advice for a query of a paid task; null if <see cref="For"/> has it.</summary>
    public static string? ForQuery(KlingErrorId id) => id switch
    {
        KlingErrorId.Unauthorized => $"Check the key in {Key} or {ApiKey}. {TaskGoesOn} pass its id to {WaitForTask} with the right one.",
        KlingErrorId.PermissionDenied =>
            $"Ask the provider whether the account, its plan or your IP address may use this call. {TaskGoesOn} pass its id to "
                + $"{WaitForTask} afterwards.",
        KlingErrorId.QuotaExceeded => $"Top up the account or its resource pack. {TaskGoesOn} pass its id to {WaitForTask} afterwards.",
        KlingErrorId.RateLimited => $"{TaskGoesOn} pass its id to {WaitForTask} later, or with a lower {ThrottleLimit}.",
        KlingErrorId.InvalidRequest => $"Correct what the message names, such as the id or {Kind}.",
        KlingErrorId.ServerError =>
            $"{TaskGoesOn} pass its id to {WaitForTask} again; if that fails too, check the network, {BaseUri} and the provider's "
                + "status page.",
        _ => null,
    };
}
