using System.Security.Cryptography;
using System.Text;

namespace KlingEffects.Emulator.Recording;

/// <summary>Notes a body on its request as it streams in.</summary>
/// <param name="request">The request.</param>
/// <param name="keepsAll">Whether the text is kept whatever its size.</param>
internal sealed class BodyRecorder(RecordedRequest request, bool keepsAll) : IDisposable
{
    private const int SmallBody = 64 * 1024;
    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream _text = new();

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _digest.AppendData(bytes);
        request.BodyLength += bytes.Length;
        if (keepsAll || request.BodyLength <= SmallBody)
        {
            _text.Write(bytes);
        }
    }

    public void Complete()
    {
        request.BodySha256 = Convert.ToHexStringLower(_digest.GetHashAndReset());
        request.BodyText = _text.Length == request.BodyLength ? Encoding.UTF8.GetString(_text.GetBuffer(), 0, (int)_text.Length) : null;
    }

    public void Dispose()
    {
        _digest.Dispose();
        _text.Dispose();
    }
}
