namespace KlingEffects;

/// <summary>Members that only one of the frameworks has, under the same name for both.</summary>
internal static class FrameworkExtensions
{
#if NETSTANDARD2_0
    extension(Dns)
    {
        public static Task<IPAddress[]> GetHostAddressesAsync(string host, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Dns.GetHostAddressesAsync(host);
        }
    }

    extension(FileSystemInfo file)
    {
        [SuppressMessage("Performance", "CA1822", Justification = "An instance has it where the framework knows links.")]
        public string? LinkTarget => null;
    }

    extension(Random)
    {
        public static Random Shared => PerThread.Instance;
    }

    public static async Task ConnectAsync(this Socket socket, EndPoint end, CancellationToken cancellationToken)
    {
        using (cancellationToken.Register(socket.Dispose))
        {
            await socket.ConnectAsync(end).ConfigureAwait(false);
        }
    }

    public static Task<Stream> ReadAsStreamAsync(this HttpContent content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return content.ReadAsStreamAsync();
    }

    public static Task<int> ReadBlockAsync(this Stream stream, byte[] block, int offset, int count, CancellationToken cancellationToken) =>
        stream.ReadAsync(block, offset, count, cancellationToken);

    public static Task WriteBlockAsync(this Stream stream, byte[] block, int offset, int count, CancellationToken cancellationToken) =>
        stream.WriteAsync(block, offset, count, cancellationToken);

    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        this ChannelReader<T> reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (reader.TryRead(out T? item))
            {
                yield return item;
            }
        }
    }

    /// <summary>Closes the connection of an incomplete request, which would stay open until its timeout.</summary>
    public static void Abandon(this Stream request)
    {
        try
        {
            request.Dispose();
        }
        catch (Exception fault) when (fault is IOException or InvalidOperationException or NotSupportedException)
        {
            // it complains that the request is incomplete
        }
    }

    public static bool Contains(this string text, string value, StringComparison comparison) => text.IndexOf(value, comparison) >= 0;

    public static Stream? DecompressBrotli(this Stream packed) => null;

    private sealed class PerThread : Random
    {
        [ThreadStatic]
        private static Random? t_source;

        public static PerThread Instance { get; } = new();

        public override double NextDouble() => (t_source ??= new Random(Guid.NewGuid().GetHashCode())).NextDouble();
    }
#else
    public static ValueTask<int> ReadBlockAsync(this Stream stream, byte[] block, int offset, int count, CancellationToken stop) =>
        stream.ReadAsync(block.AsMemory(offset, count), stop);

    public static ValueTask WriteBlockAsync(this Stream stream, byte[] block, int offset, int count, CancellationToken stop) =>
        stream.WriteAsync(block.AsMemory(offset, count), stop);

    /// <summary>Does nothing: this framework closes the connection of an incomplete request by itself.</summary>
    public static void Abandon(this Stream request) => _ = request;

    public static Task Delay(this TimeProvider time, TimeSpan delay, CancellationToken cancellationToken) =>
        Task.Delay(delay, time, cancellationToken);

    public static Stream? DecompressBrotli(this Stream packed) => new BrotliStream(packed, CompressionMode.Decompress);
#endif
}
