using KlingEffects.Http;
using KlingEffects.Videos.Containers;

namespace KlingEffects.Videos.Transfer;

/// <summary>Receives one answer: finds the place of its bytes, writes them, and decides whether the file is complete.</summary>
internal sealed class VideoReception(VideoRequest request, PartialFile file, DownloadProgress progress)
{
    // Some hosts write the unit in another case, or "=" instead of the blank (RFC 9110, 14.4).
    private static readonly Regex RangeUnit = new(@"^\s*bytes[ =]\s*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly DownloadEnd Misfit = new("the host sent bytes that do not fit those of before") { AsksForWhole = true };

    private readonly long _before = file.Length;
    private long _at;
    private long? _total;
    private bool _isPart;
    private bool _isFramed;

    /// <summary>Why another request is needed; null if the video is complete.</summary>
    /// <exception cref="RequestFault">Another request would fail the same way.</exception>
    public async Task<DownloadEnd?> TakeAsync(HttpResponseMessage response, long from, CancellationToken cancellationToken)
    {
        ContentRangeHeaderValue? range = RangeOf(response);
        int count = await request.ReadAsync(PartialFile.Overlap).ConfigureAwait(false);
        long? place = Place(request.Block.AsSpan(0, count), range?.From, from, (int)response.StatusCode == 206);
        bool isPacked = false;
        for (; place is null && request.TryUnpack(request.Block.AsSpan(0, count)); isPacked = true)
        {
            count = await request.ReadAsync(PartialFile.Overlap).ConfigureAwait(false);
            place = Place(request.Block.AsSpan(0, count), null, 0, isPart: false);
        }

        // Fewer bytes than the overlap can't be checked, so they are not kept.
        if (request.BrokenBy is { } why)
        {
            return new DownloadEnd(why);
        }

        if (place is null)
        {
            return Unusable(response, request.Block.AsSpan(0, count), range?.From ?? from);
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

        bool isWhole = _at == 0;
        progress.Total = _total ?? -1;
        for (; count > 0; count = await request.ReadAsync(1).ConfigureAwait(false))
        {
            if (!await file.PutAsync(_at, request.Block, count, isWhole, cancellationToken).ConfigureAwait(false))
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
        }

        return Judge(isPacked ? [] : [.. ContentDigest.From(response, _isPart)]);
    }

    public static RequestFault Permanent(string reason, int? status = null) => new(reason) { IsPermanent = true, Status = status };

    private static ContentRangeHeaderValue? RangeOf(HttpResponseMessage response) =>
        response.Content.Headers.TryGetValues("Content-Range", out IEnumerable<string>? values)
        && RangeUnit.IsMatch(values.First())
        && ContentRangeHeaderValue.TryParse(RangeUnit.Replace(values.First(), "bytes "), out ContentRangeHeaderValue? range)
            ? range
            : null;

    // The first place where the bytes equal the file's: as the answer says, as requested, or the start.
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

        // A video that begins differently replaces the file.
        return told is null or 0 && file.CanBegin(head) ? 0 : null;
    }

    private static DownloadEnd Unusable(HttpResponseMessage response, ReadOnlySpan<byte> head, long from) =>
        from > 0 && VideoContainer.IsNoText(head) ? Misfit
        : VideoRequest.Encodings(response) is { Length: > 0 } encodings
            ? throw Permanent(
                $"the host sent it compressed ({string.Join(", ", encodings).ToLowerInvariant()}), which was not asked for",
                (int)response.StatusCode)
        : new DownloadEnd($"the host sent {VideoContainer.Describe(head)}");

    // The container decides, not the headers; if it can't, the announced length does, or the same end twice.
    private DownloadEnd? Judge(IReadOnlyList<ContentDigest> digests)
    {
        Wholeness state = file.State;
        bool isNothingNew = file.Length == _before;
        bool isSameEnd = isNothingNew && _at == file.Length;
        bool lacks = file.Length < _total;
        bool isWhole = request.BrokenBy is not null ? isSameEnd && !lacks && state == Wholeness.Whole
            : state == Wholeness.Whole ? isSameEnd || !lacks
            : state == Wholeness.Plausible && (_total is null ? isSameEnd || _isFramed : !lacks);
        if (isWhole)
        {
            return ContentDigest.Misfit(digests, file) is not { } misfit ? null
                : Discard($"what the host sent does not fit the digest that it tells ({misfit.Header})");
        }

        string came = lacks ? $"{file.Length} of {_total} bytes" : $"{file.Length} bytes, which are no whole video";
        return request.BrokenBy is { } why ? new DownloadEnd(why)
            : state == Wholeness.Broken ? Discard("the host sent what is no whole video")
            : new DownloadEnd($"the host sent {came}") { HasMore = _isPart && !isNothingNew, AsksForWhole = _isPart && isNothingNew };
    }

    private DownloadEnd Discard(string reason)
    {
        file.Clear();
        return new DownloadEnd(reason) { AsksForWhole = true };
    }
}
