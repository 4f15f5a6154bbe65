namespace KlingEffects.Journal;

/// <summary>How this process left a journal: what lies at its path has to be that, byte for byte.</summary>
/// <remarks>A file is known by its content and not by its number, so that this holds on every system: what is written here and read
/// back by the path is in the same file.</remarks>
internal sealed class JournalSeal
{
    /// <summary>The words for what became of it.</summary>
    public const string Deleted = "was deleted or moved away";
    public const string Replaced = "was replaced by another file";
    public const string Changed = "was changed";

    private const int Kept = 512;
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    private readonly string _path;
    private readonly byte[] _head;
    private byte[] _tail;
    private ulong _digest;
    private DateTime _changedAt;

    public JournalSeal(FileStream file, string path)
    {
        _path = path;
        End = file.Length;
        _head = JournalFile.ReadAt(file, 0, (int)Math.Min(End, Kept));
        _tail = JournalFile.ReadAt(file, Math.Max(0, End - Kept), (int)Math.Min(End, Kept));
        _digest = Digest(file);
        _changedAt = FileStreams.LastWritten(file, _path);
        file.Position = End;
    }

    /// <summary>Where the next line goes.</summary>
    public long End { get; private set; }

    /// <summary>Whether the file that is held is as it was left, as far as that shows without a look at the path.</summary>
    public bool IsUntouched(FileStream file) => file.Length == End && FileStreams.LastWritten(file, _path) == _changedAt;

    /// <summary>Takes in what was written behind the end.</summary>
    public void Advance(byte[] bytes)
    {
        End += bytes.Length;
        _digest = Digest(_digest, bytes, bytes.Length);
        _tail = [.. _tail, .. bytes];
    }

    /// <summary>What became of the file, as the end of a sentence; null while it is as it was left.</summary>
    /// <param name="isThorough">Reads all of it again, and not its ends only.</param>
    /// <exception cref="IOException">It can't be looked at.</exception>
    public string? Look(bool isThorough)
    {
        try
        {
            using FileStream now = UnlockedFile.OpenRead(_path);
            if (!JournalFile.ReadAt(now, 0, _head.Length).AsSpan().SequenceEqual(_head))
            {
                return Replaced;
            }

            if (now.Length != End
                || !JournalFile.ReadAt(now, End - _tail.Length, _tail.Length).AsSpan().SequenceEqual(_tail)
                || (isThorough && Digest(now) != _digest))
            {
                return Changed;
            }

            _changedAt = FileStreams.LastWritten(now, _path);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return Deleted;
        }

        _tail = _tail.Length > Kept ? _tail.AsSpan(_tail.Length - Kept).ToArray() : _tail;
        return null;
    }

    private static ulong Digest(FileStream file)
    {
        byte[] block = new byte[64 * 1024];
        ulong digest = FnvOffset;
        file.Position = 0;
        for (int read; (read = file.Read(block, 0, block.Length)) > 0;)
        {
            digest = Digest(digest, block, read);
        }

        return digest;
    }

    private static ulong Digest(ulong digest, byte[] bytes, int count)
    {
        for (int i = 0; i < count; i++)
        {
            digest = unchecked((digest ^ bytes[i]) * FnvPrime);
        }

        return digest;
    }
}
