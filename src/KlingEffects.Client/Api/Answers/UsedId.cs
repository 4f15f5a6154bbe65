using System.Text.RegularExpressions;

namespace KlingEffects.Api.Answers;

/// <summary>
/// Whether a submit was refused because its external id has been used. Kling says so as 400/1201, which says other things too, so the words tell
/// (probed by a public client, 2026-09-22); gateways have codes of their own (409 duplicate_external_task_id). Who asks looks the id up, so that words
/// which mean something else do no harm.
/// </summary>
internal static class UsedId
{
    private static readonly Regex Words = new(
        @"duplicat|\balready[\s_]*(been[\s_]*)?(exist|used|taken|in[\s_]*use|submitted|registered|created)|\b(must|should|has to|not)[\s_]*(be[\s_]*)?unique|\b(id|unique)\b.{0,40}\b(conflict|violat|exists\b)|\b(re-?used?|in use)\b"
        + "|已(经)?(被)?(存在|使用|占用|提交|注册)|重复|(必须|需|应|不)(是|为|保持)?唯一",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    public static bool IsTold(KlingException refusal) =>
        refusal.Id == KlingErrorId.InvalidRequest && (Words.IsMatch(refusal.Code ?? "") || Words.IsMatch(refusal.Message));
}
