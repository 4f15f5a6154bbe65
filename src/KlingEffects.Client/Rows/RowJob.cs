namespace KlingEffects.Rows;

/// <summary>Makes a job of what a row or a command line gives.</summary>
internal static class RowJob
{
    /// <param name="given">The job without its images; what is blank in it counts as not given.</param>
    /// <param name="images">What the user calls its images.</param>
    /// <param name="second">The second image, where it stands for itself, or null.</param>
    /// <param name="resolvePath">Makes a full path of what a user calls one.</param>
    /// <exception cref="KlingException">InvalidRequest, or whatever <see cref="ImageSource.Parse"/> throws.</exception>
    public static EffectJob Create(EffectJob given, IReadOnlyList<string?> images, string? second, Func<string, string> resolvePath)
    {
        List<string> named = [.. images.OfType<string>().Where(static image => !string.IsNullOrWhiteSpace(image))];
        if (images.Count > 1 && named.Count < images.Count)
        {
            SafeText blank = $"Of the {images.Count} images of the job '{given.Scene}', {images.Count - named.Count} are blank.";
            throw new KlingException(KlingErrorId.InvalidRequest, blank)
            {
                RecommendedAction = "Give every image a path, a URL or a data: URI, or leave it out.",
            };
        }

        if (!string.IsNullOrWhiteSpace(second))
        {
            named = named.Count > 0
                ? [.. named, second!]
                : throw new KlingException(KlingErrorId.InvalidRequest, $"The job '{given.Scene}' has a second image, but no first.");
        }

        return given with
        {
            Scene = PastedText.Trim(given.Scene),
            Images = [.. named.Select(image => ImageSource.Parse(image, resolvePath))],
            Mode = NullIfBlank(given.Mode),
            ModelName = NullIfBlank(given.ModelName),
            CallbackUrl = NullIfBlank(given.CallbackUrl),
            ExternalTaskId = NullIfBlank(given.ExternalTaskId),
        };
    }

    private static string? NullIfBlank(string? text) => PastedText.Trim(text ?? "") is { Length: > 0 } trimmed ? trimmed : null;
}
