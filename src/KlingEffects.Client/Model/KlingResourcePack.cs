namespace KlingEffects;

/// <summary>A resource pack of an account, as the API last told of it: what is left is up to 12 hours late.</summary>
public sealed class KlingResourcePack
{
    private static readonly Regex Concurrency = new(@"(?<![0-9A-Za-z])(\d{1,6})Con(?![a-z])", RegexOptions.CultureInvariant);

    /// <summary>The provider's name of the pack.</summary>
    public string Name { get; init; } = "";

    /// <summary>In the API's words: <c>decreasing_total</c> or <c>constant_period</c>; null where it does not say.</summary>
    public string? Kind { get; init; }

    /// <summary>The units that were bought; null where the API does not say.</summary>
    public decimal? Total { get; init; }

    /// <summary>The units that are left; null where the API does not say.</summary>
    public decimal? Remaining { get; init; }

    /// <summary>How many tasks the pack lets run at once, from its name (<c>…-5Con-…</c>); null where that does not tell.</summary>
    public int? ParallelTasks =>
        Concurrency.Match(Name) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    /// <summary>When it begins to count, or null.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>When it ends, or null.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>The API's word: <c>toBeOnline</c>, <c>online</c>, <c>expired</c> or <c>runOut</c>; null where it has none.</summary>
    public string? Status { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
