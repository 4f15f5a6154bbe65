using System.Buffers;
using KlingEffects.Http;

namespace KlingEffects.Videos;

/// <summary>One try at a video: asks for what is missing, receives it, and says how that ended.</summary>
internal sealed class VideoExchange(VideoTransfer transfer, PartialSlot slot, DownloadProgress progress, TimeProvider time)
{
    private const int BlockSize = 256 * 1024;
    private const string OtherPart = "the host sent another part than the one asked for";
    private const string Changed = "the host's video is not the one of before";

    public async Task<ExchangeEnd> RunAsync(VideoQuery query, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await transfer.SendAsync(query).ConfigureAwait(false);
        int status = (int)response.StatusCode;
        if (status is 200 or 206 && await UnreadableAsync(response).ConfigureAwait(false) is { } encoding)
        {
            return new ExchangeEnd.Refused($"the host sent it compressed ({encoding}), which was not asked for") { Status = status };
        }

        return status switch
        {
            200 when query.From is null => await BeginAsync(response, null, cancellationToken).ConfigureAwait(false),
            // Whoever does not do ranges sends the same video anew: what is there need not be written again.
            200 when query.Version is not null && Validator.Of(response) == query.Version && Encodings(response).Length == 0 =>
                await GoOnAsync(0, response.Content.Headers.ContentLength, response.Content.Headers.ContentLength, IsFramed(response), cancellationToken).ConfigureAwait(false),
            200 => await BeginAsync(response, null, cancellationToken).ConfigureAwait(false),
            206 => await TakePartAsync(response, query, cancellationToken).ConfigureAwait(false),
            416 when query.From is not null => await JudgeUnsatisfiedAsync(ContentRange.Of(response)?.Total).ConfigureAwait(false),
            408 or 429 or >= 500 => new ExchangeEnd.Again($"the host answered HTTP {status}") { RetryAfter = RetryAfter.Of(response.Headers, time) },
            ProxyLogin.Status => new ExchangeEnd.Refused(ProxyLogin.Reason) { Id = KlingErrorId.ServerError, Status = status, Advice = Advice.ForProxy },
            >= 400 => await DenyAsync(response, status).ConfigureAwait(false),
            _ => new ExchangeEnd.Refused($"the host answered HTTP {status}") { Status = status },
        };
    }

    private async Task<ExchangeEnd> DenyAsync(HttpResponseMessage response, int status)
    {
        string? code = response.Headers.TryGetValues("x-ms-error-code", out IEnumerable<string>? codes) ? codes.FirstOrDefault() : null;
        HostReason reason = HostReason.Read(status, await transfer.ReadRefusalAsync().ConfigureAwait(false), code);
        return status is 403 or 404 or 410 || reason.IsTold
            ? new ExchangeEnd.Denied(status, reason)
            : new ExchangeEnd.Refused($"the host answered HTTP {status}{(reason.Text is { } text ? $", {text}" : "")}") { Status = status };
    }

    // The encoding, if it is one that is not undone here. The bytes of what was encoded are no parts of the video.
    private async Task<string?> UnreadableAsync(HttpResponseMessage response)
    {
        string[] encodings = Encodings(response);
        if (encodings.Length == 0)
        {
            return null;
        }

        if (encodings is [var one] && one.ToUpperInvariant() is "GZIP" or "X-GZIP" && (int)response.StatusCode == 200)
        {
            await transfer.DecompressAsync().ConfigureAwait(false);
            return null;
        }

        return ServerText.Clean(string.Join(", ", encodings));
    }

