using System.Globalization;
using System.Text.Json;

namespace KlingEffects.Api.Answers;

/// <summary>What an answer says that its task cost, in the provider's units. Never computed: prices change.</summary>
internal static class UnitReader
{
    /// <summary>The units, or null where the answer does not say.</summary>
    /// <param name="levels">Where a task's members may stand, the likeliest first.</param>
    public static decimal? Read(IReadOnlyList<JsonElement> levels)
    {
        foreach (JsonElement level in levels)
        {
            if (Number(level.Text("final_unit_deduction")) is { } units)
            {
                return units;
            }

            if (level.Member("billing") is { ValueKind: JsonValueKind.Array } billing && Sum(billing) is { } sum)
            {
                return sum;
            }
        }

        return null;
    }

    // An entry may tell of money instead, which is no unit.
    private static decimal? Sum(JsonElement billing)
    {
        decimal? sum = null;
        foreach (JsonElement entry in billing.EnumerateArray())
        {
            if (entry.Text("charge_type") is null or "unit" && Number(entry.Text("amount")) is { } amount)
            {
                sum = (sum ?? 0) + amount;
            }
        }

        return sum;
    }

    // Bounded, so that a sum is one too.
    private static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) && number is >= 0 and < 1_000_000_000_000m
            ? number
            : null;
}
