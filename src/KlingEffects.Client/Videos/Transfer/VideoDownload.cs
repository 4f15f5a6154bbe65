using KlingEffects.Api;
using KlingEffects.Http;

namespace KlingEffects.Videos.Transfer;

/// <summary>Downloads one video to its partial file, by request after request until it is complete or nothing new comes.</summary>
internal sealed class VideoDownload(SaveRequest request, PartialFile file, ApiClient api, string? userAgent)
{
    private readonly CookieContainer _cookies = new();
    private readonly long _initial = file.Length;
    private Uri _url = null!;
    private long _furthest = file.Length;
    private long _progressAt = api.Time.GetTimestamp();
    private TimeSpan _queued;
    private int _failures;
    private TimeSpan? _missingSince; // on the clock from timestamp 0
    private bool _isRefreshed;
    private bool _isReported;
    private bool _asksForWhole;

    public async Task RunAsync(CancellationToken stop)
    {
        _url = Address(request.Video.Url);
        while (await TryAsync(stop).ConfigureAwait(false) is { } end)
        {
            bool gotOn = ObserveProgress();
            if (end is HostRefusal refused && !_isRefreshed && request.RefreshUrl is not null)
            {
                _isRefreshed = true;
                if (await RefreshAsync(refused, stop).ConfigureAwait(false) is not { } failed)
                {
                    continue;
                }

                end = failed;
            }

            if (end is HostRefusal refusal)
            {
                RetryPolicy policy = IsAwaited(refusal) ? Policy.MissingVideo : throw Refused(refusal);
                await AwaitAsync(policy, $"the host does not give it yet ({refusal.Reason})", null, stop).ConfigureAwait(false);
                continue;
            }

            (_asksForWhole, _missingSince) = (end.AsksForWhole, null);
            GiveUpIfOver(end.Reason);
            if (!end.HasMore || !gotOn)
            {
                await AwaitAsync(Policy.Download, end.Reason, end.RetryAfter, stop).ConfigureAwait(false);
            }
        }
    }

    private async Task<DownloadEnd?> TryAsync(CancellationToken stop)
    {
        using VideoRequest get = new(api, userAgent, _cookies, request.ReportWait, stop);
        try
        {
            long? from = _asksForWhole ? null : file.ResumesFrom;
            HttpResponseMessage response = await get.SendAsync(_url, from).ConfigureAwait(false);
            int status = (int)response.StatusCode;
            return status switch
            {
                200 or 203 or 206 =>
                    await new VideoReception(get, file, request.Progress).TakeAsync(response, from ?? 0, stop).ConfigureAwait(false),
                416 when from is not null => new DownloadEnd("the host refused to send the rest") { AsksForWhole = true },
                408 or 429 or >= 500 => new DownloadEnd($"the host answered HTTP {status}")
                {
                    RetryAfter = RetryAfter.From(response.Headers, api.Time),
                },
                RequestFault.ProxyLogin => throw RequestFault.ForProxyLogin(),
                >= 300 and < 400 => throw VideoReception.Permanent($"the host answered HTTP {status}, which leads nowhere", status),
                _ => await get.ReadRefusalAsync().ConfigureAwait(false),
            };
        }
        catch (RequestFault fault)
        {
            return !fault.IsPermanent ? new DownloadEnd(fault.Message) : throw Failure(
                fault.Status == RequestFault.ProxyLogin ? KlingErrorId.ServerError : KlingErrorId.DownloadFailed,
                $"{NotFromUrl}: {fault.Message}",
                fault.Status,
                fault.Advice ?? Advice.ForRefusedVideo);
        }
        finally
        {
            _queued += get.Queued;
        }
    }

    private bool ObserveProgress()
    {
        if (file.Length < _furthest + Policy.NoticeableProgress)
        {
            return false;
        }

        (_furthest, _progressAt, _queued) = (file.Length, api.Time.GetTimestamp(), TimeSpan.Zero);
        (_failures, _missingSince, _isRefreshed, _isReported) = (0, null, false, false);
        return true;
    }

    private void GiveUpIfOver(string reason)
    {
        HostLimit host = HostLimit.For(_url, api.Time);
        bool isOver = Policy.Download.IsOver(api.Time.GetElapsedTime(_progressAt) - _queued);
        if (isOver || (host.IsGivenUp && _failures >= Policy.TriesOfGivenUpHost))
        {
            host.GiveUp();
            string span = isOver ? $"nothing new came for {Policy.Download.MaxElapsed!.Value.TotalMinutes:0} minutes"
                : "and nothing else came from there for minutes";
            throw Failure(KlingErrorId.DownloadFailed, $"{NotFromUrl}, {span}: {reason}");
        }
    }

