using KlingEffects.Policies;

namespace KlingEffects.Videos;

/// <summary>One video's way to its partial file: try after try, until all of it is there or no more will come.</summary>
internal sealed class VideoDownload(SaveRequest request, PartialSlot slot, HttpClient client, HttpTimeouts timeouts, TimeProvider time, Random random)
{
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
                    throw Failure(KlingErrorId.DownloadFailed, $"could not be downloaded from {Place(url)}: the host answered HTTP {refused.Status}", refused.Status);
                case ExchangeEnd.Expired expired when refreshed || request.RefreshUrl is null:
                    throw Gone(url, expired.Status);
                case ExchangeEnd.Expired expired:
                    string? fresh = await request.RefreshUrl(cancellationToken).ConfigureAwait(false);
                    url = string.IsNullOrEmpty(fresh) ? throw Gone(url, expired.Status) : Address(fresh!);
                    refreshed = true;
                    break;
                case ExchangeEnd.Again again:
                    bool gotOn = slot.Length >= furthest + Policy.NoticeableProgress;
                    failures = gotOn ? 1 : failures + 1;
                    furthest = Math.Max(furthest, slot.Length);
                    if (Policy.Download.IsExhausted(failures))
                    {
                        throw Failure(KlingErrorId.DownloadFailed, $"could not be downloaded from {Place(url)}, {failures} times in a row: {again.Reason}", null);
                    }

                    TimeSpan pause = Policy.Download.Pause(failures, again.RetryAfter, random);
                    await time.WaitAsync(pause, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    private async Task<ExchangeEnd> TryAsync(Uri url, CancellationToken cancellationToken)
    {
        using VideoTransfer transfer = new(client, timeouts, time, cancellationToken);
        try
        {
            return await new VideoExchange(transfer, slot, request.Progress, time).RunAsync(url, cancellationToken).ConfigureAwait(false);
        }
        catch (TransferFault fault)
        {
            return new ExchangeEnd.Again(fault.Message);
        }
    }

    private Uri Address(string url)
    {
        if (string.IsNullOrWhiteSpace(url))
        {
            throw Failure(KlingErrorId.NoVideo, "has no URL", null);
        }

        return !Uri.TryCreate(url, UriKind.Absolute, out Uri? uri)
            ? throw Failure(KlingErrorId.ProtocolError, "has something for a URL that is none", null)
            : uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp ? uri
            : throw Failure(KlingErrorId.ProtocolError, $"has a URL of the scheme '{uri.Scheme}', and only http and https are fetched", null);
    }

    private KlingException Gone(Uri url, int status) => Failure(
        KlingErrorId.VideoExpired,
        $"is no longer at {Place(url)} (HTTP {status}){(request.RefreshUrl is null ? "" : ", and there is no fresh URL that works")}",
        status);

    private KlingException Failure(KlingErrorId id, string what, int? status) =>
        new(id, $"The video of task '{ServerText.Clean(request.Task.TaskId)}' {what}.")
        {
            HttpStatus = status,
            TaskId = request.Task.TaskId,
            Target = request.Task,
        };

    // Neither the query, which may be a signature, nor credentials.
    private static string Place(Uri url) =>
        ServerText.Clean(url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)) ?? "";
}
