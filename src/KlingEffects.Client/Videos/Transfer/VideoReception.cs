using System.Buffers;
using KlingEffects.Http;
using KlingEffects.Videos.Containers;

namespace KlingEffects.Videos.Transfer;

/// <summary>Takes one answer: finds where its bytes belong, puts them into the partial file, and judges whether it is whole.</summary>
internal sealed class VideoReception(
    VideoRequest request, PartialFile file, DownloadProgress progress, TimeProvider time, CancellationToken cancellationToken)
{
    private const int BlockSize = 256 * 1024;
    private const string Misfit = "the host sent bytes that do not fit those of before";

    private readonly long _before = file.Length;
    private long _at;
    private long? _total;
    private bool _isPart;
    private bool _isFramed;
    private DownloadEnd.Again? _broken;

    public async Task<DownloadEnd> RunAsync(Uri url, long? from, Func<string, ValueTask> queueing)
    {
        HttpResponseMessage response = await request.SendAsync(url, from, queueing).ConfigureAwait(false);
        int status = (int)response.StatusCode;
        return status switch
        {
            200 or 203 or 206 => await TakeAsync(response, from ?? 0).ConfigureAwait(false),
            416 when from is not null => new DownloadEnd.Again("the host refused to send the rest") { AsksForWhole = true },
            408 or 429 or >= 500 => new DownloadEnd.Again($"the host answered HTTP {status}")
            {
                RetryAfter = RetryAfter.From(response.Headers, time),
            },
            RequestFault.ProxyLogin => VideoRequest.ProxyWantsLogin,
            >= 300 and < 400 => new DownloadEnd.Final($"the host answered HTTP {status}, which leads nowhere") { Status = status },
            _ => await DenyAsync(response, status).ConfigureAwait(false),
        };
    }

    private async Task<DownloadEnd> DenyAsync(HttpResponseMessage response, int status)
    {
        string? code = response.Headers.TryGetValues("x-ms-error-code", out IEnumerable<string>? codes) ? codes.FirstOrDefault() : null;
        HostReason reason = HostReason.Parse(status, await request.ReadRefusalAsync().ConfigureAwait(false), code);
        return new DownloadEnd.Denied(status, reason, response.Headers.Date);
    }

    private async Task<DownloadEnd> TakeAsync(HttpResponseMessage response, long from)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            ContentRange? range = ContentRange.Parse(response);
            int count = await request.FillAsync(block, PartialFile.Overlap).ConfigureAwait(false);
            long? place = Place(block.AsSpan(0, count), range?.From, from, (int)response.StatusCode == 206);
            bool isPacked = false;
            for (; place is null && request.TryUnpack(block.AsSpan(0, count)); isPacked = true)
            {
                count = await request.FillAsync(block, PartialFile.Overlap).ConfigureAwait(false);
                place = Place(block.AsSpan(0, count), null, 0, isPart: false);
            }

            if (place is null)
            {
                return Unusable(response, block.AsSpan(0, count), range?.From ?? from);
            }

            _at = place.Value;
            _isPart = _at > 0 || range is not null;
            _total = isPacked ? null : range?.Total ?? (range is null ? _at + response.Content.Headers.ContentLength : null);
            _isFramed = response.Content.Headers.ContentLength is not null || response.Headers.TransferEncodingChunked == true
                || response.Version.Major > 1;
            if (_total > Policy.LargestVideo)
            {
                return new DownloadEnd.Final($"the host says that it has {ByteSize.Describe(_total.Value)}, which no video has");
            }

            return await ReceiveAsync(block, count).ConfigureAwait(false) ?? Judge(isPacked ? []
                : [.. ContentDigest.From(response, _isPart)]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    // Where the answer says, where they were asked for from, or at the start: the first place at which the bytes are what is there.
    private long? Place(ReadOnlySpan<byte> head, long? told, long from, bool isPart)
    {
        foreach (long place in (long[])[told ?? (isPart ? from : 0), from, 0])
        {
            int known = (int)Math.Max(0, Math.Min(head.Length, file.Length - place));
            if (known > 0 && file.Has(place, head.Slice(0, known)))
            {
                return place;
            }
        }

        // A video that begins otherwise than the one that is there takes its place.
        return told is null or 0 && file.CanBegin(head) ? 0 : null;
    }

    private static DownloadEnd Unusable(HttpResponseMessage response, ReadOnlySpan<byte> head, long from) =>
        from > 0 && VideoContainer.IsNoText(head) ? new DownloadEnd.Again(Misfit) { AsksForWhole = true }
        : VideoRequest.Encodings(response) is { Length: > 0 } encodings
            ? new DownloadEnd.Final(
                $"the host sent it compressed ({string.Join(", ", encodings).ToLowerInvariant()}), which was not asked for")
            {
                Status = (int)response.StatusCode,
            }
        : new DownloadEnd.Again($"the host sent {VideoContainer.Describe(head)}");

    // Null: it came to its end, or broke off.
    private async Task<DownloadEnd?> ReceiveAsync(byte[] block, int count)
    {
        bool isWhole = _at == 0;
        progress.Total = _total ?? -1;
        try
        {
            while (count > 0)
            {
                if (!await file.PutAsync(_at, block, count, isWhole, cancellationToken).ConfigureAwait(false))
                {
                    return new DownloadEnd.Again(Misfit) { AsksForWhole = true };
                }

                _at += count;
                progress.Received = file.Length;
                if (file.Length > (request.LargestUnpacked ?? (_total is null ? Policy.LargestUntoldVideo : Policy.LargestVideo)))
                {
                    string came = ByteSize.Describe(file.Length);
                    file.Clear();
                    return new DownloadEnd.Final($"the host sends far more than a video: {came} came, and no end");
                }

                count = await request.ReadAsync(block, 0).ConfigureAwait(false);
            }

            return null;
        }
        catch (DownloadFault fault) when (fault.End is DownloadEnd.Again)
        {
            _broken = (DownloadEnd.Again)fault.End;
            return null;
        }
    }

    // Whatever the headers say, the container has the last word; where it has none, a told length does, or the same end twice.
    private DownloadEnd Judge(IReadOnlyList<ContentDigest> digests)
    {
        Wholeness state = file.State;
        bool isNothingNew = file.Length == _before;
        bool isSameEnd = isNothingNew && _at == file.Length;
        bool lacks = file.Length < _total;
        bool isWhole = _broken is not null ? isSameEnd && !lacks && state == Wholeness.Whole
            : state == Wholeness.Whole ? isSameEnd || !lacks
            : state == Wholeness.Plausible && (_total is null ? isSameEnd || _isFramed : !lacks);
        if (isWhole && ContentDigest.Misfit(digests, file) is { } misfit)
        {
            file.Clear();
            string reason = $"what the host sent does not fit the digest that it tells ({misfit.Header})";
            return new DownloadEnd.Again(reason) { AsksForWhole = true };
        }

        if (!isWhole && _broken is null && state == Wholeness.Broken)
        {
            file.Clear();
            return new DownloadEnd.Again("the host sent what is no whole video") { AsksForWhole = true };
        }

        return isWhole ? new DownloadEnd.Complete()
            : _broken ?? new DownloadEnd.Again(
                lacks ? $"the host sent {file.Length} of {_total} bytes" : $"the host sent {file.Length} bytes, which are no whole video")
            {
                HasMore = _isPart && !isNothingNew,
                AsksForWhole = _isPart && isNothingNew,
            };
    }
}
