using System.Buffers.Text;

namespace KlingEffects.Images;

/// <summary>An image's state: its length in bytes and its modification time.</summary>
internal readonly record struct ImageStamp(long Length, DateTime Written)
{
    public long EncodedLength => (Length + 2) / 3 * 4;
}

internal abstract class LocalImage : ImageSource
{
    private const string Allowed =
        "the API takes JPEG or PNG images of at most 10 MB, at least 300 pixels a side, in proportions from 1:2.5 to 2.5:1.";

    private const byte DigestType = (byte)'I';

    // A multiple of three, so that only the last block is padded; encoded, it fills a pooled array.
    private const int BlockSize = 96 * ByteSize.Kilo;
    private const int EncodedBlockSize = BlockSize / 3 * 4;

    // The state when its digest was computed: no other content may be sent for the job.
    private ImageStamp? _digested;

    public abstract string Target { get; }
    protected abstract string ShortName { get; }
    internal override string ForWhatIf => $"<base64 of {ShortName}, {ByteSize.Describe(Promise().Length)}>";

    public abstract Stream Open();

    public abstract ImageStamp Stamp(Stream opened);

    internal override void Check(bool skipImageCheck)
    {
        using Stream source = Open();
        if (skipImageCheck)
        {
            return;
        }

        try
        {
            ImageHeader header = ImageHeader.Read(source);
            IsCutOff = header.IsCutOff;
            if (header.Problem(Stamp(source).Length) is { } problem)
            {
                throw Invalid($"'{this}' is {problem}: {Allowed}");
            }
        }
        catch (IOException fault)
        {
            throw Unreadable(fault);
        }
    }

    /// <summary>The current state, which must not change until it has been sent.</summary>
    public ImageStamp Promise()
    {
        using Stream source = Open();
        ImageStamp now = Stamp(source);
        return _digested is { } digested && digested != now ? throw Changed() : now;
    }

    /// <summary>Sends the image as base64, block by block.</summary>
    /// <exception cref="KlingException">ImageInvalid: it has changed. Thrown before the last block, so it is never sent whole.</exception>
    public async Task WriteBase64Async(Stream target, ImageStamp promised, Action wrote, CancellationToken cancellationToken)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
        byte[] encoded = ArrayPool<byte>.Shared.Rent(EncodedBlockSize);
        try
        {
            using Stream source = Open();
            long remaining = promised.Length;
            while (remaining > 0)
            {
                int wanted = (int)Math.Min(BlockSize, remaining);
                int filled = await FillAsync(source, block, wanted, cancellationToken).ConfigureAwait(false);
                remaining -= filled;
                if (filled < wanted || (remaining == 0 && Stamp(source) != promised))
                {
                    throw Changed();
                }

                Base64.EncodeToUtf8(block.AsSpan(0, filled), encoded, out _, out int length);
                await target.WriteBlockAsync(encoded, 0, length, cancellationToken).ConfigureAwait(false);
                wrote();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(encoded);
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    internal override async Task<byte[]> ComputeDigestAsync(CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using Stream source = Open();
        ImageStamp stamp = Stamp(source);
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            while (await FillAsync(source, block, BlockSize, cancellationToken).ConfigureAwait(false) is var filled and > 0)
            {
                hash.AppendData(block, 0, filled);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        _digested = stamp;
        return [DigestType, .. hash.GetHashAndReset()];
    }

    protected KlingException Unreadable(Exception fault) => Invalid(
        $"'{this}' can't be read: {ServerText.Clean(fault.Message)}",
        "See that the file may be read and that no other program is writing it.",
        fault);

    protected KlingException Invalid(SafeText message, string? advice = null, Exception? cause = null) =>
        Refused(KlingErrorId.ImageInvalid, message, Target, advice, cause);

    private KlingException Changed() => Invalid(
        $"'{this}' changed while its job was being submitted; the job was not submitted.",
        "Run the same command again once no other program writes the file.");

    // Reads so many bytes, or to the end.
    private async Task<int> FillAsync(Stream source, byte[] block, int count, CancellationToken cancellationToken)
    {
        int filled = 0;
        try
        {
            for (int read = -1; read != 0 && filled < count; filled += read)
            {
                read = await source.ReadBlockAsync(block, filled, count - filled, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (FileFault.IsOfFile(fault))
        {
            throw Unreadable(fault);
        }

        return filled;
    }
}
