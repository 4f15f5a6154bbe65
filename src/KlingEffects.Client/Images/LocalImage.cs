using System.Buffers;
using System.Security.Cryptography;

namespace KlingEffects.Images;

/// <summary>What shows that an image is still the same: its length in bytes, and when it was last written.</summary>
internal readonly record struct ImageStamp(long Length, DateTime Written);

/// <summary>An image whose bytes are here, and go to the server as base64.</summary>
internal abstract class LocalImage : ImageSource
{
    private const byte DigestType = (byte)'I';
    private const int BlockSize = 128 * 1024;

    private bool _isCutOff;

    /// <summary>What an error is about: the path, or the name of what has none.</summary>
    public abstract string Target { get; }

    /// <summary>What it was when its digest was taken, or null: the job is known by that, so nothing else may be sent for it.</summary>
    public ImageStamp? Digested { get; private set; }

    /// <summary>How <c>-WhatIf</c> names it.</summary>
    protected abstract string ShortName { get; }

    internal override string ForWhatIf
    {
        get
        {
            using Stream source = Open();
            return $"<base64 of {ShortName}, {ByteSize.Describe(Stamp(source).Length)}>";
        }
    }

    /// <summary>Opens the bytes for one reading from start to end.</summary>
    /// <exception cref="KlingException">ImageNotFound or ImageInvalid.</exception>
    public abstract Stream Open();

    /// <summary>The state of what was opened, as it is now.</summary>
    public abstract ImageStamp Stamp(Stream opened);

    internal override bool IsCutOff => _isCutOff;

    public override void Check(bool skipImageCheck)
    {
        using Stream source = Open();
        if (skipImageCheck)
        {
            return;
        }

        try
        {
            ImageHeader header = ImageHeader.Read(source);
            ImageRules.Check(this, header, Stamp(source).Length);
            _isCutOff = header.IsCutOff;
        }
        catch (IOException fault)
        {
            throw Unreadable(fault);
        }
    }

    /// <summary>Reads until <paramref name="count"/> bytes are there, or none are left.</summary>
    /// <exception cref="KlingException">ImageInvalid: the reading itself failed. The request is then incomplete, and known to be.</exception>
    public async Task<int> FillAsync(Stream source, byte[] block, int count, CancellationToken cancellationToken)
    {
        int filled = 0;
        try
        {
            while (filled < count)
            {
                int read = await source.ReadBlockAsync(block, filled, count - filled, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                filled += read;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(fault);
        }

        return filled;
    }

    public KlingException Invalid(string problem, Exception? cause = null) =>
        new(KlingErrorId.ImageInvalid, $"'{this}' {problem}", cause) { Target = Target };

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

        Digested = stamp;
        return [DigestType, .. hash.GetHashAndReset()];
    }

    protected KlingException Unreadable(Exception fault) => new(
        KlingErrorId.ImageInvalid, $"'{this}' can't be read: {ServerText.Clean(fault.Message)}", fault)
    {
        Target = Target,
        RecommendedAction = "See that the file may be read and that no other program is writing it.",
    };
}
