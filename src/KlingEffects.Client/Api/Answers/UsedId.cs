using System.Text.RegularExpressions;

namespace KlingEffects.Api.Answers;

/// <summary>
/// Whether a submit was refused because its external id has been used, whatever the status. Kling says so as 400/1201, which says other
/// things too, so
/// the words tell (probed by a public client, 2026-09-22); gateways have codes of their own (409 duplicate_external_task_id), or hand on
/// their
/// database's (500 E11000 duplicate key: commonly #697). Who asks looks the id up, so that words which mean something else do no harm.
/// </summary>
internal static class UsedId
{
    private static readonly Regex Words = new(
        @"duplicat|\balready[\s_]*(been[\s_]*)?(exist|used|taken|in[\s_]*use|submitted|registered|created)|\b(must|should|has to|not)[\s_]*(be[\s_]*)?unique"
        + @"|\bid\b.{0,40}\b(conflict|violat|exists\b)|\bunique\b.{0,40}\b(conflict|violat)|\b(re-?used?|in[\s_-]*(use|progress))\b"
        + "|已(经)?(被)?(存在|使用|占用|提交|注册)|重复|(必须|需|应|不)(是|为|保持)?唯一",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    public static bool IsTold(KlingException refusal) =>
        refusal.Id is KlingErrorId.InvalidRequest or KlingErrorId.SubmitUncertain && (Words.IsMatch(refusal.Code ?? "") || Words.IsMatch(refusal.Message));
}
