using KlingEffects.Videos.Containers;
using KlingEffects.Videos.Naming;

namespace KlingEffects.Videos.Transfer;

/// <summary>The file that a video is downloaded to, beside its target, opened exclusively. Its name has this module's mark and the task's
/// digest, so that a later run continues it and no other file is touched.</summary>
internal sealed class PartialFile : VideoBytes
{
    /// <summary>How many known bytes are requested again. Small, because a bad connection may bring little more.</summary>
    public const int Overlap = 4 * 1024;

    private const string Mark = ".kling.partial";
    private const long FlushInterval = 16 * 1024 * 1024;

    private readonly FileStream _stream;
    private Task _flushing = Task.CompletedTask;
    private long _unflushed;

    private PartialFile(FileStream stream, string target) : base(stream, target) => _stream = stream;

    public string FilePath => _stream.Name;

    /// <summary>Where to continue: an overlap before the end; null if there is too little for one.</summary>
    public long? ResumesFrom => Length > 1 ? Length - Math.Min(Overlap, Length / 2) : null;

    public static string PathFor(string target, KlingTask task) => $"{target}.{SafeFileName.Digest(task.Kind + "/" + task.TaskId)}{Mark}";

    public static PartialFile Open(string target, KlingTask task)
    {
        string folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);
        try
        {
            return Open(PathFor(target, task), target);
        }
        catch (Exception tooLong) when (FileFault.IsNameTooLong(tooLong))
        {
            // The video's name may be too long only with the mark. Fail before the download if it is too long itself.
            string probe = Path.Combine(folder, $"~{Path.GetFileName(target).Substring(1)}");
            if (!File.Exists(probe) && !File.Exists(target))
            {
                FileStreams.OpenAlone(probe, FileMode.CreateNew).Dispose();
                File.Delete(probe);
            }

            return Open(PathFor(Path.Combine(folder, SafeFileName.Digest(Path.GetFileName(target))), task), target);
        }
    }

    public bool Has(long position, ReadOnlySpan<byte> bytes)
    {
        byte[] there = new byte[bytes.Length];
        return ReadAt(position, there) == there.Length && bytes.SequenceEqual(there);
    }

    /// <summary>Appends bytes after comparing known ones. False if those differ; from its start a video replaces the file.</summary>
    public async Task<bool> PutAsync(long position, byte[] block, int count, bool isWhole, CancellationToken cancellationToken)
    {
        int known = (int)Math.Min(count, Length - position);
        if (known > 0 && !Has(position, block.AsSpan(0, known)))
        {
            if (!isWhole)
            {
                return false;
            }

            (Length, known) = (position, 0);
            _stream.SetLength(position);
        }

        _stream.Position = Length;
        await _stream.WriteBlockAsync(block, known, count - known, cancellationToken).ConfigureAwait(false);
        Length += count - known;
        _unflushed += count - known;
        if (_unflushed >= FlushInterval && _flushing.IsCompleted)
        {
            // Flushes early, so that the end need not wait for all of it.
            await _flushing.ConfigureAwait(false);
            _unflushed = 0;
            _flushing = FileStreams.BeginFlush(_stream);
        }

        return true;
    }

    public void Clear()
    {
        _stream.SetLength(0);
        Length = 0;
    }

    /// <summary>Closes the file, flushed to disk if it is complete; deletes an empty one.</summary>
    public async Task CloseAsync(bool isWhole = false)
    {
        await Task.WhenAny(_flushing).ConfigureAwait(false);
        if (isWhole)
        {
            await _flushing.ConfigureAwait(false);
            _stream.Flush(flushToDisk: true);
        }

        _ = _flushing.Exception; // the download reports its own error
        _stream.Dispose();
        if (Length == 0)
        {
            FileFault.Try(() => File.Delete(FilePath));
        }
    }

    private static PartialFile Open(string path, string target)
    {
        PartialFile file = new(FileStreams.OpenAlone(path, FileMode.OpenOrCreate), target);
        if (file.State == Wholeness.Broken)
        {
            file.Clear();
        }

        return file;
    }
}
