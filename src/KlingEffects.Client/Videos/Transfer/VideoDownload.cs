using KlingEffects.Http;
using KlingEffects.Policies;

namespace KlingEffects.Videos;

/// <summary>One video's way to its partial file: try after try, until all of it is there or no more will come.</summary>
internal sealed class VideoDownload(SaveRequest request, PartialSlot slot, VideoAccess access, HttpTimeouts timeouts, TimeProvider time, Random random)
{
    private bool _isOrdinary;
    private bool _asksForWhole;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Uri url = Address(request.Video.Url);
        bool refreshed = false;
        int failures = 0;
        long furthest = slot.Length;
        while (true)
        {
            switch (await TryAsync(url, cancellationToken).ConfigureAwait(false))
            {
                case ExchangeEnd.Complete:
                    return;
                case ExchangeEnd.Refused refused:
                    throw Failure(refused.Id, $"could not be downloaded from {Place(url)}: {refused.Reason}", refused.Status, refused.Advice);
                case ExchangeEnd.Denied { Status: 403, Reason.Verdict: HostVerdict.Refused } when !_isOrdinary:
                    _isOrdinary = true;
                    break;
                case ExchangeEnd.Denied denied when refreshed || request.RefreshUrl is null:
                    throw Denied(url, denied);
                case ExchangeEnd.Denied denied:
                    string? fresh = await RefreshAsync(denied, cancellationToken).ConfigureAwait(false);
                    url = string.IsNullOrEmpty(fresh) ? throw Denied(url, denied) : Address(fresh!);
                    refreshed = true;
                    break;
                case ExchangeEnd.Again again:
                    bool gotOn = slot.Length >= furthest + Policy.NoticeableProgress;
                    failures = gotOn ? 1 : failures + 1;
                    furthest = Math.Max(furthest, slot.Length);
                    _asksForWhole = again.AsksForWhole;
                    if (Policy.Download.IsExhausted(failures))
                    {
                        throw Failure(KlingErrorId.DownloadFailed, $"could not be downloaded from {Place(url)}, {failures} times in a row: {again.Reason}", null);
                    }

                    if (!again.HasMore || !gotOn)
                    {
                        TimeSpan pause = Policy.Download.Pause(failures, again.RetryAfter, random);
                        await time.WaitAsync(pause, cancellationToken).ConfigureAwait(false);
                    }

                    break;
            }
        }
    }

    private async Task<ExchangeEnd> TryAsync(Uri url, CancellationToken cancellationToken)
    {
        using VideoTransfer transfer = new(access, timeouts, time, cancellationToken);
        long? from = _asksForWhole ? null : slot.ResumesFrom;
        VideoQuery query = new(url) { From = from, Version = from is null ? null : slot.Validator, IsOrdinary = _isOrdinary };
        try
        {
            return await new VideoExchange(transfer, slot, request.Progress, time).RunAsync(query, cancellationToken).ConfigureAwait(false);
        }
        catch (TransferFault fault)
        {
            return fault.End is { } end ? end : new ExchangeEnd.Again(fault.Message);
        }
    }

    // A provider that knows the task no more has no video of it either, where its URL has ended.
    private async Task<string?> RefreshAsync(ExchangeEnd.Denied denied, CancellationToken cancellationToken)
    {
        try
        {
            return await request.RefreshUrl!(cancellationToken).ConfigureAwait(false);
        }
        catch (KlingException unknown) when (unknown.Id == KlingErrorId.TaskNotFound && denied.Reason.Verdict != HostVerdict.Refused)
        {
            return null;
        }
    }

    // A refusal is not an expiry: only a host that says so, or the age of the task, tells that there is no video any more.
    private KlingException Denied(Uri url, ExchangeEnd.Denied denied)
    {
        string reason = denied.Reason.Text is { } text ? $"HTTP {denied.Status}, {text}" : $"HTTP {denied.Status}";
        return denied.Reason.Verdict != HostVerdict.Refused || IsPastRetention
            ? Failure(
                KlingErrorId.VideoExpired,
                $"is no longer at {Place(url)} ({reason}){(request.RefreshUrl is null ? "" : ", and there is no fresh URL that works")}",
                denied.Status)
            : Failure(KlingErrorId.DownloadFailed, $"could not be downloaded from {Place(url)}: the host refuses it ({reason})", denied.Status, Advice.ForRefusedVideo);
    }

    private bool IsPastRetention =>
        time.GetUtcNow() - (request.Task.CreatedAt ?? request.Task.Context.SubmittedAt ?? request.Task.Context.JournaledAt) >= Policy.VideoRetention;

    private Uri Address(string url)
    {
        if (string.IsNullOrWhiteSpace(url))
        {
            throw Failure(KlingErrorId.NoVideo, "has no URL", null);
        }

        return RequestAddress.Of(url)
            ?? throw Failure(
                KlingErrorId.ProtocolError,
                Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp
                    ? $"has a URL of the scheme '{uri.Scheme}', and only http and https are fetched"
                    : "has something for a URL that is none, or that can't be asked for as it is",
                null);
    }

    private KlingException Failure(KlingErrorId id, string what, int? status, string? advice = null) =>
        new(id, $"The video of task '{ServerText.Clean(request.Task.TaskId)}' {what}.")
        {
            HttpStatus = status,
            TaskId = request.Task.TaskId,
            Target = request.Task,
            RecommendedAction = advice,
        };

    // Neither the query, which may be a signature, nor credentials.
    private static string Place(Uri url) => ServerText.Clean(RequestAddress.Place(url)) ?? "";
}
