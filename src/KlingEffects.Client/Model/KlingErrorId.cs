namespace KlingEffects;

/// <summary>Every kind of failure; <c>Kling</c> and the name are the error id that scripts see.</summary>
public enum KlingErrorId
{
    /// <summary>No key was given and the environment has none.</summary>
    ApiKeyMissing,
    /// <summary>The API does not accept the key (HTTP 401, codes 1000–1004).</summary>
    Unauthorized,
    /// <summary>The account may not do this (HTTP 403, codes 1103 and 1304).</summary>
    PermissionDenied,
    /// <summary>Balance or resource pack used up (codes 1100–1102, quota words).</summary>
    QuotaExceeded,
    /// <summary>Rate or parallel-task limit (codes 1302 and 1303, HTTP 429), still there after the time allowed.</summary>
    RateLimited,
    /// <summary>The request is at fault (codes 1200 and 1201, HTTP 4xx, <c>invalid_request</c>).</summary>
    InvalidRequest,
    /// <summary>Content policy (codes 1300 and 1301).</summary>
    ContentRejected,
    /// <summary>The effect or model is not offered (<c>model_not_found</c>; 1202 and 1203 on a submit).</summary>
    ModelNotFound,
    /// <summary>No task has this id.</summary>
    TaskNotFound,
    /// <summary>The task ended as failed.</summary>
    TaskFailed,
    /// <summary>The task had not ended when the time was up. It is paid for and goes on.</summary>
    WaitTimeout,
    /// <summary>The submit may or may not have been accepted.</summary>
    SubmitUncertain,
    /// <summary>Server or connection, after the repeats.</summary>
    ServerError,
    /// <summary>An answer that can't be understood.</summary>
    ProtocolError,
    /// <summary>Succeeded, but no video came.</summary>
    NoVideo,
    /// <summary>The video's URL is gone, and a fresh one too.</summary>
    VideoExpired,
    /// <summary>The download broke off, after the repeats.</summary>
    DownloadFailed,
    /// <summary>A local image that the API would refuse.</summary>
    ImageInvalid,
    /// <summary>No such image file.</summary>
    ImageNotFound,
    /// <summary>Another process holds the journal.</summary>
    JournalLocked,
    /// <summary>Not a journal, or damaged before its last line.</summary>
    JournalInvalid,
    /// <summary>A report could not be written to its file.</summary>
    ReportFailed,
    /// <summary>As many jobs as were allowed have been submitted; the others were neither sent nor written down.</summary>
    JobLimit,
    /// <summary>Rows that cannot be a batch; nothing was sent.</summary>
    RowsInvalid,
    /// <summary>A batch is done, and some of its jobs have not their videos.</summary>
    BatchIncomplete,
}
