namespace KlingEffects.Videos.Transfer;

/// <summary>A stream of which the beginning was read already, and that counts what it gives.</summary>
internal sealed class PrefixedStream(byte[] prefix, Stream rest) : ReadOnlyStream(rest)
{
    public long Taken { get; private set; }

    protected override async Task<int> ReadNextAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        int read = (int)Math.Min(count, Math.Max(0, prefix.Length - Taken));
        if (read > 0)
        {
            Array.Copy(prefix, (int)Taken, buffer, offset, read);
        }
        else
        {
            read = await Inner.ReadBlockAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
        }

        Taken += read;
        return read;
    }
}
