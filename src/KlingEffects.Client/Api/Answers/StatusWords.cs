namespace KlingEffects.Api.Answers;

/// <summary>Maps the dialects' status words, known and unknown.</summary>
internal static class StatusWords
{
    // Unknown words of refusal (rejected, blocked, moderated, timeout …) end a task: no later answer would be different.
    private const string Refusal =
        "^(reject(ed)?|refused|blocked|moderated|flagged|filtered|censored|timeout|timed(?=_out)|denied|deny|declined|disapproved"
        + "|unapproved|fail(ed|ure)?|error(ed)?|cancell?ed|cancel|abort(ed)?|expired|terminated|killed|stopped|halted|interrupted|crashed"
        + "|dropped|discarded|deleted|removed|revoked|voided|refunded|invalid(ated)?|violation|violate[ds]"
        + "|banned|forbidden|prohibited|unsafe|nsfw|unauthorized|exhausted|dead)$|失败|拒绝|取消|超时|错误|违规|过期|终止|未通过|不通过|拦截|驳回";

    // The task goes on: moderating, pending_review, retrying_after_error, not_failed.
    private const string StillOpen = "ing$|^(in|under|awaiting|queued?|retry|retries|will|may|not|no|non|if|until|before|un)$|中$";

    // A reseller's prefix, as in TASK_STATUS_SUCCEED (public clients of 2026).
    private const string Prefix = "^(task_)?(status|state)_|^task_(?=.)";

    // By status, in its order: Kling's words, the gateways' and resellers' (reference, "Query shapes", 2026-11).
    private static readonly string[][] Known =
    [
        Split("submitted created queued queuing queueing not_start not_started initializing wait waiting in_queue pending accepted"
            + " scheduled 已提交 排队中 等待中"),
        Split("processing in_progress running generating unknown 处理中 生成中 进行中"),
        Split("succeed succeeded success successful completed complete finished finish done 成功 已完成 完成"),
        Split("failed fail failure error cancelled canceled aborted expired 失败 已取消 已过期"),
    ];

    /// <summary>The status of a word. An unknown one that is no refusal means that the task goes on, unless its video is there.</summary>
    public static KlingTaskStatus Read(string word, Func<bool> hasVideo)
    {
        const int LongestWord = 100;
        if (word.Length > LongestWord)
        {
            return KlingTaskStatus.Processing;
        }

        if (Find(word) is { } known)
        {
            return known;
        }

        string plain = ErrorWords.Plain(word);
        if ((Find(plain) ?? Find(Regex.Replace(plain, Prefix, ""))) is { } found)
        {
            return found;
        }

        string[] parts = Regex.Replace(plain, "time[d]?_out", "timeout").Split('_');
        return HasPart(StillOpen) ? KlingTaskStatus.Processing
            : HasPart(Refusal) ? KlingTaskStatus.Failed
            : hasVideo() ? KlingTaskStatus.Succeed
            : KlingTaskStatus.Processing;

        bool HasPart(string pattern) => Array.Exists(parts, part => Regex.IsMatch(part, pattern));
    }

    /// <summary>The shared string of a known word, to save memory in long waits.</summary>
    public static string? Shared(string? word) => Known.SelectMany(static words => words).FirstOrDefault(known => known == word) ?? word;

    private static KlingTaskStatus? Find(string word) =>
        Array.FindIndex(Known, words => words.Contains(word)) is >= 0 and var status ? (KlingTaskStatus)status : null;

    private static string[] Split(string words) => words.Split(' ');
}