    private static string[] Encodings(HttpResponseMessage response) =>
        [.. response.Content.Headers.ContentEncoding.Where(static encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))];

    private async Task<ExchangeEnd> TakePartAsync(HttpResponseMessage response, VideoQuery query, CancellationToken cancellationToken)
    {
        ContentRange? range = ContentRange.Of(response);
        Validator? theirs = Validator.Of(response);
        bool isSame = query.From is not null
            && (theirs is null || query.Version is null || theirs == query.Version)
            && (range?.Total is null || slot.Total is null || range.Total == slot.Total);
        return range switch
        {
            // Another part than was asked for is of use where it is the whole rest.
            { From: { } from } when isSame && from <= slot.Length && (from == query.From || range.End == range.Total) =>
                await GoOnAsync(from, range.End, range.Total ?? slot.Total, isFramed: true, cancellationToken).ConfigureAwait(false),
            { From: 0 } when query.From is null || !isSame => await BeginAsync(response, range, cancellationToken).ConfigureAwait(false),
            null when query.From is null => await BeginAsync(response, new ContentRange(0, null, null), cancellationToken).ConfigureAwait(false),
            _ => new ExchangeEnd.Again(isSame ? OtherPart : Changed) { AsksForWhole = true },
        };
    }

    private async Task<ExchangeEnd> BeginAsync(HttpResponseMessage response, ContentRange? range, CancellationToken cancellationToken)
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

            bool isEncoded = Encodings(response).Length > 0;
            long? length = isEncoded ? null : response.Content.Headers.ContentLength;
            long? total = range is null ? length : range.Total;
            await slot.StartOverAsync(isEncoded ? null : Validator.Of(response), total, isPiece: range?.End is not null).ConfigureAwait(false);
            await slot.WriteAsync(block, head, cancellationToken).ConfigureAwait(false);
            return await ReceiveAsync(block, range?.End, total, range is null ? IsFramed(response) : total is not null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    // What the host sends of what is there already tells whether the two belong together.
    private async Task<ExchangeEnd> GoOnAsync(long from, long? end, long? total, bool isFramed, CancellationToken cancellationToken)
    {
        if (end < slot.Length)
        {
            return new ExchangeEnd.Again(OtherPart) { AsksForWhole = true };
        }

        byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            while (from < slot.Length)
            {
                int read = await transfer.ReadAsync(block, 0).ConfigureAwait(false);
                if (read == 0)
                {
                    return new ExchangeEnd.Again($"the video broke off after {from} bytes, of which {slot.Length} were there");
                }

                int known = (int)Math.Min(read, slot.Length - from);
                if (!slot.Has(from, block.AsSpan(0, known)))
                {
                    return new ExchangeEnd.Again(Changed) { AsksForWhole = true };
                }

                from += read;
                await slot.WriteAsync(block, known, read - known, cancellationToken).ConfigureAwait(false);
            }

            return await ReceiveAsync(block, end, total, isFramed, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private async Task<ExchangeEnd> ReceiveAsync(byte[] block, long? end, long? total, bool isFramed, CancellationToken cancellationToken)
    {
        progress.Total = total ?? -1;
        while (true)
        {
            progress.Received = slot.Length;
            int read = await transfer.ReadAsync(block, 0).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            await slot.WriteAsync(block, 0, read, cancellationToken).ConfigureAwait(false);
        }

        bool isPiece = end is not null && slot.Length >= end;
        return isPiece && slot.Length < total ? new ExchangeEnd.Again($"the host sent {slot.Length} of {total} bytes") { HasMore = true }
            : end is not null && total is null && !slot.EndsWhole ? new ExchangeEnd.Again($"the host sent {slot.Length} bytes, and may have more") { HasMore = isPiece }
            : await JudgeAsync(total ?? slot.Length, isFramed && (total is not null || end is null)).ConfigureAwait(false);
    }

    // A host that has nothing from here on: all of it is there, if it says so, or the video itself does.
    private async Task<ExchangeEnd> JudgeUnsatisfiedAsync(long? total) =>
        slot.Length == (total ?? slot.Total) || (total is null && slot.Total is null && slot.EndsWhole)
            ? await JudgeAsync(slot.Length, toldLength: true).ConfigureAwait(false)
            : new ExchangeEnd.Again(total is null ? "the host refused to send the rest" : Changed) { AsksForWhole = true };

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
