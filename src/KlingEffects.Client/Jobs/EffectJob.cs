using KlingEffects.Images;

namespace KlingEffects;

/// <summary>One effect to be made: what a submit asks for. Two equal jobs are one job unless their external ids differ.</summary>
public sealed record EffectJob
{
    /// <summary>The preset's name (<c>effect_scene</c>). Any name is sent: the provider's list changes monthly.</summary>
    public required string Scene { get; init; }

    /// <summary>One image, or two for a two-person effect: left, right.</summary>
    public required IReadOnlyList<ImageSource> Images { get; init; }

    /// <summary>Length of the video in seconds; null for the gateway's own: 5 at CometAPI, none at Kling.</summary>
    public int? Duration { get; init; }

    /// <summary>Generation mode, <c>std</c> or <c>pro</c>, for the scenes that have one; null sends none.</summary>
    public string? Mode { get; init; }

    /// <summary>Model of older two-person scenes; null sends none.</summary>
    public string? ModelName { get; init; }

    /// <summary>Where the server tells of each change of status; null sends none.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>The user's own id, unique in the account; null sends none.</summary>
    public string? ExternalTaskId { get; init; }

    /// <summary>More members of the request, and known ones to be left out; null for none.</summary>
    public AdditionalBody? AdditionalBody { get; init; }

    /// <summary>Whose API it is submitted to; null for the client's own. It makes no other job.</summary>
    public KlingGatewayName? Gateway { get; init; }

    /// <summary>Leaves the judgement of local images to the server.</summary>
    public bool SkipImageCheck { get; init; }

    /// <summary>How the job is named in messages: its scene and images.</summary>
    public override string ToString() => $"{Scene} ({string.Join(", ", Images)})";

    /// <summary>The job with the images of a row or a command line; blank ones count as not given.</summary>
    internal EffectJob WithImages(IReadOnlyList<string?> images, string? second, Func<string, string> resolvePath)
    {
        List<string> named = [.. images.OfType<string>().Where(static image => !string.IsNullOrWhiteSpace(image))];
        if (images.Count > 1 && named.Count < images.Count)
        {
            SafeText blank = $"Of the {images.Count} images of the job '{Scene}', {images.Count - named.Count} are blank.";
            const string Remedy = "Give every image a path, a URL or a data: URI, or leave it out.";
            throw new KlingException(KlingErrorId.InvalidRequest, blank) { RecommendedAction = Remedy };
        }

        if (!string.IsNullOrWhiteSpace(second))
        {
            named = named.Count > 0
                ? [.. named, second!]
                : throw new KlingException(KlingErrorId.InvalidRequest, $"The job '{Scene}' has a second image, but no first.");
        }

        return this with { Images = [.. named.Select(image => ImageSource.Parse(image, resolvePath))] };
    }

    /// <summary>Checks for what the server would refuse, before anything is sent.</summary>
    /// <exception cref="KlingException">InvalidRequest, ImageNotFound or ImageInvalid, naming the thing and the remedy.</exception>
    internal void Check()
    {
        // What is sent may be stored and shown by others.
        IEnumerable<string> urls = Images.OfType<UrlImage>().Select(static image => image.Url);
        string?[] texts = [Scene, Mode, ModelName, CallbackUrl, ExternalTaskId, AdditionalBody?.ToString(), .. urls];
        string? carrier = texts.FirstOrDefault(static text => text is not null && KeyMask.IsIn(text));
        string id = ExternalTaskId ?? "";
        (SafeText? fault, string? advice) = this switch
        {
            _ when string.IsNullOrWhiteSpace(Scene) => ("The job has no scene.", null),
            { Images.Count: not (1 or 2) } => (
                (SafeText)($"The job '{Scene}' has {Images.Count} images: give one for a single-image effect, "
                    + $"or two (left, right) for a two-person effect."),
                null),
            { Duration: <= 0 } => ($"The duration {Duration} is no length in seconds: most scenes take 5, some 10.", null),
            _ when carrier is not null => ($"'{carrier}' has the API key in it, which goes to the API as the login alone.", null),
            _ when !ServerText.IsPrintable(id) =>
                ($"The external id '{id}' can't be shown as it is.", "Give it no characters that do not print."),
            _ when NameForms.IsUnclear(id) => (
                $"The external id '{id}' has accents of their own, and this system can't tell that another one is the same.",
                "Give it letters without accents, or run without DOTNET_SYSTEM_GLOBALIZATION_INVARIANT."),
            _ => ((SafeText?)null, (string?)null),
        };
        if (fault is not null)
        {
            throw new KlingException(KlingErrorId.InvalidRequest, fault, advice: advice);
        }

        foreach (ImageSource image in Images)
        {
            image.Check(SkipImageCheck);
        }
    }
}
