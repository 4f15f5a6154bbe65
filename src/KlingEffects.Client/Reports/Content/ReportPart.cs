using System.Text;

namespace KlingEffects.Reports.Content;

/// <summary>A part of a report that waits for what stands before it.</summary>
internal sealed class ReportPart
{
    private const int Block = 1 << 14;

    private readonly Stream _stream;

    public ReportPart(Stream stream)
    {
        _stream = stream;
        Writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Block, leaveOpen: true) { NewLine = "\n" };
    }

    public TextWriter Writer { get; }

    public void CopyTo(TextWriter output)
    {
        Writer.Flush();
        _stream.Position = 0;
        using StreamReader reader = new(_stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, Block, leaveOpen: true);
        char[] block = new char[Block];
        for (int count = reader.Read(block, 0, Block); count > 0; count = reader.Read(block, 0, Block))
        {
            output.Write(block, 0, count);
        }
    }
}
