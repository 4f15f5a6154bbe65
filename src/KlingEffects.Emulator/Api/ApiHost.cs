using KlingEffects.Emulator.Answers;
using KlingEffects.Emulator.Exchanges;
using KlingEffects.Emulator.Recording;

namespace KlingEffects.Emulator.Api;

/// <summary>The API's side: knows the calls and what holds for all of them.</summary>
internal static class ApiHost
{
    public static Task HandleAsync(Exchange exchange, ApiRoute? route)
    {
        KeyCheck.Check(exchange);
        if (route is null)
        {
            exchange.Breach("there is no such call");
            return exchange.AnswerAsync(ApiErrors.NoSuchCall, exchange.State.Faults.Take(Operation.Any, null, null, null)?.Effect);
        }

        return route.Operation switch
        {
            Operation.Submit => SubmitCall.HandleAsync(exchange),
            Operation.Account => CostsCall.HandleAsync(exchange),
            Operation.List => ListCall.HandleAsync(exchange, route),
            _ => QueryCall.HandleAsync(exchange, route),
        };
    }

    /// <summary>What a request is answered before anybody looks at what it asks for; null when it may go on.</summary>
    public static Answer? Admit(Exchange exchange)
    {
        if (!KeyCheck.IsRight(exchange))
        {
            return ApiErrors.InvalidToken;
        }

        return exchange.State.Rate.TryPass(exchange.State.Options.RateLimit) ? null : ApiErrors.RateLimit;
    }
}
