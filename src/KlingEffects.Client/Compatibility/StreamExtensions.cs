namespace KlingEffects;

/// <summary>Reads and writes of whole blocks by the best overload of each framework.</summary>
internal static class StreamExtensions
{
#if NETSTANDARD2_0
    public static Task<int> ReadBlockAsync(this Stream stream, byte[] block, CancellationToken cancellationToken) =>
        stream.ReadBlockAsync(block, 0, block.Length, cancellationToken);

    public static Task<int> ReadBlockAsync(this Stream stream, byte[] block, int offset, int count, CancellationToken cancellationToken) =>
        stream.ReadAsync(block, offset, count, cancellationToken);

    public static Task WriteBlockAsync(this Stream stream, byte[] block, int count, CancellationToken cancellationToken) =>
        stream.WriteBlockAsync(block, 0, count, cancellationToken);

    public static Task WriteBlockAsync(this Stream stream, byte[] block, int offset, int count, CancellationToken cancellationToken) =>
        stream.WriteAsync(block, offset, count, cancellationToken);
#else
    public static ValueTask<int> ReadBlockAsync(this Stream stream, byte[] block, CancellationToken cancellationToken) =>
        stream.ReadBlockAsync(block, 0, block.Length, cancellationToken);

    public static ValueTask<int> ReadBlockAsync(this Stream stream, byte[] block, int offset, int count, CancellationToken cancellationToken) =>
        stream.ReadAsync(block.AsMemory(offset, count), cancellationToken);

    public static ValueTask WriteBlockAsync(this Stream stream, byte[] block, int count, CancellationToken cancellationToken) =>
        stream.WriteBlockAsync(block, 0, count, cancellationToken);

    public static ValueTask WriteBlockAsync(this Stream stream, byte[] block, int offset, int count, CancellationToken cancellationToken) =>
        stream.WriteAsync(block.AsMemory(offset, count), cancellationToken);
#endif
}
