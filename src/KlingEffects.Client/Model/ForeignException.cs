namespace KlingEffects;

/// <summary>A foreign exception whose text is not safe to show, replaced by its type and its cleaned message.</summary>
internal sealed class ForeignException : Exception
{
    private readonly Exception _original;

    private ForeignException(Exception original)
        : base($"{(SafeText)original.GetType().Name}: {(SafeText)original.Message}", From(original.InnerException)) =>
        _original = original;

    public override string? StackTrace => _original.StackTrace;

    public static Exception? From(Exception? original)
    {
        for (Exception? cause = original; cause is not (null or KlingException or ForeignException); cause = cause.InnerException)
        {
            if (((SafeText)cause.Message).ToString() != cause.Message || cause.Data.Count > 0)
            {
                return new ForeignException(original!);
            }
        }

        return original;
    }
}
