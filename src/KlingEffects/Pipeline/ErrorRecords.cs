namespace KlingEffects.Pipeline;

internal static class ErrorRecords
{
    public static ErrorRecord From(KlingException error)
    {
        error = SubjectName.Named(error);
        ErrorRecord record = new(error, error.ErrorId, Category(error.Id), error.Target ?? error.TaskId);
        record.ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = error.RecommendedAction ?? "" };
        return record;
    }

    public static void Try(Action work, Action<KlingException> fail)
    {
        try
        {
            work();
        }
        catch (KlingException error)
        {
            fail(error);
        }
    }

    public static ErrorRecord FromDefect(Exception defect) =>
        new(ForeignException.From(defect)!, "KlingDefect", ErrorCategory.NotSpecified, null);

    private static ErrorCategory Category(KlingErrorId id) => id switch
    {
        KlingErrorId.ApiKeyMissing or KlingErrorId.Unauthorized => ErrorCategory.AuthenticationError,
        KlingErrorId.PermissionDenied => ErrorCategory.PermissionDenied,
        KlingErrorId.QuotaExceeded => ErrorCategory.QuotaExceeded,
        KlingErrorId.RateLimited or KlingErrorId.JobLimit => ErrorCategory.LimitsExceeded,
        KlingErrorId.InvalidRequest => ErrorCategory.InvalidArgument,
        KlingErrorId.ContentRejected or KlingErrorId.ProtocolError => ErrorCategory.InvalidData,
        KlingErrorId.ImageInvalid or KlingErrorId.JournalInvalid or KlingErrorId.RowsInvalid => ErrorCategory.InvalidData,
        KlingErrorId.ModelNotFound or KlingErrorId.TaskNotFound => ErrorCategory.ObjectNotFound,
        KlingErrorId.VideoExpired or KlingErrorId.ImageNotFound => ErrorCategory.ObjectNotFound,
        KlingErrorId.TaskFailed or KlingErrorId.NoVideo or KlingErrorId.BatchIncomplete => ErrorCategory.InvalidResult,
        KlingErrorId.WaitTimeout => ErrorCategory.OperationTimeout,
        KlingErrorId.SubmitUncertain or KlingErrorId.ServerError => ErrorCategory.ConnectionError,
        KlingErrorId.DownloadFailed => ErrorCategory.ReadError,
        KlingErrorId.ReportFailed => ErrorCategory.WriteError,
        KlingErrorId.JournalLocked => ErrorCategory.ResourceBusy,
        _ => ErrorCategory.NotSpecified,
    };
}
