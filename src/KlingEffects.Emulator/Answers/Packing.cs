using System.Buffers;
using System.IO.Compression;
using KlingEffects.Emulator.Configuration;

namespace KlingEffects.Emulator.Answers;

/// <summary>What proxies and gateways put around the API's JSON, unasked: an event stream, a compression, or the word for one.</summary>
internal static class Packing
{
    public static Answer Apply(Answer answer, EmulatorOptions options)
    {
        if (!answer.ContentType.StartsWith("application/json", StringComparison.Ordinal))
        {
            return answer;
        }

        Answer packed = options.AnswersAsEventStream ? AsEventStream(answer) : answer;
        if (options.ContentEncoding is not { } encoding)
        {
            return packed;
        }

        packed = Compressed(packed, encoding);
        return options.HidesContentEncoding ? packed : packed.With("Content-Encoding", encoding);
    }

    private static Answer AsEventStream(Answer answer) => answer.WithBody(
        "text/event-stream", [.. ": PING\n\nevent: message\nid: 1\nretry: 3000\ndata: "u8, .. Bytes(answer), .. "\n\ndata: [DONE]\n\n"u8]);

    private static Answer Compressed(Answer answer, string encoding)
    {
        using MemoryStream target = new();
        using (Stream? packing = encoding.ToUpperInvariant() switch
        {
            "GZIP" => new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true),
            "DEFLATE" => new ZLibStream(target, CompressionLevel.Fastest, leaveOpen: true),
            "BR" => new BrotliStream(target, CompressionLevel.Fastest, leaveOpen: true),
            _ => null,
        })
        {
            packing?.Write(Bytes(answer));
            if (packing is null)
            {
                return answer;
            }
        }

        return answer.WithBody(answer.ContentType, target.ToArray());
    }

    private static byte[] Bytes(Answer answer)
    {
        ArrayBufferWriter<byte> bytes = new();
        while (bytes.WrittenCount < answer.Count)
        {
            ReadOnlySpan<byte> stretch = answer.Content.At(answer.Offset + bytes.WrittenCount).Span;
            bytes.Write(stretch[..(int)Math.Min(stretch.Length, answer.Count - bytes.WrittenCount)]);
        }

        return bytes.WrittenSpan.ToArray();
    }
}
