using System.Buffers;
using System.Buffers.Text;

namespace KlingEffects.Images;

/// <summary>One sending of a local image as base64, block by block. Its length is promised before its first byte leaves.</summary>
internal sealed class ImageUpload
{
    // A multiple of three, so that only the last block is padded; encoded it fills a pooled array exactly.
    private const int BlockSize = 96 * ByteSize.Kilo;
    private const int EncodedBlockSize = BlockSize / 3 * 4;

    private readonly LocalImage _image;
    private readonly ImageStamp _promised;

    /// <exception cref="KlingException">ImageNotFound or ImageInvalid: it is not what its job is known by any more, for one.</exception>
    public ImageUpload(LocalImage image, int place)
    {
        _image = image;
        Place = place;
        using Stream source = image.Open();
        _promised = image.Stamp(source);
        if (image.Digested is { } digested && digested != _promised)
        {
            throw Changed();
        }
    }

    /// <summary>Where in the JSON it stands, in bytes.</summary>
    public int Place { get; }

    public long EncodedLength => (_promised.Length + 2) / 3 * 4;

    /// <summary>Encodes the image into <paramref name="target"/>, calling <paramref name="wrote"/> after each block.</summary>
    /// <exception cref="KlingException">
    /// ImageInvalid: it changed since its length was promised. Thrown before the last block leaves, so the server never has it whole.
    /// </exception>
    public async Task WriteAsync(Stream target, Action wrote, CancellationToken cancellationToken)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
        byte[] encoded = ArrayPool<byte>.Shared.Rent(EncodedBlockSize);
        try
        {
            using Stream source = _image.Open();
            long remaining = _promised.Length;
            while (remaining > 0)
            {
                int wanted = (int)Math.Min(BlockSize, remaining);
                int filled = await _image.FillAsync(source, block, wanted, cancellationToken).ConfigureAwait(false);
                remaining -= filled;
                if (filled < wanted || (remaining == 0 && _image.Stamp(source) != _promised))
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

    private KlingException Changed() => _image.Invalid(
        $"'{_image}' changed while its job was being submitted; the job was not submitted.",
        "Run the same command again once no other program writes the file.");
}
