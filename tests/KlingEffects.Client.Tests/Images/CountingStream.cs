namespace KlingEffects.Tests.Images;

/// <summary>Bytes that count how often and how much is read, a few at a time if asked.</summary>
internal sealed class CountingStream(byte[] content, int mostPerRead = int.MaxValue) : MemoryStream(content, writable: false)
{
    public int Reads { get; private set; }

    public int BytesRead { get; private set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = base.Read(buffer, offset, Math.Min(count, mostPerRead));
        Reads++;
        BytesRead += read;
        return read;
    }
}
