using System.Globalization;
using System.Text.Json.Nodes;
using KlingEffects.Emulator.Answers;
using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Exchanges;
using KlingEffects.Emulator.Faults;
using KlingEffects.Emulator.Recording;

namespace KlingEffects.Emulator.Api;

/// <summary>GET of the account's resource packs that were bought within a window of time, at most once a second.</summary>
internal static class CostsCall
{
    public static async Task HandleAsync(Exchange exchange)
    {
        EmulatorState state = exchange.State;
        Fault? fault = state.Faults.Take(Operation.Account, null, null, null);
        await exchange.HoldAsync(state.Options.Latency + (fault?.Delay ?? TimeSpan.Zero));
        await exchange.AnswerAsync(ApiHost.Admit(exchange) ?? Packs(exchange), fault?.Effect);
    }

    private static Answer Packs(Exchange exchange)
    {
        EmulatorState state = exchange.State;
        if (!state.CostsRate.TryPass(1))
        {
            return ApiErrors.RateLimit;
        }

        if (Time(exchange, "start_time") is not { } start || Time(exchange, "end_time") is not { } end)
        {
            const string text = "start_time and end_time are required, as Unix time stamps in ms";
            exchange.Breach(text);
            return ApiErrors.InvalidParameter(text);
        }

        string? name = exchange.Context.Request.Query["resource_pack_name"];
        IEnumerable<ResourcePack> packs = state.Options.ResourcePacks
            .Where(pack => pack.PurchaseTime >= start && pack.PurchaseTime <= end && (name is null || pack.Name == name));
        return Answer.Json(200, new JsonObject
        {
            ["code"] = 0,
            ["message"] = "SUCCEED",
            ["request_id"] = ApiErrors.RequestId(),
            ["data"] = new JsonObject
            {
                ["code"] = 0,
                ["msg"] = "success",
                ["resource_pack_subscribe_infos"] = new JsonArray([.. packs.Select(Info)]),
            },
        });
    }

    private static DateTimeOffset? Time(Exchange exchange, string name) =>
        long.TryParse(exchange.Context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out long time)
            ? DateTimeOffset.FromUnixTimeMilliseconds(time)
            : null;

    private static JsonObject Info(ResourcePack pack) => new()
    {
        ["resource_pack_name"] = pack.Name,
        ["resource_pack_id"] = pack.Id,
        ["resource_pack_type"] = pack.Type,
        ["total_quantity"] = pack.Total,
        ["remaining_quantity"] = pack.Remaining,
        ["purchase_time"] = pack.PurchaseTime.ToUnixTimeMilliseconds(),
        ["effective_time"] = pack.EffectiveTime.ToUnixTimeMilliseconds(),
        ["invalid_time"] = pack.InvalidTime.ToUnixTimeMilliseconds(),
        ["status"] = pack.Status,
    };
}
