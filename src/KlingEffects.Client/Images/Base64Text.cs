using System.Buffers;
using System.Buffers.Text;

namespace KlingEffects.Images;

/// <summary>Base64 text as people paste it: with line breaks, percent escapes or without its padding.</summary>
internal static class Base64Text
{
    private const string Mark = "base64,";

    private static readonly string[] ImageStarts = ["/9j/", "iVBORw0KGgo"];

    /// <summary>Whether it begins as every JPEG and PNG does, with what is left of a <c>data:</c> prefix before it or not.</summary>
    public static bool IsImage(string text)
    {
        int start = text.IndexOf(Mark, StringComparison.OrdinalIgnoreCase);
        string bare = text.Substring(start < 0 ? 0 : start + Mark.Length).TrimStart();
        return Array.Exists(ImageStarts, begin => bare.StartsWith(begin, StringComparison.Ordinal));
    }

    /// <summary>The bytes, or null if the text is no base64.</summary>
    public static ArraySegment<byte>? Decode(ReadOnlySpan<char> text)
    {
        byte[] buffer = new byte[text.Length + 2];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsWhiteSpace(c))
            {
                continue;
            }

            if (c == '%' && !TryUnescape(text, ref i, out c))
            {
                return null;
            }

            if (c > '\x7f')
            {
                return null;
            }

            buffer[length++] = (byte)c;
        }

        for (int missing = (4 - (length % 4)) % 4; missing is 1 or 2; missing--)
        {
            buffer[length++] = (byte)'=';
        }

        OperationStatus status = Base64.DecodeFromUtf8InPlace(buffer.AsSpan(0, length), out int written);
        return status == OperationStatus.Done ? new ArraySegment<byte>(buffer, 0, written) : default(ArraySegment<byte>?);
    }

    private static bool TryUnescape(ReadOnlySpan<char> text, ref int position, out char value)
    {
        value = default;
        if (position + 2 >= text.Length)
        {
            return false;
        }

        int high = HexDigit(text[position + 1]);
        int low = HexDigit(text[position + 2]);
        position += 2;
        value = (char)((high << 4) | low);
        return high >= 0 && low >= 0;
    }

    private static int HexDigit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => -1,
    };
}
