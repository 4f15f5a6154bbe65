using System.Net;
using KlingEffects.Http;

namespace KlingEffects.Videos.Transfer;

/// <summary>One video's way to its partial file: request after request, until all is there, or nothing new came for too long.</summary>
internal sealed class VideoDownload(SaveRequest request, PartialFile file, VideoAccess access, TimeProvider time, Random random)
{
    private readonly CookieContainer _cookies = new();
    private readonly long _initial = file.Length;
    private long _furthest = file.Length;
    private long _progressAt = time.GetTimestamp();
    private TimeSpan _queued;
    private int _failures;
    private long? _missingAt;
    private TimeSpan _ageWhenMissing;
    private bool _isRefreshed;
    private bool _isReported;
    private bool _asksForWhole;

    public async Task RunAsync(CancellationToken stop)
    {
        Uri url = Address(request.Video.Url);
        while (await TryAsync(url, stop).ConfigureAwait(false) is { } end)
        {
            bool gotOn = ObserveProgress();
            if (end is HostRefusal refused && !_isRefreshed && request.RefreshUrl is not null)
            {
                _isRefreshed = true;
                (string? fresh, DownloadEnd.Again? failed) = await RefreshAsync(refused, stop).ConfigureAwait(false);
                if (!string.IsNullOrEmpty(fresh))
                {
                    url = Address(fresh!);
                    continue;
                }

                end = failed ?? end;
            }

            if (end is HostRefusal refusal)
            {
                RetryPolicy policy = IsAwaited(refusal) ? Policy.MissingVideo : throw Refused(url, refusal);
                await AwaitAsync(policy, $"the host does not give it yet ({refusal.Reason})", null, stop).ConfigureAwait(false);
            }
            else if (end is DownloadEnd.Again again)
            {
                (_asksForWhole, _missingAt) = (again.AsksForWhole, null);
                GiveUpIfOver(url, again.Reason);
                if (!again.HasMore || !gotOn)
                {
                    await AwaitAsync(Policy.Download, again.Reason, again.RetryAfter, stop).ConfigureAwait(false);
                }
            }
        }
    }

