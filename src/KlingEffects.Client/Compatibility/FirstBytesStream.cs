#if NETSTANDARD2_0
namespace KlingEffects;

/// <summary>Reads an answer's first bytes one by one: .NET Framework buffers up to 4 kB with the headers, and returns them to a larger
/// read only together with the next bytes. If those never come, the first would be lost.</summary>
internal sealed class FirstBytesStream(Stream answer) : ReadOnlyStream(answer)
{
    /// <summary>How much .NET Framework reads at once (its Connection.cs, reference source of 4.8, 2026-11).</summary>
    private const int InHand = 4096;

    private readonly byte[] _one = new byte[1];
    private Task<int>? _next;
    private int _taken;

    protected override async Task<int> ReadNextAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (_next is null && (_taken >= InHand || count == 0))
        {
            return await Inner.ReadAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
        }

        int filled = 0;
        while (filled < count && (_next is not null || _taken < InHand))
        {
            _next ??= Inner.ReadAsync(_one, 0, 1, cancellationToken);
            if (filled > 0 && (!_next.IsCompleted || _next.IsFaulted || _next.IsCanceled))
            {
                // the next read throws it
                _ = _next.ContinueWith(
                    static failed => _ = failed.Exception,
                    CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                return filled;
            }

            int read = await _next.ConfigureAwait(false);
            _next = null;
            if (read == 0)
            {
                _taken = InHand;
                return filled;
            }

            buffer[offset + filled++] = _one[0];
            _taken++;
        }

        return filled;
    }
}
#endif
