using KlingEffects.Emulator.Answers;
using KlingEffects.Emulator.Exchanges;
using KlingEffects.Emulator.Faults;
using KlingEffects.Emulator.Recording;
using KlingEffects.Emulator.Tasks;
using Microsoft.AspNetCore.Http;

namespace KlingEffects.Emulator.Video;

/// <summary>The other origin: a content host that knows signed addresses and nothing of the API.</summary>
internal static class VideoHost
{
    public static async Task HandleAsync(Exchange exchange)
    {
        EmulatorState state = exchange.State;
        RecordedRequest request = exchange.Request;
        KeyCheck.Check(exchange);
        var video = VideoUrls.Parse(request.Path);
        EmulatedTask? task = video is { } named ? state.FindTask(named.TaskId) : null;
        request.TaskId = task?.Id;
        Fault? fault = state.Faults.Take(Operation.Video, task?.Scene, task?.Id, task?.ExternalId);
        await exchange.HoldAsync(fault?.Delay ?? TimeSpan.Zero);
        Answer answer = task is null || video!.Value.Index >= task.VideoCount
            ? ApiErrors.ForStatus(404)
            : Serve(exchange, task, video.Value.Index, fault?.Effect);
        await exchange.AnswerAsync(answer, fault?.Effect);
    }

    private static Answer Serve(Exchange exchange, EmulatedTask task, int index, FaultEffect? effect)
    {
        HttpRequest http = exchange.Context.Request;
        if (effect is ExpiredUrl expired)
        {
            task.ExpireUrls();
            return Expired(expired.Code);
        }

        if (!exchange.State.Urls.IsGood(task, exchange.Request.Path, exchange.Request.Query))
        {
            return Expired(403);
        }

        if (!HttpMethods.IsGet(http.Method) && !HttpMethods.IsHead(http.Method))
        {
            exchange.Breach("the video host is for reading");
            return ApiErrors.ForStatus(405);
        }

        return VideoAnswer.Make(http, task, index, effect);
    }

    private static Answer Expired(int status) =>
        Answer.Text(status, "application/xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>\n");
}
