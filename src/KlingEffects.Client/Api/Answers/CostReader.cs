namespace KlingEffects.Api.Answers;

/// <summary>
/// What an answer says that its task cost: units of a resource pack, or money of a cash account. Never computed, for prices change, and
/// never added to each other. Sources: Kling's page of effects and its page of queries by id, 2026-11.
/// </summary>
internal static class CostReader
{
    public static decimal? Units(JsonElement[] levels) =>
        levels.FirstOf(static level => level.Amount("final_unit_deduction") ?? Sum(level, isMoney: false));

    /// <summary>The money that was taken, in a currency that the legacy routes do not name; null where the answer does not say.</summary>
    public static decimal? Money(JsonElement[] levels) =>
        levels.FirstOf(static level => Deducted(level) ?? Sum(level, isMoney: true));

    // The discounted price, which was taken; beside it stands the list's. One client has seen a bare number.
    private static decimal? Deducted(JsonElement level) =>
        level.Object("final_balance_deduction") is { } deduction ? deduction.Amount("quota") : level.Amount("final_balance_deduction");

    // Where an entry can't be read, or two are of different currencies, there is no sum.
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

    // Null for what is neither.
    private static bool? IsMoney(JsonElement entry) => entry.Text("charge_type")?.ToLowerInvariant() switch
    {
        "unit" => false,
        "cash" => true,
        null => entry.Text("currency", "cash_type") is not null,
        _ => null,
    };
}
