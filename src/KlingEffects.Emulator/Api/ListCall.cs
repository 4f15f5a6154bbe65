using System.Globalization;
using System.Text.Json.Nodes;
using KlingEffects.Emulator.Answers;
using KlingEffects.Emulator.Dialects;
using KlingEffects.Emulator.Exchanges;
using KlingEffects.Emulator.Faults;
using KlingEffects.Emulator.Recording;
using KlingEffects.Emulator.Tasks;

namespace KlingEffects.Emulator.Api;

/// <summary>GET of a page of the account's tasks, newest first.</summary>
internal static class ListCall
{
    private const int LastPage = 1000;
    private const int LargestPage = 500;
    private const int UsualPage = 30;

    public static async Task HandleAsync(Exchange exchange, ApiRoute route)
    {
        EmulatorState state = exchange.State;
        Fault? fault = state.Faults.Take(Operation.List, null, null, null);
        Answer? invalid = null;
        int Number(string name, int usual, int largest)
        {
            string? given = exchange.Context.Request.Query[name];
            if (given is null || (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= largest))
            {
                return given is null ? usual : int.Parse(given, CultureInfo.InvariantCulture);
            }

            string text = string.Create(CultureInfo.InvariantCulture, $"{name} is no number from 1 to {largest}: {given}");
            exchange.Breach(text);
            invalid = ApiErrors.InvalidParameter(text);
            return usual;
        }

        int page = Number("pageNum", 1, LastPage);
        int size = Number("pageSize", UsualPage, LargestPage);
        await exchange.HoldAsync(state.Options.Latency + (fault?.Delay ?? TimeSpan.Zero));
        await exchange.AnswerAsync(ApiHost.Admit(exchange) ?? invalid ?? Page(state, route.Kind, state.Options.ListIgnoresPage ? 1 : page, size), fault?.Effect);
    }

    private static Answer Page(EmulatorState state, string kind, int page, int size)
    {
        IEnumerable<EmulatedTask> tasks = state.Tasks.Snapshot().Reverse().Where(task => task.Kind == kind).Skip((page - 1) * size).Take(size);
        DateTimeOffset now = state.Time.GetUtcNow();
        return Answer.Json(200, new JsonObject
        {
            ["code"] = 0,
            ["message"] = "SUCCEED",
            ["request_id"] = ApiErrors.RequestId(),
            ["data"] = new JsonArray([.. tasks.Select(task => FlatAnswer.Listed(new TaskView(task, task.Phase, now, state.UrlOf, state.Options)))]),
        });
    }
}
