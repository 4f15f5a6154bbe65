namespace KlingEffects.Api.Answers;

/// <summary>The status words of the three dialects.</summary>
internal static class StatusWords
{
    private static readonly Dictionary<string, KlingTaskStatus> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["submitted"] = KlingTaskStatus.Submitted,
        ["created"] = KlingTaskStatus.Submitted,
        ["queued"] = KlingTaskStatus.Submitted,
        ["not_start"] = KlingTaskStatus.Submitted,
        ["initializing"] = KlingTaskStatus.Submitted,
        ["wait"] = KlingTaskStatus.Submitted,
        ["in_queue"] = KlingTaskStatus.Submitted,
        ["processing"] = KlingTaskStatus.Processing,
        ["in_progress"] = KlingTaskStatus.Processing,
        ["running"] = KlingTaskStatus.Processing,
        ["succeed"] = KlingTaskStatus.Succeed,
        ["succeeded"] = KlingTaskStatus.Succeed,
        ["success"] = KlingTaskStatus.Succeed,
        ["completed"] = KlingTaskStatus.Succeed,
        ["complete"] = KlingTaskStatus.Succeed,
        ["finished"] = KlingTaskStatus.Succeed,
        ["done"] = KlingTaskStatus.Succeed,
        ["failed"] = KlingTaskStatus.Failed,
        ["fail"] = KlingTaskStatus.Failed,
        ["failure"] = KlingTaskStatus.Failed,
        ["error"] = KlingTaskStatus.Failed,
        ["cancelled"] = KlingTaskStatus.Failed,
        ["canceled"] = KlingTaskStatus.Failed,
        ["aborted"] = KlingTaskStatus.Failed,
        ["expired"] = KlingTaskStatus.Failed,
    };

    public static KlingTaskStatus Read(string word) =>
        Known.TryGetValue(word.Trim(), out KlingTaskStatus status) ? status : KlingTaskStatus.Processing;
}
