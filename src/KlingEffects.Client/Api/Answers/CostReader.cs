namespace KlingEffects.Api.Answers;

/// <summary>The cost of a task by the answer: units of a resource pack, or money. Never computed, because prices change, and never added
/// to each other. Sources: Kling's pages of effects and of queries by id, 2026-11.</summary>
internal static class CostReader
{
    public static decimal? Units(JsonElement[] levels) =>
        levels.FirstOf(static level => level.Amount("final_unit_deduction") ?? Sum(level, isMoney: false));

    /// <summary>The money that was taken, in a currency that the legacy routes do not name.</summary>
    public static decimal? Money(JsonElement[] levels) => levels.FirstOf(static level => Deducted(level) ?? Sum(level, isMoney: true));

    // The discounted price, which was taken, is beside the list price. One client has seen a bare number.
    private static decimal? Deducted(JsonElement level) =>
        level.Object("final_balance_deduction") is { } deduction ? deduction.Amount("quota") : level.Amount("final_balance_deduction");

    // An unreadable entry, or two currencies, make no sum.
    private static decimal? Sum(JsonElement level, bool isMoney)
    {
        if (level.Member("billing") is not { ValueKind: JsonValueKind.Array } billing)
        {
            return null;
        }

        JsonElement[] entries = [.. billing.EnumerateArray().Where(entry => IsMoney(entry) == isMoney)];
        decimal?[] amounts = [.. entries.Select(static entry => entry.Amount("amount"))];
        bool isOfOneCurrency = entries.Select(static entry => entry.Text("currency")).Distinct().Count() == 1;
        return isOfOneCurrency && amounts.All(static amount => amount is not null) ? amounts.Sum() : null;
    }

    private static bool? IsMoney(JsonElement entry) => entry.Text("charge_type")?.ToLowerInvariant() switch
    {
        "unit" => false,
        "cash" => true,
        null => entry.Text("currency", "cash_type") is not null,
        _ => null,
    };
}
