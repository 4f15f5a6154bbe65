namespace KlingEffects.Images;

/// <summary>An image in a file, opened anew for each read.</summary>
internal sealed class FileImage : LocalImage
{
    // The longest on any system of .NET.
    private const int LongestPath = 32_767;
    private const int LongestName = 255;

    private readonly string _given;

    private FileImage(string given, string path) => (_given, FullPath) = (given, path);

    public string FullPath { get; }
    public override string Target => FullPath;
    protected override string ShortName => ServerText.Clean(Path.GetFileName(FullPath)) ?? "a file";

    public static FileImage FromPath(string text, Func<string, string> resolve)
    {
        if (text.Length > LongestPath || (text.Length > LongestName && DataImage.IsBase64(text)))
        {
            throw Refused(
                KlingErrorId.InvalidRequest,
                $"An image is given as {ByteSize.Describe(text.Length)} of text that is neither a URL nor a path.",
                target: null,
                "If it is base64 text, put 'data:image/jpeg;base64,' before it.");
        }

        string meant = new[] { PastedText.Trim(text), PastedText.Unquoted(text) }
            .FirstOrDefault(meant => meant != text && !IsThere(text, resolve) && IsThere(meant, resolve)) ?? text;
        return new FileImage(meant, Resolve(meant, resolve));
    }

    public static FileImage FromUri(string text) => new(text, Resolve(text, static uri => Path.GetFullPath(new Uri(uri).LocalPath)));

    public override string ToString() => PastedText.Visible(_given);

    public override Stream Open()
    {
        try
        {
            // A named pipe has no length, and opening one would block.
            FileInfo file = new(FileLinks.Resolve(FullPath));
            bool isEmpty = file.Exists && file.Length == 0 && (file.Attributes & FileAttributes.ReparsePoint) == 0;
            FileStream? stream = isEmpty ? null : FileStreams.OpenForReading(FullPath);
            if (stream is { CanSeek: true, Length: > 0 })
            {
                return stream;
            }

            stream?.Dispose();
            throw Invalid($"'{this}' is empty, or no ordinary file.", "Name a file that holds an image.");
        }
        catch (Exception fault) when (FileFault.IsOfFile(fault))
        {
            throw Explain(fault);
        }
    }

    public override ImageStamp Stamp(Stream opened)
    {
        try
        {
            return new ImageStamp(opened.Length, FileStreams.LastWritten((FileStream)opened, ((FileStream)opened).Name));
        }
        catch (Exception fault) when (FileFault.IsOfFile(fault))
        {
            throw Unreadable(fault);
        }
    }

    private static bool IsThere(string text, Func<string, string> resolve) => FileFault.Try(() => File.Exists(resolve(text)));

    private static string Resolve(string text, Func<string, string> resolve)
    {
        try
        {
            string path = resolve(text);
            return PathRules.Fault(path) is { } why ? throw new ArgumentException(why) : NameForms.Existing(path);
        }
        catch (SystemException fault) when (fault is not OperationCanceledException)
        {
            SafeText message = $"'{PastedText.Visible(text)}' is no path of a file: {ServerText.Clean(fault.Message)}";
            throw Refused(KlingErrorId.ImageNotFound, message, text, cause: fault);
        }
    }

    private KlingException Explain(Exception fault) => fault switch
    {
        _ when Directory.Exists(FullPath) => Invalid(
            $"'{this}' is a folder, not an image file.",
            $"Name the files in it{Term.FilesOfFolder}"),
        UnauthorizedAccessException or (IOException and not (FileNotFoundException or DirectoryNotFoundException)) => Unreadable(fault),
        _ => Refused(
            KlingErrorId.ImageNotFound,
            _given == FullPath ? (SafeText)$"There is no image file '{this}'."
                : $"There is no image file '{this}' (looked for '{PastedText.Visible(FullPath)}').",
            FullPath,
            Mojibake.Advice(Path.GetFileName(FullPath), IsBeside) ?? Mojibake.Advice(_given, static _ => false)),
    };

    private bool IsBeside(string name) =>
        name.IndexOfAny(Path.GetInvalidFileNameChars()) < 0 && File.Exists(Path.Combine(Path.GetDirectoryName(FullPath) ?? "", name));
}
