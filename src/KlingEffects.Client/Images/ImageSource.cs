using KlingEffects.Images;

namespace KlingEffects;

/// <summary>Where an image comes from: a URL that the server fetches, a local file, or data in the text itself.</summary>
public abstract class ImageSource
{
    private protected ImageSource()
    {
    }

    internal virtual long Held => 0;

    /// <summary>Reads an http(s) URL, a <c>data:</c> URI with base64 text, a <c>file://</c> URI, or else a path, taken literally. Blanks
    /// and quotation marks around it are no part of it, unless such a file is there.</summary>
    /// <param name="text">The user's text.</param>
    /// <param name="resolvePath">Makes a path absolute; <see cref="Path.GetFullPath(string)"/> unless given.</param>
    /// <exception cref="KlingException">InvalidRequest: blank, or base64 text without its <c>data:</c> prefix. ImageInvalid: a
    /// <c>data:</c> URI whose content can't be decoded. ImageNotFound: a path that can't be one.</exception>
    public static ImageSource Parse(string text, Func<string, string>? resolvePath = null)
    {
        string trimmed = PastedText.Unquoted(text ?? "");
        if (trimmed.Length == 0)
        {
            throw new KlingException(KlingErrorId.InvalidRequest, "An image is blank: give an http(s) URL, a path or a data: URI.");
        }

        return Begins(trimmed, "http://") || Begins(trimmed, "https://") ? new UrlImage(trimmed)
            : Begins(trimmed, DataImage.Scheme) ? DataImage.Parse(trimmed)
            : Begins(trimmed, "file://") ? FileImage.FromUri(trimmed)
            : FileImage.FromPath(text!, resolvePath ?? Path.GetFullPath);
    }

    /// <summary>How the image is named in messages: its path, its URL without the query, or its kind and size.</summary>
    public abstract override string ToString();

    /// <summary>Checks for what the server would refuse; of a local image reads the header only.</summary>
    /// <exception cref="KlingException">InvalidRequest, ImageNotFound or ImageInvalid.</exception>
    internal abstract void Check(bool skipImageCheck);

    /// <summary>Whether the check found it without its end, which a decoder may forgive.</summary>
    internal bool IsCutOff { get; private protected set; }

    /// <summary>The image in a preview of the request: its URL, or what would be encoded.</summary>
    internal abstract string ForWhatIf { get; }

    /// <summary>A type byte and the SHA-256 of a local image's bytes or of the URL.</summary>
    internal abstract Task<byte[]> ComputeDigestAsync(CancellationToken cancellationToken);

    private protected static KlingException Refused(
        KlingErrorId id, SafeText message, string? target, string? advice = null, Exception? cause = null) =>
        new(id, message, cause) { Target = target, RecommendedAction = advice };

    private static bool Begins(string text, string scheme) => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase);
}
