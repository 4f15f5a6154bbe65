namespace KlingEffects.Journal;

/// <summary>Lines that go to the disk with one write and one flush.</summary>
internal sealed class JournalBatch
{
    private readonly TaskCompletionSource<bool> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<JournalEntry> _entries = [];
    private readonly List<byte[]> _lines = [];
    private int _length;

    public IReadOnlyList<JournalEntry> Entries => _entries;

    public Task Written => _written.Task;

    public void Add(JournalEntry entry, byte[] line)
    {
        _entries.Add(entry);
        _lines.Add(line);
        _length += line.Length + 1;
    }

    public byte[] ToBytes()
    {
        byte[] all = new byte[_length];
        int end = 0;
        foreach (byte[] line in _lines)
        {
            line.CopyTo(all, end);
            end += line.Length;
            all[end++] = (byte)'\n';
        }

        return all;
    }

    public void Succeed() => _written.SetResult(true);

    public void Fail(KlingException failure) => _written.SetException(failure);
}
