namespace KlingEffects;

/// <summary>What a user can do about each kind of failure.</summary>
internal static class Advice
{
    public const string ForAddress =
        "Check -BaseUri and $env:COMETAPI_BASE_URL: something other than the API answers at that address.";

    public const string ForCertificate =
        "Check -BaseUri, this machine's clock and its trusted certificates; a proxy that opens TLS needs its certificate there. The check can't be switched off.";

    public static string? For(KlingErrorId id) => id switch
    {
        KlingErrorId.ApiKeyMissing => "Set $env:COMETAPI_KEY or give -ApiKey.",
        KlingErrorId.Unauthorized => "Check the key in $env:COMETAPI_KEY or -ApiKey, and that it belongs to the API at -BaseUri.",
        KlingErrorId.PermissionDenied => "Ask the provider whether the account, its plan or your IP address may use this call.",
        KlingErrorId.QuotaExceeded => "Top up the account or its resource pack, then run the same command again.",
        KlingErrorId.RateLimited => "Run the same command again later, lower -ThrottleLimit, or raise -TimeoutSec.",
        KlingErrorId.InvalidRequest => "Correct what the message names; nothing was created.",
        KlingErrorId.ContentRejected => "Use another image: the provider's content policy refused this one.",
        KlingErrorId.ModelNotFound => "Check the scene's spelling and -ModelName against the provider's current list; leave -ModelName out unless a scene needs it. Of a query: check that -Kind names the task's route.",
        KlingErrorId.TaskNotFound => "Check the id, that -Kind names the task's route, and that the key is of the account that made it.",
        KlingErrorId.TaskFailed => "Correct what the reason names and submit the job anew.",
        KlingErrorId.WaitTimeout => "The task is paid for and goes on: pass its id to Wait-KlingTask again, with a longer -TimeoutSec.",
        KlingErrorId.SubmitUncertain => "It may have been paid for: look for the job in the provider's task list before submitting it again. With -JournalPath, -RetryUncertain submits it again.",
        KlingErrorId.ServerError => "Run the same command again; if it goes on, check the network, -BaseUri and the provider's status page.",
        KlingErrorId.ProtocolError => "Check -BaseUri; if it is right, report the answer to the module's authors.",
        KlingErrorId.NoVideo => "Ask for the task again later, and tell the provider's support the request id.",
        KlingErrorId.VideoExpired => "The provider no longer has the video: submit the job anew.",
        KlingErrorId.DownloadFailed => "Run the same command again: the download goes on where it broke off.",
        KlingErrorId.ImageInvalid => "Convert or resize the image, or give -SkipImageCheck to leave the judgement to the server.",
        KlingErrorId.ImageNotFound => "Check the path; it is taken literally and relative to the current location.",
        KlingErrorId.JournalLocked => "Wait for the other process to end, or give this one a journal of its own.",
        KlingErrorId.JournalInvalid => "Name a journal that this module wrote, or move the damaged file away after saving the task ids in it.",
        KlingErrorId.ReportFailed => "Name a file in a folder that can be written to; a report costs nothing to make again.",
        _ => null,
    };
}