    private async Task<DownloadEnd?> TryAsync(Uri url, CancellationToken stop)
    {
        using VideoRequest get = new(access, time, _cookies, stop);
        try
        {
            VideoReception reception = new(get, file, request.Progress, time, stop);
            return await reception.RunAsync(url, _asksForWhole ? null : file.ResumesFrom, request.ReportWait).ConfigureAwait(false);
        }
        catch (RequestFault fault)
        {
            return !fault.IsPermanent ? new DownloadEnd.Again(fault.Message) : throw Failure(
                fault.Status == RequestFault.ProxyLogin ? KlingErrorId.ServerError : KlingErrorId.DownloadFailed,
                $"{NotFrom(url)}: {fault.Message}",
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

        (_furthest, _progressAt, _queued) = (file.Length, time.GetTimestamp(), TimeSpan.Zero);
        (_failures, _missingAt, _isRefreshed, _isReported) = (0, null, false, false);
        return true;
    }

    private void GiveUpIfOver(Uri url, string reason)
    {
        HostLimit host = HostLimit.For(url, time);
        bool isOver = Policy.Download.IsOver(time.GetElapsedTime(_progressAt) - _queued);
        if (isOver || (host.IsGivenUp && _failures >= Policy.TriesOfGivenUpHost))
        {
            host.GiveUp();
            string span = isOver ? $"nothing new came for {Policy.Download.MaxElapsed!.Value.TotalMinutes:0} minutes"
                : "and nothing else came from there for minutes";
            throw Failure(KlingErrorId.DownloadFailed, $"{NotFrom(url)}, {span}: {reason}");
        }
    }

    private async Task AwaitAsync(RetryPolicy policy, string reason, TimeSpan? retryAfter, CancellationToken stop)
    {
        TimeSpan pause = policy.Pause(++_failures, retryAfter, random);
        if (!_isReported && pause + time.GetElapsedTime(_progressAt) >= Policy.ReportedWait)
        {
            _isReported = true;
            await request.ReportWait($"{reason}; asking again").ConfigureAwait(false);
        }

        request.Progress.WaitingFor = reason;
        await time.Delay(pause, stop).ConfigureAwait(false);
        request.Progress.WaitingFor = null;
    }

    // A provider that knows the task no more has no fresh URL; one that can't be asked now may have one later.
    private async Task<(string? Url, DownloadEnd.Again? Failed)> RefreshAsync(HostRefusal refusal, CancellationToken stop)
    {
        try
        {
            return (await request.RefreshUrl!(stop).ConfigureAwait(false), null);
        }
        catch (KlingException unknown) when (unknown.Id == KlingErrorId.TaskNotFound && refusal.IsGone)
        {
            return (null, null);
        }
        catch (KlingException passing)
            when (passing.Id is KlingErrorId.ServerError or KlingErrorId.RateLimited && passing.HttpStatus != RequestFault.ProxyLogin)
        {
            _isRefreshed = false;
            string reason = $"its URL is refused ({refusal.Reason}), and there is no fresh one: {passing.Message.TrimEnd('.')}";
            return (null, new DownloadEnd.Again(reason) { RetryAfter = passing.RetryAfter });
        }
    }

    // One that gave some of it has it. And a host may not have yet, in whatever status it says so, what ended a moment ago
    // (vikit #127, remotion #671, 2026-11).
    private bool IsAwaited(HostRefusal refusal)
    {
        if (_missingAt is null)
        {
            TimeSpan? age = file.Length <= _initial ? Age(refusal) : null;
            (_missingAt, _ageWhenMissing) = (time.GetTimestamp(), age > TimeSpan.Zero ? age.Value : TimeSpan.Zero);
        }

        return !Policy.MissingVideo.IsOver(_ageWhenMissing + time.GetElapsedTime(_missingAt.Value));
    }

    // How long ago the task ended, by the host's clock rather than this machine's; null where nobody knows.
    private TimeSpan? Age(HostRefusal refusal)
    {
        DateTimeOffset now = refusal.Date ?? time.GetUtcNow();
        KlingTask task = request.Task;
        TimeSpan? sinceEnd = now - (task.UpdatedAt ?? task.Context.Record?.EndedAt);
        TimeSpan? sinceBegin = now - (task.CreatedAt ?? task.Context.SubmittedAt ?? task.Context.JournaledAt);
        return sinceEnd ?? (sinceBegin >= Policy.LongestTask ? sinceBegin : null);
    }

    // A refusal is not an expiry: only a host that says so, or the age of the task, tells that there is no video any more.
    private KlingException Refused(Uri url, HostRefusal refusal)
    {
        TimeSpan? age = Age(refusal);
        string unfresh = request.RefreshUrl is null ? "" : ", and there is no fresh URL that works";
        return (refusal.IsGone ? age is null || age >= Policy.VideoSettled : age >= Policy.VideoRetention)
            ? Failure(
                KlingErrorId.VideoExpired, $"is no longer at {RequestAddress.Place(url)} ({refusal.Reason}){unfresh}", refusal.Status)
            : Failure(
                KlingErrorId.DownloadFailed,
                $"{NotFrom(url)}: the host refuses it ({refusal.Reason})",
                refusal.Status,
                Advice.ForRefusedVideo);
    }

    private static string NotFrom(Uri url) => $"could not be downloaded from {RequestAddress.Place(url)}";

    private Uri Address(string url)
    {
        if (string.IsNullOrWhiteSpace(url))
        {
            throw Failure(KlingErrorId.NoVideo, "has no URL");
        }

        return (access.Base is { } root && url.Contains('/') ? RequestAddress.Follow(root, url) : RequestAddress.TryCreate(url))
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
