using System.Buffers;
using System.Net.Http.Headers;
using KlingEffects.Http;

namespace KlingEffects.Api.Exchange;

/// <summary>Reads an answer whole, within bounds of size and time.</summary>
internal sealed class ResponseReader(HttpTimeouts timeouts, TimeProvider time)
{
    /// <summary>No answer of the API comes near this many bytes.</summary>
    internal const int LargestAnswer = 16 * 1024 * 1024;

    private const string TooLong = "the answer is longer than any answer of this API";
    private const int BlockSize = 16 * 1024;

    public async Task<Response> ReadAsync(HttpResponseMessage message, CancellationToken cancellationToken)
    {
        Response response = new((int)message.StatusCode, default)
        {
            RetryAfter = RetryAfter.From(message.Headers, time),
            ClockAhead = ServerClock.Ahead(message.Headers.Date, message.Headers.Age, time.GetUtcNow()),
        };
        if (message.Content.Headers.ContentLength > LargestAnswer)
        {
            return response with { Unfit = TooLong };
        }

        using Stream stream = await message.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        HttpContentHeaders headers = message.Content.Headers;
        using MemoryStream came = new(Math.Min((int?)headers.ContentLength ?? 0, BlockSize));
        try
        {
            await ReadAsync(stream, came, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (came.Length > 0 && !cancellationToken.IsCancellationRequested)
        {
            response = response with { CutOff = fault };
        }

        return came.Length <= LargestAnswer
            && ContentDecoding.Undo(came.GetBuffer().AsMemory(0, (int)came.Length), headers.ContentEncoding, LargestAnswer) is { } body
                ? response with { Body = body }
                : response with { Unfit = TooLong };
    }

    // A server that sends a byte now and then does not stall; so the whole has a bound, too.
    private async Task ReadAsync(Stream stream, MemoryStream answer, CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            while (answer.Length <= LargestAnswer)
            {
                if (time.GetElapsedTime(begun) >= timeouts.Answer)
                {
                    throw new RequestFault("the answer came too slowly");
                }

                int read = await stream.ReadBlockAsync(block, 0, block.Length, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return;
                }

                answer.Write(block, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
