using System.Text.RegularExpressions;

namespace KlingEffects.Api.Answers;

/// <summary>The status words of the dialects, and what a word that is not known amounts to.</summary>
internal static class StatusWords
{
    private static readonly Dictionary<string, KnownWord> Known = Table(
        // Kling's own, and those of the gateway family and resellers (reference, "Query shapes", 2026-11).
        (KlingTaskStatus.Submitted, "submitted created queued queuing queueing not_start not_started initializing wait waiting in_queue pending accepted scheduled 已提交 排队中 等待中"),
        (KlingTaskStatus.Processing, "processing in_progress running generating unknown 处理中 生成中 进行中"),
        (KlingTaskStatus.Succeed, "succeed succeeded success successful completed complete finished finish done 成功 已完成 完成"),
        (KlingTaskStatus.Failed, "failed fail failure error cancelled canceled aborted expired 失败 已取消 已过期"));

    /// <summary>What the word says; a word that is neither known nor a refusal says that the task goes on.</summary>
    public static KlingTaskStatus Read(string word)
    {
        const int LongestWord = 100;
        if (word.Length > LongestWord)
        {
            return KlingTaskStatus.Processing;
        }

        // As nearly every answer spells it.
        if (Known.TryGetValue(word, out KnownWord? known))
        {
            return known.Status;
        }

        string plain = ErrorWords.Plain(word);
        if (Known.TryGetValue(plain, out known) || Known.TryGetValue(Patterns.Prefix.Replace(plain, ""), out known))
        {
            return known.Status;
        }

        string[] parts = Regex.Replace(plain, "time[d]?_out", "timeout").Split('_');
        return parts.Any(Patterns.StillOpen.IsMatch) || !parts.Any(Patterns.Refusal.IsMatch) ? KlingTaskStatus.Processing : KlingTaskStatus.Failed;
    }

    /// <summary>The word as this process already has it, where it is a known one: ten thousand tasks that wait need it once.</summary>
    public static string? Shared(string? word) => word is not null && Known.TryGetValue(word, out KnownWord? known) ? known.Word : word;

    private static Dictionary<string, KnownWord> Table(params (KlingTaskStatus Status, string Words)[] rows)
    {
        Dictionary<string, KnownWord> table = new(StringComparer.Ordinal);
        foreach ((KlingTaskStatus status, string words) in rows)
        {
            foreach (string word in words.Split(' '))
            {
                table.Add(word, new KnownWord(word, status));
            }
        }

        return table;
    }

    // Made only for a word that is not known as it is spelt.
    private static class Patterns
    {
        // A reseller's prefix, as in TASK_STATUS_SUCCEED (public clients of 2026).
        public static readonly Regex Prefix = new("^(task_)?(status|state)_|^task_(?=.)", RegexOptions.CultureInvariant);

        // Refusals that no list has yet (rejected, blocked, moderated, timeout …) end a task: no later answer tells another end.
        public static readonly Regex Refusal = new(
            "^(rejected|reject|refused|blocked|moderated|flagged|filtered|censored|timeout|timed(?=_out)|denied|deny|declined|disapproved|unapproved|"
            + "failed|failure|fail|error|errored|cancelled|canceled|cancel|aborted|abort|expired|terminated|killed|stopped|halted|interrupted|crashed|dropped|discarded|"
            + "deleted|removed|revoked|voided|refunded|invalid|invalidated|violation|violated|violates|banned|forbidden|prohibited|unsafe|nsfw|unauthorized|exhausted|dead)$"
            + "|失败|拒绝|取消|超时|错误|违规|过期|终止|未通过|不通过|拦截|驳回",
            RegexOptions.CultureInvariant);

        // Something is still to come of it: moderating, pending_review, retrying_after_error, not_failed.
        public static readonly Regex StillOpen = new("ing$|^(in|under|awaiting|queued?|retry|retries|will|may|not|no|non|if|until|before|un)$|中$", RegexOptions.CultureInvariant);
    }

    private sealed record KnownWord(string Word, KlingTaskStatus Status);
}
