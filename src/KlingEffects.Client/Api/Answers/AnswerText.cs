namespace KlingEffects.Api.Answers;

/// <summary>An answer's bytes as UTF-8 text, and the data of an event stream without what stands around it.</summary>
internal static class AnswerText
{
    // The longer marks first: UTF-32's begins as UTF-16's.
    private static readonly (byte[] Mark, Encoding Encoding)[] Marks =
    [
        ([0xFF, 0xFE, 0, 0], Encoding.UTF32), ([0, 0, 0xFE, 0xFF], new UTF32Encoding(bigEndian: true, byteOrderMark: true)),
        ([0xFF, 0xFE], Encoding.Unicode), ([0xFE, 0xFF], Encoding.BigEndianUnicode), ([0xEF, 0xBB, 0xBF], Encoding.UTF8),
    ];

    /// <summary>The text as UTF-8 without a byte order mark. Without one, zeros between characters tell UTF-16.</summary>
    public static ReadOnlyMemory<byte> Utf8(ReadOnlyMemory<byte> body)
    {
        foreach ((byte[] mark, Encoding encoding) in Marks)
        {
            if (body.Span.StartsWith(mark))
            {
                ReadOnlyMemory<byte> text = body.Slice(mark.Length);
                return encoding == Encoding.UTF8 ? Utf8(text) : Encoding.Convert(encoding, Encoding.UTF8, text.ToArray());
            }
        }

        return body.Span switch
        {
            [0, not 0, 0, not 0, ..] => Encoding.Convert(Encoding.BigEndianUnicode, Encoding.UTF8, body.ToArray()),
            [not 0, 0, not 0, 0, ..] => Encoding.Convert(Encoding.Unicode, Encoding.UTF8, body.ToArray()),
            _ => body,
        };
    }

    /// <summary>The text without the fields of an event stream (its comments, names, ids, pauses), each event's data as it was before.</summary>
    public static ReadOnlyMemory<byte> Data(ReadOnlyMemory<byte> utf8)
    {
        MemoryStream data = new();
        byte[] text = utf8.ToArray();
        for (int start = 0, end; start < text.Length; start = end + 1)
        {
            end = Array.FindIndex(text, start, static symbol => symbol is (byte)'\n' or (byte)'\r');
            end = end < 0 ? text.Length : end;
            ReadOnlySpan<byte> line = text.AsSpan(start, end - start);
            int skipped = line.StartsWith("data:"u8) ? 5
                : line.StartsWith(":"u8) || line.StartsWith("event:"u8) || line.StartsWith("id:"u8) || line.StartsWith("retry:"u8) ? line.Length
                : 0;
            data.Write(text, start + skipped, line.Length - skipped);
            data.WriteByte((byte)'\n');
        }

        return new ReadOnlyMemory<byte>(data.GetBuffer(), 0, (int)data.Length);
    }
}
