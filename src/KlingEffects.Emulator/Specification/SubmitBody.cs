using System.Text;
using System.Text.Json;

namespace KlingEffects.Emulator.Specification;

/// <summary>The body of a submit, read once as it streams in.</summary>
internal sealed class SubmitBody : IDisposable
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };
    private readonly JsonSplitter _splitter = new();
    private readonly List<LongText> _shortTexts = [];
    private JsonDocument? _document;

    /// <summary>The document's root, or null when it is not JSON; then <see cref="Defect"/> says why.</summary>
    public JsonElement? Root => _document?.RootElement;

    public string? Defect { get; private set; }

    /// <summary>The text of the body without its long strings.</summary>
    public string Skeleton => Encoding.UTF8.GetString(_splitter.Skeleton.Span);

    public void Append(ReadOnlySpan<byte> bytes) => _splitter.Append(bytes);

    /// <summary>Reads the document, of which nothing more comes.</summary>
    public void Complete()
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
}
