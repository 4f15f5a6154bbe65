namespace KlingEffects.Emulator.Configuration;

/// <summary>A resource pack of the account, as <c>GET /account/costs</c> tells of it.</summary>
/// <param name="Name">Its name, which carries its parallel tasks: <c>…-5Con-…</c>.</param>
/// <param name="PurchaseTime">When it was bought: what the call's window filters by.</param>
public sealed record ResourcePack(string Name, DateTimeOffset PurchaseTime)
{
    /// <summary>Its id.</summary>
    public string Id { get; init; } = "509f3fd3d4f644ddaaf1c9c5b2d1bb7f";

    /// <summary><c>decreasing_total</c> or <c>constant_period</c>.</summary>
    public string Type { get; init; } = "decreasing_total";

    /// <summary>The units that were bought.</summary>
    public decimal Total { get; init; } = 100;

    /// <summary>The units that are left.</summary>
    public decimal Remaining { get; init; } = 100;

    /// <summary>When it begins to count.</summary>
    public DateTimeOffset EffectiveTime { get; init; } = PurchaseTime;

    /// <summary>When it ends.</summary>
    public DateTimeOffset InvalidTime { get; init; } = PurchaseTime.AddDays(30);

    /// <summary><c>toBeOnline</c>, <c>online</c>, <c>expired</c> or <c>runOut</c>.</summary>
    public string Status { get; init; } = "online";
}
