using KlingEffects.Files;
using KlingEffects.Policies;

namespace KlingEffects.Videos;

/// <summary>The one place beside a target where its video comes together.</summary>
internal sealed class PartialSlot
{
    private const int Overlap = 64 * 1024;

    private readonly string _target;
    private readonly string _owner;
    private readonly string _extension;
    private readonly PartialCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private PartialFile? _partial;
    private bool _isPiece;
    private bool _isWhole;

    /// <param name="target">The video's path.</param>
    /// <param name="task">The task whose video it is.</param>
    /// <param name="catalog">Of what is there already.</param>
    /// <param name="time">The clock of its pauses.</param>
    /// <param name="random">The source of their jitter.</param>
    public PartialSlot(string target, KlingTask task, PartialCatalog catalog, TimeProvider time, Random random)
    {
        _time = time;
        _random = random;
        _target = target;
        _owner = PartialName.OwnerOf(task);
        _extension = Path.GetExtension(target);
        _catalog = catalog;
    }

    /// <summary>What gives a file its final name.</summary>
    public Action<string, string, bool> Rename { get; init; } = FileMoves.Rename;

    /// <summary>Where the video is that is all there and has not got its final name; null where there is none.</summary>
    public string? WholeFile => _isWhole ? _partial?.FilePath : null;

    /// <summary>How long the video is, as far as its host has told in this run; else null.</summary>
    public long? Total { get; private set; }

    /// <summary>From which byte on to ask; null for the whole. Without a validator, what comes twice has to tell whether the parts belong together.</summary>
    public long? ResumesFrom => Validator is not null ? Length : _isPiece && Length > 0 ? Math.Max(0, Length - Overlap) : null;

    /// <summary>Whether the content itself says that it is all there.</summary>
    public bool EndsWhole => VideoType.HasBoxes(_extension) && BoxWalk.EndsWhole(_partial!);

    /// <summary>How many bytes of the video are there.</summary>
    public long Length => _partial?.Length ?? 0;

    /// <summary>What to ask the host by whether it still has the same video; null: there is nothing to go on from.</summary>
    public Validator? Validator => Length > 0 ? _partial!.Validator : null;

