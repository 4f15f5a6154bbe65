using System.Buffers;
using System.Security.Cryptography;

namespace KlingEffects.Images;

/// <summary>What shows that an image is still the same: its length in bytes, and when it was last written.</summary>
internal readonly record struct ImageStamp(long Length, DateTime Written);

/// <summary>An image whose bytes are here, and go to the server as base64.</summary>
internal abstract class LocalImage : ImageSource
{
    private const string Allowed =
        "the API takes JPEG or PNG images of at most 10 MB, at least 300 pixels a side, in proportions from 1:2.5 to 2.5:1.";

    private const byte DigestType = (byte)'I';
    private const int BlockSize = 128 * 1024;

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

    /// <exception cref="KlingException">ImageNotFound or ImageInvalid.</exception>
    public abstract Stream Open();

    public abstract ImageStamp Stamp(Stream opened);

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
            if (header.Problem(Stamp(source).Length) is { } problem)
            {
                throw Invalid($"'{this}' is {problem}: {Allowed}");
            }

            IsCutOff = header.IsCutOff;
        }
        catch (IOException fault)
        {
            throw Unreadable(fault);
        }
    }

    /// <summary>Reads until <paramref name="count"/> bytes are there, or none are left.</summary>
    /// <exception cref="KlingException">ImageInvalid: the reading itself failed; the request is known to be incomplete.</exception>
    public async Task<int> FillAsync(Stream source, byte[] block, int count, CancellationToken cancellationToken)
    {
        int filled = 0;
        try
        {
            for (int read = -1; read != 0 && filled < count; filled += read)
            {
                read = await source.ReadBlockAsync(block, filled, count - filled, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(fault);
        }

        return filled;
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

        Digested = stamp;
        return [DigestType, .. hash.GetHashAndReset()];
    }

    protected KlingException Unreadable(Exception fault) => Invalid(
        $"'{this}' can't be read: {ServerText.Clean(fault.Message)}",
        "See that the file may be read and that no other program is writing it.",
        fault);

    internal KlingException Invalid(SafeText message, string? advice = null, Exception? cause = null) =>
        new(KlingErrorId.ImageInvalid, message, cause) { Target = Target, RecommendedAction = advice };
}
