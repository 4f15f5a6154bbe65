using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace KlingEffects.Emulator.Specification;

/// <summary>
/// A string of a body that may be an image of megabytes: read as base64 on the way, judged and digested, and forgotten but for
/// its beginning.
/// </summary>
internal sealed class LongText : IDisposable
{
    private const int BeginningSize = 64;
    private const int PendingSize = 64 * 1024;
    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ImageHeader _header = new();
    private readonly StringBuilder _beginning = new(BeginningSize);
    private byte[]? _pending = ArrayPool<byte>.Shared.Rent(PendingSize);
    private byte[]? _decoded = ArrayPool<byte>.Shared.Rent(PendingSize);
    private int _filled;
    private long _length;

    public string Beginning => _beginning.ToString();

    public bool IsBase64 { get; private set; } = true;

    public static LongText Of(string text)
    {
        LongText whole = new();
        whole.Append(Encoding.UTF8.GetBytes(text));
        whole.Complete();
        return whole;
    }

    public void Append(ReadOnlySpan<byte> utf8)
    {
        foreach (byte letter in utf8[..Math.Min(utf8.Length, BeginningSize - _beginning.Length)])
        {
            _beginning.Append((char)letter);
        }

        while (IsBase64 && !utf8.IsEmpty)
        {
            int taken = Math.Min(utf8.Length, PendingSize - _filled);
            utf8[..taken].CopyTo(_pending.AsSpan(_filled));
            _filled += taken;
            utf8 = utf8[taken..];
            if (_filled == PendingSize)
            {
                // The last group stays behind: if it is the end of the text, it may hold padding.
                Decode(PendingSize - 4, isEnd: false);
            }
        }
    }

    public void Complete()
    {
        if (IsBase64)
        {
            Decode(_filled, isEnd: true);
        }

        Release();
    }

    /// <summary>What the decoded bytes are; call once, after <see cref="Complete"/>.</summary>
    public SubmittedImage ToImage() =>
        new(null, _header.Format, _header.Width, _header.Height, _length, Convert.ToHexStringLower(_digest.GetHashAndReset()));

    public void Dispose()
    {
        Release();
        _digest.Dispose();
    }

    private void Decode(int count, bool isEnd)
    {
        ReadOnlySpan<byte> text = _pending.AsSpan(0, count);
        bool hasSpace = text.ContainsAny(" \t\r\n"u8);
        OperationStatus status = Base64.DecodeFromUtf8(text, _decoded, out int consumed, out int written, isEnd);
        IsBase64 = !hasSpace && status == OperationStatus.Done && consumed == count;
        _digest.AppendData(_decoded!, 0, written);
        _header.Append(_decoded.AsSpan(0, written));
        _length += written;
        _pending.AsSpan(count, _filled - count).CopyTo(_pending);
        _filled -= count;
    }

    private void Release()
    {
        foreach (byte[]? buffer in (ReadOnlySpan<byte[]?>)[_pending, _decoded])
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        _pending = _decoded = null;
    }
}
