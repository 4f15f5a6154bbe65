using KlingEffects.Journal;

namespace KlingEffects.Tests.Journal;

/// <summary>A file whose flushes are counted and can be held up.</summary>
internal sealed class SlowDisk(string path) : FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, JournalFile.WhileHeld, bufferSize: 1)
{
    private readonly ManualResetEventSlim _free = new(initialState: true);
    private readonly TaskCompletionSource _flushing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Flushes { get; private set; }

    /// <summary>Ends when a flush is held up.</summary>
    public Task IsFlushing => _flushing.Task;

    /// <summary>Holds flushes up until the result is disposed of.</summary>
    public IDisposable HoldUp()
    {
        _free.Reset();
        return new Release(_free);
    }

    public override void Flush(bool flushToDisk)
    {
        if (!_free.IsSet)
        {
            _flushing.TrySetResult();
            _free.Wait();
        }

        base.Flush(flushToDisk);
        Flushes += flushToDisk ? 1 : 0;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _free.Dispose();
    }

    private sealed class Release(ManualResetEventSlim free) : IDisposable
    {
        public void Dispose() => free.Set();
    }
}

/// <summary>A file on a disk that takes only so many bytes more.</summary>
internal sealed class FullDisk(string path) : FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, JournalFile.WhileHeld, bufferSize: 1)
{
    private static readonly int NoSpace = OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28;

    public int BytesLeft { get; set; } = int.MaxValue;

    public override void Write(byte[] buffer, int offset, int count)
    {
        int taken = Math.Min(count, BytesLeft);
        base.Write(buffer, offset, taken);
        BytesLeft -= taken;
        if (taken < count)
        {
            throw new IOException("No space left on device", NoSpace);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);
}

/// <summary>A file that does not wait for the disk, for tests of many short runs.</summary>
internal sealed class UnsyncedDisk(string path) : FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, JournalFile.WhileHeld, bufferSize: 1)
{
    public override void Flush(bool flushToDisk) => base.Flush(flushToDisk: false);
}
