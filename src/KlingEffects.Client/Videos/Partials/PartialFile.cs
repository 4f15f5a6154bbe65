namespace KlingEffects.Videos;

/// <summary>A partial file that is open, for this process alone.</summary>
internal sealed class PartialFile
{
    private const long FlushInterval = 16 * 1024 * 1024;

    private readonly FileStream _stream;
    private Task _flushing = Task.CompletedTask;
    private long _unflushed;

    private PartialFile(string path, FileMode mode, Validator? validator)
    {
        FilePath = path;
        Validator = validator;
        _stream = Open(path, mode);
        Length = _stream.Seek(0, SeekOrigin.End);
    }

    public string FilePath { get; }

    /// <summary>What tells whether the host still has the same video; null: nothing does.</summary>
    public Validator? Validator { get; }

    public long Length { get; private set; }

    /// <summary>Opens one that an earlier run left, at its end.</summary>
    public static PartialFile Reopen(string path, Validator validator) => new(path, FileMode.Open, validator);

    public static PartialFile Create(string path, Validator? validator) => new(path, FileMode.CreateNew, validator);

    /// <summary>Removes a file, unless another process has it open.</summary>
    public static void Remove(string path)
    {
        if (File.Exists(path))
        {
            Open(path, FileMode.Open).Dispose();
            File.Delete(path);
        }
    }

    public async Task WriteAsync(byte[] block, int offset, int count, CancellationToken cancellationToken)
    {
        await _stream.WriteBlockAsync(block, offset, count, cancellationToken).ConfigureAwait(false);
        Length += count;
        _unflushed += count;
        if (_unflushed >= FlushInterval && _flushing.IsCompleted)
        {
            // What is on the disk by the end need not be waited for then.
            await _flushing.ConfigureAwait(false);
            _unflushed = 0;
            _flushing = DiskFlush.Begin(_stream);
        }
    }

    /// <summary>Reads as many bytes as are there, and goes back to the end.</summary>
    public int ReadAt(long position, byte[] bytes)
    {
        _stream.Seek(position, SeekOrigin.Begin);
        int read = 0;
        for (int count; read < bytes.Length && (count = _stream.Read(bytes, read, bytes.Length - read)) > 0; read += count)
        {
        }

        _stream.Seek(0, SeekOrigin.End);
        return read;
    }

    public async Task FlushToDiskAsync()
    {
        await _flushing.ConfigureAwait(false);
        _stream.Flush(flushToDisk: true);
    }

    /// <summary>Closes the file, which is free for others when this ends. What became of a flush is no longer told.</summary>
    public async Task CloseAsync()
    {
        await Task.WhenAny(_flushing).ConfigureAwait(false);
        _ = _flushing.Exception;
        _stream.Dispose();
    }

    private static FileStream Open(string path, FileMode mode) => FileStreams.OpenAlone(path, mode);
}
