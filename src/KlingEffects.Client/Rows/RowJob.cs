namespace KlingEffects.Rows;

/// <summary>Makes a job of what a row or a command line gives; what is blank counts as not given.</summary>
internal static class RowJob
{
    public static EffectJob Create(EffectJob given, IReadOnlyList<string?> images, string? second, Func<string, string> resolvePath)
    {
        List<string> named = [.. images.OfType<string>().Where(static image => !string.IsNullOrWhiteSpace(image))];
        if (images.Count > 1 && named.Count < images.Count)
        {
            SafeText blank = $"Of the {images.Count} images of the job '{given.Scene}', {images.Count - named.Count} are blank.";
            const string Remedy = "Give every image a path, a URL or a data: URI, or leave it out.";
            throw new KlingException(KlingErrorId.InvalidRequest, blank) { RecommendedAction = Remedy };
        }

        if (!string.IsNullOrWhiteSpace(second))
        {
            named = named.Count > 0
                ? [.. named, second!]
                : throw new KlingException(KlingErrorId.InvalidRequest, $"The job '{given.Scene}' has a second image, but no first.");
        }

        return given with { Images = [.. named.Select(image => ImageSource.Parse(image, resolvePath))] };
    }
}
