namespace KlingEffects;

/// <summary>Reads and writes of whole blocks by the best overload of each framework.</summary>
internal static class StreamExtensions
{
    /// <summary>Ends the connection of a request whose body can't be written whole. .NET Framework's would stay open, half-sent, until its timeout.</summary>
    public static void Abandon(this Stream request)
    {
#if NETSTANDARD2_0
        try
        {
            request.Dispose();
        }
        catch (Exception fault) when (fault is IOException or InvalidOperationException or NotSupportedException)
        {
            // it says that not all was written, which is why it is ended
        }
#else
        _ = request; // its framework ends the connection
#endif
    }

#if NETSTANDARD2_0
    public static Task<int> ReadBlockAsync(this Stream stream, byte[] block, int offset, int count, CancellationToken cancellationToken) =>
        stream.ReadAsync(block, offset, count, cancellationToken);

    public static Task WriteBlockAsync(this Stream stream, byte[] block, int offset, int count, CancellationToken cancellationToken) =>
        stream.WriteAsync(block, offset, count, cancellationToken);
#else
    public static ValueTask<int> ReadBlockAsync(this Stream stream, byte[] block, int offset, int count, CancellationToken cancellationToken) =>
        stream.ReadAsync(block.AsMemory(offset, count), cancellationToken);

    public static ValueTask WriteBlockAsync(this Stream stream, byte[] block, int offset, int count, CancellationToken cancellationToken) =>
        stream.WriteAsync(block.AsMemory(offset, count), cancellationToken);
#endif
}
