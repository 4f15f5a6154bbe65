using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace KlingEffects.Emulator;

/// <summary>The body of a submit, read once as it streamed in.</summary>
internal sealed class SubmitBody : IDisposable
{
    private const int SmallBody = 64 * 1024;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };
    private readonly JsonSplitter _splitter = new();
    private readonly List<LongText> _shortTexts = [];
    private JsonDocument? _document;

    private SubmitBody()
    {
    }

    /// <summary>The document's root, or null when it is not JSON; then <see cref="Defect"/> says why.</summary>
    public JsonElement? Root => _document?.RootElement;

    public string? Defect { get; private set; }

    /// <summary>The text of the body without its long strings.</summary>
    public string Skeleton => Encoding.UTF8.GetString(_splitter.Skeleton.Span);

    public static async Task<SubmitBody> ReadAsync(PipeReader reader, RecordedRequest request, bool recordAll, CancellationToken cancellation)
    {
        SubmitBody body = new();
        using IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using MemoryStream text = new();
        ReadResult result;
        do
        {
            result = await reader.ReadAsync(cancellation);
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
            {
                digest.AppendData(part.Span);
                body._splitter.Append(part.Span);
                request.BodyLength += part.Length;
                if (recordAll || request.BodyLength <= SmallBody)
                {
                    text.Write(part.Span);
                }
            }

            reader.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);

        request.BodySha256 = Convert.ToHexStringLower(digest.GetHashAndReset());
        request.BodyText = text.Length == request.BodyLength ? Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length) : null;
        body.Parse();
        return body;
    }

    /// <summary>The long string behind a short one of the document, or the short one itself.</summary>
    public LongText Text(string text)
    {
        if (_splitter.LongTexts.TryGetValue(text, out LongText? whole))
        {
            return whole;
        }

        whole = LongText.Of(text);
        _shortTexts.Add(whole);
        return whole;
    }

    public void Dispose()
    {
        _document?.Dispose();
        _splitter.Dispose();
        _shortTexts.ForEach(text => text.Dispose());
    }

    private void Parse()
    {
        try
        {
            _document = JsonDocument.Parse(_splitter.Skeleton, Strict);
        }
        catch (JsonException failure)
        {
            Defect = failure.Message;
        }
    }
}
