using KlingEffects.Api;
using KlingEffects.Files;
using KlingEffects.Policies;
using KlingEffects.Videos;

namespace KlingEffects;

/// <summary>Saves videos so that a file under its final name is complete, always.</summary>
/// <remarks>
/// A video is received into a partial file beside its target, <c>name.mp4.(task).(validator).partial</c>, checked, flushed to disk and
/// renamed. A download that broke off, in this run or an earlier one, goes on from the partial file if the host still has the
/// same video (RFC 9110, Range and If-Range). A URL is asked for byte for byte as it was told. No credentials go to the video's host,
/// unless that is the API's own scheme, host and port, and a <see cref="KlingClient"/> made the saver.
/// Safe to use from several threads.
/// </remarks>
public sealed class VideoSaver
{
    private readonly HttpTimeouts _timeouts;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Func<KlingTask, VideoAccess> _accessTo;
    private readonly PartialCatalog _catalog = new();
    private readonly KeyedLock _paths = new();

    /// <summary>Makes one; sends nothing.</summary>
    /// <param name="time">The clock by which it waits; the system's unless given.</param>
    public VideoSaver(TimeProvider? time = null)
        : this(new HttpTimeouts(), time ?? TimeProvider.System, SharedRandom.Instance)
    {
    }

    /// <summary>One that knows the key of each task's gateway, for the videos at that API's own address, and the proxy.</summary>
    internal VideoSaver(ApiClient api)
        : this(api.Timeouts, api.Time, api.Random, task => new VideoAccess
        {
            Client = api.VideoHttp,
            Proxy = api.Proxy,
            KeyFor = address => api.For(task.Gateway).KeyFor(address),
            Watch = address => api.For(task.Gateway).WatchVideo(address),
        })
    {
    }

    internal VideoSaver(HttpTimeouts timeouts, TimeProvider time, Random random, HttpClient? client = null)
        : this(timeouts, time, random, _ => new VideoAccess { Client = client })
    {
    }

    private VideoSaver(HttpTimeouts timeouts, TimeProvider time, Random random, Func<KlingTask, VideoAccess> accessTo)
    {
        _timeouts = timeouts;
        _time = time;
        _random = random;
        _accessTo = accessTo;
    }

    /// <summary>What gives a file its final name.</summary>
    internal Action<string, string, bool> Rename { get; init; } = FileMoves.Rename;

    /// <summary>Saves one video. An existing file is passed on without a request, unless it is to be replaced.</summary>
    /// <param name="request">What to save, and where.</param>
    /// <param name="cancellationToken">Stops at once; what has been received stays for the next run.</param>
    /// <exception cref="KlingException">
    /// NoVideo: the video has no URL. VideoExpired: its URL is gone, and a fresh one too. ProtocolError: its URL is no http(s)
    /// one. DownloadFailed: everything else, after the repeats where they help.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<SavedVideo> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default)
    {
        request = request with { Path = FullPath(request) };
        using IDisposable alone = await _paths.AcquireAsync(request.Path, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (!request.Force && Existing(request) is { } existing)
            {
                return existing;
            }

            return await DownloadAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (VideoFileFault.Explain(fault, request) is { } explained)
        {
            throw explained;
        }
    }

    private async Task<SavedVideo> DownloadAsync(SaveRequest request, CancellationToken cancellationToken)
    {
        PartialSlot slot = new(request.Path, request.Task, _catalog, _time, _random) { Rename = Rename };
        try
        {
            await slot.OpenAsync().ConfigureAwait(false);
            VideoDownload download = new(request, slot, _accessTo(request.Task), _timeouts, _time, _random);
            await download.RunAsync(cancellationToken).ConfigureAwait(false);
            bool published = await slot.PublishAsync(request.Force).ConfigureAwait(false);
            return Saved(request, wasThere: !published);
        }
        catch (Exception fault) when (slot.WholeFile is { } whole && VideoFileFault.Explain(fault, request, whole) is { } explained)
        {
            throw explained;
        }
        finally
        {
            await slot.CloseAsync().ConfigureAwait(false);
        }
    }

    private static string FullPath(SaveRequest request)
    {
        try
        {
            return PathRules.Fault(request.Path) is { } why ? throw new ArgumentException(why) : Path.GetFullPath(request.Path);
        }
        catch (Exception fault) when (VideoFileFault.Explain(fault, request) is { } explained)
        {
            throw explained;
        }
    }

    private static SavedVideo? Existing(SaveRequest request) =>
        File.Exists(request.Path) ? Saved(request, wasThere: true) : null;

    private static SavedVideo Saved(SaveRequest request, bool wasThere)
    {
        long length = new FileInfo(request.Path).Length;
        request.Progress.Total = length;
        request.Progress.Received = length;
        return new SavedVideo(request.Path, length, wasThere);
    }
}
