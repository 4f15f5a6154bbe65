using KlingEffects.Emulator.Answers;
using KlingEffects.Emulator.Dialects;
using KlingEffects.Emulator.Exchanges;
using KlingEffects.Emulator.Faults;
using KlingEffects.Emulator.Recording;
using KlingEffects.Emulator.Specification;
using KlingEffects.Emulator.Tasks;

namespace KlingEffects.Emulator.Api;

/// <summary>POST of a task.</summary>
internal static class SubmitCall
{
    public static async Task HandleAsync(Exchange exchange)
    {
        EmulatorState state = exchange.State;
        if (state.Faults.TakeOnArrival(out Fault? spared) is { } early)
        {
            await exchange.HoldAsync(early.Delay);
            await exchange.AnswerAsync(ApiErrors.NoSuchCall, early.Effect);
            return;
        }

        SubmitReading reading = new(state.Options);
        HeaderCheck.Check(exchange.Context.Request, reading);
        using (SubmitBody body = await SubmitBodyReader.ReadAsync(exchange))
        {
            KeyCheck.Check(exchange, body.Skeleton);
            SubmitCheck.Check(body, reading);
        }

        CheckAgainstAccount(state, reading);
        foreach (Breach breach in reading.Breaches)
        {
            exchange.Breach(breach.Text);
        }

        Fault? fault = state.Faults.Take(Operation.Submit, reading.Request.Scene, null, reading.Request.ExternalId, spared);
        bool isDone = fault?.Effect is not (AnswerStatus or Redirect or ResetBefore);
        Answer answer = isDone ? Accept(exchange, reading, fault?.Effect) : ApiErrors.NoSuchCall;
        await exchange.HoldAsync(state.Options.Latency + (fault?.Delay ?? TimeSpan.Zero));
        await exchange.AnswerAsync(answer, fault?.Effect);
    }

    private static void CheckAgainstAccount(EmulatorState state, SubmitReading reading)
    {
        if (reading.Request.Scene is { } scene && state.Options.KnownScenes is { } known && !known.Contains(scene))
        {
            reading.Breach($"effect_scene {scene} is not offered", ApiErrors.InvalidParameter($"effect_scene value '{scene}' is invalid"));
        }
    }

    private static Answer Accept(Exchange exchange, SubmitReading reading, FaultEffect? effect)
    {
        EmulatorState state = exchange.State;
        if (ApiHost.Admit(exchange) is { } refused)
        {
            return refused;
        }

        if (reading.Breaches is [var breach, ..])
        {
            return breach.Answer;
        }

        // A refused one did no harm; where none is refused, the client has to see to it that each is used once.
        if (!state.Options.RejectDuplicateExternalId && reading.Request.ExternalId is { } externalId && state.Tasks.HasExternalId(externalId))
        {
            exchange.Breach($"external_task_id {externalId} was used before");
        }

        (EmulatedTask? task, Refusal refusal) = state.Tasks.Accept(Order(exchange, reading, effect), state.Options);
        if (task is null)
        {
            return refusal switch
            {
                Refusal.ParallelLimit => ApiErrors.ParallelLimit,
                Refusal.NoMoney => ApiErrors.BalanceNotEnough,
                _ => ApiErrors.DuplicateExternalId(reading.Request.ExternalId!, state.Options.DuplicateRefusal),
            };
        }

        exchange.Request.TaskId = task.Id;
        state.Traffic.Accepted();
        state.Signal.Pulse();
        return Answer.Json(200, SubmitAnswer.In(state.Options, task));
    }

    private static TaskOrder Order(Exchange exchange, SubmitReading reading, FaultEffect? effect) => new()
    {
        Request = reading.Request,
        RequestNumber = exchange.Request.Number,
        FailReason = (effect as FailTask)?.Reason,
        NeverEnds = effect is NeverEnds,
        WithoutUrlFor = (effect as SucceedWithoutUrl)?.For ?? TimeSpan.Zero,
    };
}
