namespace KlingEffects.Emulator.Content;

/// <summary>Bytes that are made where they are needed and never held whole.</summary>
internal interface IContent
{
    long Length { get; }

    /// <summary>The stretch that begins at a position and ends at the end of the content or before; empty only at the end.</summary>
    ReadOnlyMemory<byte> At(long position);
}

/// <summary>Bytes that are in memory anyway.</summary>
internal sealed class BytesContent(byte[] bytes) : IContent
{
    public long Length => bytes.Length;

    public ReadOnlyMemory<byte> At(long position) => bytes.AsMemory((int)position);
}