    private async Task AwaitAsync(RetryPolicy policy, string reason, TimeSpan? retryAfter, CancellationToken stop)
    {
        TimeSpan pause = policy.Pause(++_failures, retryAfter, api.Random);
        if (!_isReported && pause + api.Time.GetElapsedTime(_progressAt) >= Policy.ReportedWait)
        {
            _isReported = true;
            await request.ReportWait($"{reason}; asking again").ConfigureAwait(false);
        }

        request.Progress.WaitingFor = reason;
        await api.Time.Delay(pause, stop).ConfigureAwait(false);
        request.Progress.WaitingFor = null;
    }

    // Null if there is a fresh URL. A provider that does not know the task has none; an unreachable one may have one later.
    private async Task<DownloadEnd?> RefreshAsync(HostRefusal refusal, CancellationToken stop)
    {
        try
        {
            string? fresh = await request.RefreshUrl!(stop).ConfigureAwait(false);
            _url = string.IsNullOrEmpty(fresh) ? _url : Address(fresh!);
            return string.IsNullOrEmpty(fresh) ? refusal : null;
        }
        catch (KlingException unknown) when (unknown.Id == KlingErrorId.TaskNotFound && refusal.IsGone)
        {
            return refusal;
        }
        catch (KlingException passing)
            when (passing.Id is KlingErrorId.ServerError or KlingErrorId.RateLimited && passing.HttpStatus != RequestFault.ProxyLogin)
        {
            _isRefreshed = false;
            string reason = $"its URL is refused ({refusal.Reason}), and there is no fresh one: {passing.Message.TrimEnd('.')}";
            return new DownloadEnd(reason) { RetryAfter = passing.RetryAfter };
        }
    }

    // A host that sent bytes has the video; it may not have a new one yet, whatever its status (vikit #127, remotion #671, 2026-11).
    private bool IsAwaited(HostRefusal refusal)
    {
        TimeSpan now = api.Time.GetElapsedTime(0);
        TimeSpan? age = file.Length <= _initial ? Age(refusal) : null;
        _missingSince ??= now - (age > TimeSpan.Zero ? age.Value : TimeSpan.Zero);
        return !Policy.MissingVideo.IsOver(now - _missingSince.Value);
    }

    // The time since the task's end, no longer than since its submit; null if unknown. The host's clock counts if the API's is not known.
    private TimeSpan? Age(HostRefusal refusal)
    {
        KlingTask task = request.Task;
        TimeSpan? sinceSubmit = task.Context.SubmittedAt is null ? null : task.Context.Age(api.Time);
        DateTimeOffset now = (task.ClockAhead is null ? refusal.Date : null) ?? api.Time.GetUtcNow();
        TimeSpan? sinceBegin = sinceSubmit ?? (now - (task.CreatedHere ?? task.Context.JournaledAt));
        TimeSpan? age = now - (task.UpdatedHere ?? task.Context.Record?.EndedAt)
            ?? (sinceBegin >= Policy.LongestTask ? sinceBegin : null);
        return sinceSubmit < age ? sinceSubmit : age;
    }

    // Only the host's words or the task's age show that the video no longer exists.
    private KlingException Refused(HostRefusal refusal)
    {
        TimeSpan? age = Age(refusal);
        string unfresh = request.RefreshUrl is null ? "" : ", and there is no fresh URL that works";
        return (refusal.IsGone ? age is null || age >= Policy.VideoSettled : age >= Policy.VideoRetention)
            ? Failure(
                KlingErrorId.VideoExpired, $"is no longer at {RequestAddress.Place(_url)} ({refusal.Reason}){unfresh}", refusal.Status)
            : Failure(
                KlingErrorId.DownloadFailed,
                $"{NotFromUrl}: the host refuses it ({refusal.Reason})",
                refusal.Status,
                Advice.ForRefusedVideo);
    }

    private string NotFromUrl => $"could not be downloaded from {RequestAddress.Place(_url)}";

    private Uri Address(string url)
    {
        if (string.IsNullOrWhiteSpace(url))
        {
            throw Failure(KlingErrorId.NoVideo, "has no URL");
        }

        return (url.Contains('/') ? RequestAddress.Follow(api.Root, url) : RequestAddress.TryCreate(url))
            ?? throw Failure(
                KlingErrorId.ProtocolError,
                Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp
                    ? $"has a URL of the scheme '{uri.Scheme}', and only http and https are fetched"
                    : "has something for a URL that is none, or that can't be asked for as it is");
    }

    private KlingException Failure(KlingErrorId id, string what, int? status = null, string? advice = null) =>
        new(id, $"The video of task '{ServerText.Clean(request.Task.TaskId)}' {what}.")
        {
            HttpStatus = status,
            TaskId = request.Task.TaskId,
            Target = request.Task,
            RecommendedAction = advice,
        };
}
