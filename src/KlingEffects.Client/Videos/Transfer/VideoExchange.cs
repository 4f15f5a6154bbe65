using System.Buffers;
using KlingEffects.Http;

namespace KlingEffects.Videos;

/// <summary>One try at a video: asks for what is missing, receives it, and says how that ended.</summary>
internal sealed class VideoExchange(VideoTransfer transfer, PartialSlot slot, DownloadProgress progress, TimeProvider time)
{
    private const int BlockSize = 256 * 1024;

    public async Task<ExchangeEnd> RunAsync(Uri url, CancellationToken cancellationToken)
    {
        Validator? known = slot.Validator;
        HttpResponseMessage response = await transfer.SendAsync(url, slot.Length, known).ConfigureAwait(false);
        int status = (int)response.StatusCode;
        return status switch
        {
            200 => await BeginAsync(response, cancellationToken).ConfigureAwait(false),
            206 when known is not null => await GoOnAsync(response, known, cancellationToken).ConfigureAwait(false),
            416 when known is not null => await JudgeAsync(response.Content.Headers.ContentRange?.Length ?? -1, toldLength: true).ConfigureAwait(false),
            403 or 404 or 410 => new ExchangeEnd.Expired(status),
            408 or 429 or >= 500 => new ExchangeEnd.Again($"the host answered HTTP {status}") { RetryAfter = RetryAfter.Of(response.Headers, time) },
            _ => new ExchangeEnd.Refused(status),
        };
    }

    private async Task<ExchangeEnd> BeginAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            int head = 0;
            for (int read = -1; read != 0 && head < VideoType.HeadLength; head += read)
            {
                read = await transfer.ReadAsync(block, head).ConfigureAwait(false);
            }

            if (slot.FaultOf(block.AsSpan(0, head)) is { } fault)
            {
                return new ExchangeEnd.Again($"the host sent {fault}");
            }

            await slot.StartOverAsync(Validator.Of(response)).ConfigureAwait(false);
            await slot.WriteAsync(block, head, cancellationToken).ConfigureAwait(false);
            return await ReceiveAsync(block, response.Content.Headers.ContentLength, IsFramed(response), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private async Task<ExchangeEnd> GoOnAsync(HttpResponseMessage response, Validator known, CancellationToken cancellationToken)
    {
        var range = response.Content.Headers.ContentRange;
        bool fits = range is { Unit: "bytes", Length: { } length } && range.From == slot.Length && range.To < length;
        if (!fits || (Validator.Of(response) is { } theirs && theirs != known))
        {
            await slot.DiscardAsync().ConfigureAwait(false);
            return new ExchangeEnd.Again("the host sent another part than the one asked for");
        }

        byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            return await ReceiveAsync(block, range!.Length, isFramed: true, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private async Task<ExchangeEnd> ReceiveAsync(byte[] block, long? total, bool isFramed, CancellationToken cancellationToken)
    {
        progress.Total = total ?? -1;
        while (true)
        {
            progress.Received = slot.Length;
            int read = await transfer.ReadAsync(block, 0).ConfigureAwait(false);
            if (read == 0)
            {
                return await JudgeAsync(total ?? slot.Length, isFramed).ConfigureAwait(false);
            }

            await slot.WriteAsync(block, read, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ExchangeEnd> JudgeAsync(long total, bool toldLength)
    {
        if (slot.Length < total)
        {
            return new ExchangeEnd.Again($"the video broke off after {slot.Length} of {total} bytes");
        }

        string? fault = slot.Length > total ? "another length than it told" : slot.Fault(toldLength);
        if (fault is null)
        {
            return new ExchangeEnd.Complete();
        }

        await slot.DiscardAsync().ConfigureAwait(false);
        return new ExchangeEnd.Again($"the host sent {fault}");
    }

    // Without a length and without chunks, a broken connection looks like the end.
    private static bool IsFramed(HttpResponseMessage response) =>
        response.Content.Headers.ContentLength is not null || response.Headers.TransferEncodingChunked == true || response.Version.Major > 1;
}