    /// <summary>Makes the folder, and takes up the longest partial file of the same task that an earlier run left.</summary>
    public async Task OpenAsync()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_target)!);
        foreach (string path in _catalog.Of(_target))
        {
            (_, string? owner, Validator? validator) = PartialName.Read(path);
            if (_partial is not null || owner != _owner || validator is null)
            {
                PartialFile.Remove(path);
                continue;
            }

            _partial = PartialFile.Reopen(path, validator);
            if (Fault(_partial) is not null)
            {
                await DiscardAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Begins anew, which removes what was there.</summary>
    /// <param name="validator">Of the version that comes now, or null.</param>
    /// <param name="total">How long it is, or null.</param>
    /// <param name="isPiece">Whether the host gives a part, unasked: it will give the rest.</param>
    public async Task StartOverAsync(Validator? validator, long? total, bool isPiece)
    {
        await DiscardAsync().ConfigureAwait(false);
        foreach (string stale in _catalog.Of(_target).Concat(PartialName.Candidates(_target, _owner, validator)))
        {
            PartialFile.Remove(stale);
        }

        _partial = Create(validator);
        _catalog.Add(_target, _partial.FilePath);
        (Total, _isPiece) = (total, isPiece);
    }

    private PartialFile Create(Validator? validator)
    {
        string[] candidates = [.. PartialName.Candidates(_target, _owner, validator)];
        for (int at = 0; ; at++)
        {
            try
            {
                if (!candidates[at].StartsWith(_target, StringComparison.Ordinal))
                {
                    CheckTarget();
                }

                return PartialFile.Create(candidates[at], validator);
            }
            catch (Exception tooLong) when (FileFault.IsNameTooLong(tooLong) && at < candidates.Length - 1 && candidates[at].StartsWith(_target, StringComparison.Ordinal))
            {
                // a shorter one may do
            }
        }
    }

    // A shorter name is no help where the video's own is too long: better known before it comes than after. Its name itself has to stay free.
    private void CheckTarget()
    {
        string probe = Path.Combine(Path.GetDirectoryName(_target)!, $"~{Path.GetFileName(_target).Substring(1)}");
        if (!File.Exists(probe) && !File.Exists(_target))
        {
            FileStreams.OpenAlone(probe, FileMode.CreateNew).Dispose();
            File.Delete(probe);
        }
    }

    /// <summary>Removes what can't be gone on from.</summary>
    public async Task DiscardAsync()
    {
        if (_partial is { } partial)
        {
            _partial = null;
            await partial.CloseAsync().ConfigureAwait(false);
            File.Delete(partial.FilePath);
        }
    }

    public Task WriteAsync(byte[] block, int count, CancellationToken cancellationToken) =>
        WriteAsync(block, 0, count, cancellationToken);

    public Task WriteAsync(byte[] block, int offset, int count, CancellationToken cancellationToken) =>
        _partial!.WriteAsync(block, offset, count, cancellationToken);

    /// <summary>Whether these bytes are there at that place.</summary>
    public bool Has(long position, ReadOnlySpan<byte> bytes)
    {
        byte[] there = new byte[bytes.Length];
        return _partial!.ReadAt(position, there) == there.Length && bytes.SequenceEqual(there);
    }

    /// <summary>What begins so, in words, if it is not what the target's extension promises; else null.</summary>
    public string? FaultOf(ReadOnlySpan<byte> head) => VideoType.Fault(head, _extension);

    /// <summary>What was received, in words, if it is not what the target's extension promises; else null.</summary>
    /// <param name="toldLength">Whether the host told the length, which then was checked; else the content has to tell.</param>
    public string? Fault(bool toldLength) =>
        Fault(_partial!) ?? (toldLength || (VideoType.HasBoxes(_extension) && BoxWalk.EndsWhole(_partial!)) ? null : "what may be a part of a video: it told no length");

    /// <summary>Gives the received file its final name; false if one of that name has come up that is not to be replaced.</summary>
    public async Task<bool> PublishAsync(bool replace)
    {
        await _partial!.FlushToDiskAsync().ConfigureAwait(false);
        await _partial.CloseAsync().ConfigureAwait(false);
        _isWhole = true;
        long begun = _time.GetTimestamp();
        for (int failures = 1; ; failures++)
        {
            if (!replace && File.Exists(_target))
            {
                await DiscardAsync().ConfigureAwait(false);
                return false;
            }

            try
            {
                Rename(_partial.FilePath, _target, replace);
                break;
            }
            catch (Exception held) when (FileFault.MayPass(held) && !Directory.Exists(_target) && !Policy.HeldFile.IsOver(_time.GetElapsedTime(begun)))
            {
                // A virus scanner holds what has just been written, on Windows, for a moment.
                await _time.WaitAsync(Policy.HeldFile.Pause(failures, null, _random), CancellationToken.None).ConfigureAwait(false);
            }
        }

        _partial = null;
        _catalog.Forget(_target);
        return true;
    }

    /// <summary>Leaves the partial file for the next run, if that can go on from it.</summary>
    public async Task CloseAsync()
    {
        if (_partial is not { } partial)
        {
            return;
        }

        await partial.CloseAsync().ConfigureAwait(false);
        if (!_isWhole && (partial.Length == 0 || PartialName.Read(partial.FilePath).Validator is null))
        {
            try
            {
                File.Delete(partial.FilePath);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // what ended the download is the error to report
            }
        }
    }

    private string? Fault(PartialFile partial)
    {
        byte[] head = new byte[VideoType.HeadLength];
        return FaultOf(head.AsSpan(0, partial.ReadAt(0, head)));
    }
}
