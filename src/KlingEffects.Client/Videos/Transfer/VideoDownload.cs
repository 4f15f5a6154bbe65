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
        while (true)
        {
            DownloadEnd end = await TryAsync(url, stop).ConfigureAwait(false);
            bool gotOn = ObserveProgress();
            if (end is DownloadEnd.Denied expired && !_isRefreshed && request.RefreshUrl is not null)
            {
                _isRefreshed = true;
                (string? fresh, DownloadEnd.Again? failed) = await RefreshAsync(expired, stop).ConfigureAwait(false);
                if (!string.IsNullOrEmpty(fresh))
                {
                    url = Address(fresh!);
                    continue;
                }

                end = failed ?? end;
            }

            switch (end)
            {
                case DownloadEnd.Complete:
                    return;
                case DownloadEnd.Final final:
                    throw Failure(final.Id, $"{NotFrom(url)}: {final.Reason}", final.Status, final.Advice);
                case DownloadEnd.Denied denied:
                    RetryPolicy policy = IsAwaited(denied) ? Policy.MissingVideo : throw Denied(url, denied);
                    await AwaitAsync(policy, $"the host does not give it yet ({denied.Text})", null, stop).ConfigureAwait(false);
                    break;
                case DownloadEnd.Again again:
                    (_asksForWhole, _missingAt) = (again.AsksForWhole, null);
                    bool isOver = Policy.Download.IsOver(time.GetElapsedTime(_progressAt) - _queued);
                    if (isOver || (HostLimit.For(url, time).IsGivenUp && _failures >= Policy.TriesOfGivenUpHost))
                    {
                        HostLimit.For(url, time).GiveUp();
                        string span = isOver ? $"nothing new came for {Policy.Download.MaxElapsed!.Value.TotalMinutes:0} minutes"
                            : "and nothing else came from there for minutes";
                        throw Failure(KlingErrorId.DownloadFailed, $"{NotFrom(url)}, {span}: {again.Reason}", null);
                    }

                    if (!again.HasMore || !gotOn)
                    {
                        await AwaitAsync(Policy.Download, again.Reason, again.RetryAfter, stop).ConfigureAwait(false);
                    }

                    break;
            }
        }
    }

    private async Task<DownloadEnd> TryAsync(Uri url, CancellationToken stop)
    {
        using VideoRequest get = new(access, time, _cookies, stop);
        try
        {
            VideoReception reception = new(get, file, request.Progress, time, stop);
            return await reception.RunAsync(url, _asksForWhole ? null : file.ResumesFrom, request.ReportWait).ConfigureAwait(false);
        }
        catch (DownloadFault fault)
        {
            return fault.End;
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
    private async Task<(string? Url, DownloadEnd.Again? Failed)> RefreshAsync(DownloadEnd.Denied denied, CancellationToken stop)
    {
        try
        {
            return (await request.RefreshUrl!(stop).ConfigureAwait(false), null);
        }
        catch (KlingException unknown) when (unknown.Id == KlingErrorId.TaskNotFound && denied.Reason.Verdict != HostVerdict.Refused)
        {
            return (null, null);
        }
        catch (KlingException passing)
            when (passing.Id is KlingErrorId.ServerError or KlingErrorId.RateLimited && passing.HttpStatus != RequestFault.ProxyLogin)
        {
            _isRefreshed = false;
            string reason = $"its URL is refused ({denied.Text}), and there is no fresh one: {passing.Message.TrimEnd('.')}";
            return (null, new DownloadEnd.Again(reason) { RetryAfter = passing.RetryAfter });
        }
    }

    // One that gave some of it has it. And a host may not have yet, in whatever status it says so, what ended a moment ago
    // (vikit #127, remotion #671, 2026-11).
    private bool IsAwaited(DownloadEnd.Denied denied)
    {
        if (_missingAt is null)
        {
            TimeSpan? age = file.Length <= _initial ? Age(denied) : null;
            (_missingAt, _ageWhenMissing) = (time.GetTimestamp(), age > TimeSpan.Zero ? age.Value : TimeSpan.Zero);
        }

        return !Policy.MissingVideo.IsOver(_ageWhenMissing + time.GetElapsedTime(_missingAt.Value));
    }

    // How long ago the task ended, by the host's clock rather than this machine's; null where nobody knows.
    private TimeSpan? Age(DownloadEnd.Denied denied)
    {
        DateTimeOffset now = denied.At ?? time.GetUtcNow();
        KlingTask task = request.Task;
        TimeSpan? sinceEnd = now - (task.UpdatedAt ?? task.Context.Record?.EndedAt);
        TimeSpan? sinceBegin = now - (task.CreatedAt ?? task.Context.SubmittedAt ?? task.Context.JournaledAt);
        return sinceEnd ?? (sinceBegin >= Policy.LongestTask ? sinceBegin : null);
    }

    // A refusal is not an expiry: only a host that says so, or the age of the task, tells that there is no video any more.
    private KlingException Denied(Uri url, DownloadEnd.Denied denied)
    {
        TimeSpan? age = Age(denied);
        bool isGone = denied.Reason.Verdict != HostVerdict.Refused ? age is null || age >= Policy.VideoSettled
            : age >= Policy.VideoRetention;
        return isGone
            ? Failure(
                KlingErrorId.VideoExpired,
                $"is no longer at {RequestAddress.Place(url)} ({denied.Text})"
                    + (request.RefreshUrl is null ? "" : ", and there is no fresh URL that works"),
                denied.Status)
            : Failure(
                KlingErrorId.DownloadFailed, $"{NotFrom(url)}: the host refuses it ({denied.Text})", denied.Status, Advice.ForRefusedVideo);
    }

    private static string NotFrom(Uri url) => $"could not be downloaded from {RequestAddress.Place(url)}";

    private Uri Address(string url)
    {
        if (string.IsNullOrWhiteSpace(url))
        {
            throw Failure(KlingErrorId.NoVideo, "has no URL", null);
        }

        return (access.Base is { } root && url.Contains('/') ? RequestAddress.Follow(root, url) : RequestAddress.TryCreate(url))
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
}
