using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace KlingEffects.Emulator.Answers;

/// <summary>Puts answers on the wire, in the way that was asked for.</summary>
internal static class AnswerWriter
{
    private const int SlicesPerSecond = 20;
    private const int LargestSlice = 128 * 1024;

    /// <param name="context">The request.</param>
    /// <param name="answer">What to send.</param>
    /// <param name="delivery">How to send it.</param>
    /// <param name="hold">Waits for so long: what throttling and stalling is made of.</param>
    /// <param name="sent">Hears how many bytes of the body were written.</param>
    /// <param name="cancellation">Ends the sending.</param>
    public static async Task WriteAsync(
        HttpContext context, Answer answer, Delivery delivery, Func<TimeSpan, Task> hold, Action<int> sent, CancellationToken cancellation)
    {
        HttpResponse response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        foreach ((string name, string value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (!delivery.IsChunked)
        {
            response.ContentLength = answer.Count;
        }

        if (HttpMethods.IsHead(context.Request.Method) || answer.Count == 0)
        {
            return;
        }

        long end = Math.Min(answer.Count, delivery.TruncateAfter ?? long.MaxValue);
        await WriteBodyAsync(response.BodyWriter, answer, end, delivery, hold, sent, cancellation);
        if (end < answer.Count)
        {
            await EndConnectionAsync(context, delivery, cancellation);
        }
    }

    private static async Task WriteBodyAsync(
        PipeWriter writer, Answer answer, long end, Delivery delivery, Func<TimeSpan, Task> hold, Action<int> sent, CancellationToken cancellation)
    {
        long slice = delivery.BytesPerSecond == 0 ? LargestSlice : Math.Clamp(delivery.BytesPerSecond / SlicesPerSecond, 1, LargestSlice);
        long position = 0;
        while (position < end)
        {
            long stop = end;
            if (position == delivery.StallAfter)
            {
                await writer.FlushAsync(cancellation);
                await hold(delivery.StallFor);
            }
            else if (position < delivery.StallAfter)
            {
                stop = Math.Min(end, delivery.StallAfter.Value);
            }

            ReadOnlyMemory<byte> stretch = answer.Content.At(answer.Offset + position);
            int count = (int)Math.Min(Math.Min(stretch.Length, stop - position), slice);
            await writer.WriteAsync(stretch[..count], cancellation);
            sent(count);
            position += count;
            if (delivery.BytesPerSecond > 0)
            {
                await hold(TimeSpan.FromSeconds((double)count / delivery.BytesPerSecond));
            }
        }
    }

    private static async Task EndConnectionAsync(HttpContext context, Delivery delivery, CancellationToken cancellation)
    {
        await context.Response.BodyWriter.FlushAsync(cancellation);
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        if (delivery.IsChunked)
        {
            context.Abort();
        }
    }
}
