namespace KlingEffects.Videos;

/// <summary>The one place beside a target where its video comes together.</summary>
internal sealed class PartialSlot
{
    private readonly string _target;
    private readonly string _owner;
    private readonly string _extension;
    private readonly PartialCatalog _catalog;
    private PartialFile? _partial;

    /// <param name="target">The video's path.</param>
    /// <param name="task">The task whose video it is.</param>
    /// <param name="catalog">Of what is there already.</param>
    public PartialSlot(string target, KlingTask task, PartialCatalog catalog)
    {
        _target = target;
        _owner = PartialName.OwnerOf(task);
        _extension = Path.GetExtension(target);
        _catalog = catalog;
    }

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
    public async Task StartOverAsync(Validator? validator)
    {
        await DiscardAsync().ConfigureAwait(false);
        string path = PartialName.For(_target, _owner, validator);
        foreach (string stale in _catalog.Of(_target).Append(path))
        {
            PartialFile.Remove(stale);
        }

        _partial = PartialFile.Create(path, validator);
        _catalog.Add(_target, path);
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
        _partial!.WriteAsync(block, count, cancellationToken);

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
        if (!replace && File.Exists(_target))
        {
            await DiscardAsync().ConfigureAwait(false);
            return false;
        }

        FileMoves.Rename(_partial.FilePath, _target, replace);
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
        if (partial.Length == 0 || PartialName.Read(partial.FilePath).Validator is null)
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
