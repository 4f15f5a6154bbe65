using System.Net.Sockets;
using KlingEffects.Emulator.Answers;
using KlingEffects.Emulator.Configuration;
using KlingEffects.Emulator.Faults;
using KlingEffects.Emulator.Recording;
using KlingEffects.Emulator.Tasks;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace KlingEffects.Emulator.Exchanges;

/// <summary>One request and its answer.</summary>
internal sealed class Exchange(EmulatorState state, HttpContext context, RecordedRequest request, CancellationToken cancellation)
{
    public EmulatorState State => state;

    public HttpContext Context => context;

    public RecordedRequest Request => request;

    /// <summary>Fires when the client goes away or the emulator stops.</summary>
    public CancellationToken Cancellation => cancellation;

    public void Breach(string text) => state.Log.Violation(request, text);

    /// <summary>Holds the request for a time; <see cref="RecordedRequest.IsHeld"/> says so once the clock counts.</summary>
    public async Task HoldAsync(TimeSpan time)
    {
        if (time == TimeSpan.Zero)
        {
            return;
        }

        Task delay = Task.Delay(time, state.Time, cancellation);
        state.Log.Held(request, true);
        await delay.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        state.Log.Held(request, false);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Answers, or does what the effect wants instead of the right answer.</summary>
    public Task AnswerAsync(Answer answer, FaultEffect? effect) => effect switch
    {
        ResetBefore or ResetAfter => ResetAsync(),
        OtherAnswer other => WriteAsync(Other(other), Delivery.Plain),
        Redirect redirect => WriteAsync(Answer.Html(redirect.Code, "Moved", "Moved").With("Location", redirect.Location), Delivery.Plain),
        _ => WriteAsync(InWordsOf(state.Options.Gateway, answer), effect?.Delivery ?? Delivery.Plain),
    };

    private static Answer InWordsOf(Gateway gateway, Answer answer) => gateway == Gateway.Kling ? answer.AtKling ?? answer : answer;

    private Answer Other(OtherAnswer other)
    {
        Answer answer = other.Body is { } body
            ? Answer.Text(other.Code, other.ContentType, FillIn(body))
            : InWordsOf(state.Options.Gateway, ApiErrors.ForStatus(other.Code));
        return answer with { Headers = [.. answer.Headers, .. other.Headers] };
    }

    private string FillIn(string body)
    {
        EmulatedTask? task = request.TaskId is { } id ? state.FindTask(id) : null;
        return body
            .Replace("{task_id}", request.TaskId, StringComparison.Ordinal)
            .Replace("{video_url}", task is null ? null : state.UrlOf(task, 0), StringComparison.Ordinal);
    }

    private Task WriteAsync(Answer answer, Delivery delivery)
    {
        state.Log.Answering(request, answer.Status);
        context.Response.GetTypedHeaders().Date = state.Time.GetUtcNow() + state.Options.DateOffset;
        Action<int> sent = answer.IsVideo ? count => state.Traffic.VideoBytes(count) : _ => { };
        return AnswerWriter.WriteAsync(context, Packing.Apply(answer, state.Options), delivery, HoldAsync, sent, cancellation);
    }

    private Task ResetAsync()
    {
        state.Log.Answering(request, null);
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            CloseWithReset(socket);
        }

        context.Abort();
        return Task.CompletedTask;
    }

    private static void CloseWithReset(Socket socket)
    {
        try
        {
            // Without lingering, closing sends RST instead of FIN.
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception gone) when (gone is ObjectDisposedException or SocketException)
        {
            // The client closed first; nobody is left to see a reset.
        }
    }
}
