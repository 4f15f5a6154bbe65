using KlingEffects.Emulator.Answers;
using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Dialects;
using KlingEffects.Emulator.Exchanges;
using KlingEffects.Emulator.Faults;
using KlingEffects.Emulator.Recording;
using KlingEffects.Emulator.Tasks;

namespace KlingEffects.Emulator.Api;

/// <summary>GET of a task.</summary>
internal static class QueryCall
{
    public static async Task HandleAsync(Exchange exchange, ApiRoute route)
    {
        EmulatorState state = exchange.State;
        if (exchange.Context.Request.ContentLength > 0)
        {
            exchange.Breach("a query has a body");
        }

        EmulatedTask? task = state.Tasks.Find(route.TaskId, state.Options.AnswersExternalId);
        task = task?.Kind == route.Kind ? task : null;
        exchange.Request.TaskId = task?.Id ?? route.TaskId;
        Fault? fault = state.Faults.Take(Operation.Query, task?.Scene, exchange.Request.TaskId, task?.ExternalId);
        Touch(task, fault?.Effect);
        await exchange.HoldAsync(state.Options.Latency + (fault?.Delay ?? TimeSpan.Zero));
        await exchange.AnswerAsync(ApiHost.Admit(exchange) ?? Describe(state, task, fault?.Effect), fault?.Effect);
    }

    private static void Touch(EmulatedTask? task, FaultEffect? effect)
    {
        switch (effect)
        {
            case FailTask fail:
                task?.Fail(fail.Reason);
                break;
            case NeverEnds:
                task?.IsEndless = true;
                break;
            case SucceedWithoutUrl without:
                task?.WithoutUrlFor = without.For;
                break;
        }
    }

    private static Answer Describe(EmulatorState state, EmulatedTask? task, FaultEffect? effect)
    {
        if (task is null)
        {
            return ApiErrors.TaskNotExist;
        }

        AnswerShape shape = effect is AnswerIn other ? other.Shape : state.Options.AnswerShape;
        return Answer.Json(200, QueryAnswer.In(shape, new TaskView(task, task.Phase, state.Time.GetUtcNow(), state.UrlOf, state.Options)));
    }
}
