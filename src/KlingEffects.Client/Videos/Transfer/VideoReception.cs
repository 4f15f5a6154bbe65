using System.Buffers;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using KlingEffects.Http;
using KlingEffects.Videos.Containers;

namespace KlingEffects.Videos.Transfer;

/// <summary>Takes one answer: finds where its bytes belong, puts them into the partial file, and judges whether it is whole.</summary>
internal sealed class VideoReception(
    VideoRequest request, PartialFile file, DownloadProgress progress, TimeProvider time, CancellationToken cancellationToken)
{
    private const int BlockSize = 256 * 1024;

    // As hosts write it (RFC 9110, 14.4): in any case, and with an equals sign for the blank, as in the request's header.
    private static readonly Regex RangeUnit = new(@"^\s*bytes[ =]\s*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly DownloadEnd.Again Misfit = new("the host sent bytes that do not fit those of before") { AsksForWhole = true };

    private readonly long _before = file.Length;
    private long _at;
    private long? _total;
    private bool _isPart;
    private bool _isFramed;
    private DownloadEnd.Again? _broken;

    /// <summary>What the request came to; null where all of the video is there.</summary>
    /// <exception cref="RequestFault">Nothing of use came; where it is permanent, another request would end the same way.</exception>
    public async Task<DownloadEnd?> RunAsync(Uri url, long? from, Func<string, ValueTask> queueing)
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
            RequestFault.ProxyLogin => throw RequestFault.ForProxyLogin(),
            >= 300 and < 400 => throw Permanent($"the host answered HTTP {status}, which leads nowhere", status),
            _ => await ReadRefusalAsync(response, status).ConfigureAwait(false),
        };
    }

    private static RequestFault Permanent(string reason, int? status = null) => new(reason) { IsPermanent = true, Status = status };

    private async Task<HostRefusal> ReadRefusalAsync(HttpResponseMessage response, int status)
    {
        string? code = response.Headers.TryGetValues("x-ms-error-code", out IEnumerable<string>? codes) ? codes.FirstOrDefault() : null;
        string body = await request.ReadRefusalAsync().ConfigureAwait(false);
        return HostRefusal.Parse(status, body, code) with { Date = response.Headers.Date };
    }

    private async Task<DownloadEnd?> TakeAsync(HttpResponseMessage response, long from)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            ContentRangeHeaderValue? range = RangeOf(response);
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
            _total = isPacked ? null : range is null ? _at + response.Content.Headers.ContentLength : range.Length;
            _isFramed = response.Content.Headers.ContentLength is not null || response.Headers.TransferEncodingChunked == true
                || response.Version.Major > 1;
            if (_total > Policy.LargestVideo)
            {
                throw Permanent($"the host says that it has {ByteSize.Describe(_total.Value)}, which no video has");
            }

            return await ReceiveAsync(block, count).ConfigureAwait(false)
                ?? Judge(isPacked ? [] : [.. ContentDigest.From(response, _isPart)]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    // Null where it has none, or one that contradicts itself.
    private static ContentRangeHeaderValue? RangeOf(HttpResponseMessage response) =>
        response.Content.Headers.TryGetValues("Content-Range", out IEnumerable<string>? values)
        && RangeUnit.IsMatch(values.First())
        && ContentRangeHeaderValue.TryParse(RangeUnit.Replace(values.First(), "bytes "), out ContentRangeHeaderValue? range)
            ? range
            : null;

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

    private static DownloadEnd.Again Unusable(HttpResponseMessage response, ReadOnlySpan<byte> head, long from) =>
        from > 0 && VideoContainer.IsNoText(head) ? Misfit
        : VideoRequest.Encodings(response) is { Length: > 0 } encodings
            ? throw Permanent(
                $"the host sent it compressed ({string.Join(", ", encodings).ToLowerInvariant()}), which was not asked for",
                (int)response.StatusCode)
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
                    return Misfit;
                }

                _at += count;
                progress.Received = file.Length;
                if (file.Length > (request.LargestUnpacked ?? (_total is null ? Policy.LargestUntoldVideo : Policy.LargestVideo)))
                {
                    string came = ByteSize.Describe(file.Length);
                    file.Clear();
                    throw Permanent($"the host sends far more than a video: {came} came, and no end");
                }

                count = await request.ReadAsync(block, 0).ConfigureAwait(false);
            }

            return null;
        }
        catch (RequestFault fault) when (!fault.IsPermanent)
        {
            _broken = new DownloadEnd.Again(fault.Message);
            return null;
        }
    }

    // Whatever the headers say, the container has the last word; where it has none, a told length does, or the same end twice.
    private DownloadEnd.Again? Judge(IReadOnlyList<ContentDigest> digests)
    {
        Wholeness state = file.State;
        bool isNothingNew = file.Length == _before;
        bool isSameEnd = isNothingNew && _at == file.Length;
        bool lacks = file.Length < _total;
        bool isWhole = _broken is not null ? isSameEnd && !lacks && state == Wholeness.Whole
            : state == Wholeness.Whole ? isSameEnd || !lacks
            : state == Wholeness.Plausible && (_total is null ? isSameEnd || _isFramed : !lacks);
        if (isWhole)
        {
            return ContentDigest.Misfit(digests, file) is not { } misfit ? null
                : Discard($"what the host sent does not fit the digest that it tells ({misfit.Header})");
        }

        return _broken ?? (state == Wholeness.Broken ? Discard("the host sent what is no whole video")
            : new DownloadEnd.Again(
                lacks ? $"the host sent {file.Length} of {_total} bytes" : $"the host sent {file.Length} bytes, which are no whole video")
            {
                HasMore = _isPart && !isNothingNew,
                AsksForWhole = _isPart && isNothingNew,
            });
    }

    private DownloadEnd.Again Discard(string reason)
    {
        file.Clear();
        return new DownloadEnd.Again(reason) { AsksForWhole = true };
    }
}
