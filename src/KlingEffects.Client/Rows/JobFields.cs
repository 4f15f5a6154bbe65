namespace KlingEffects.Rows;

/// <summary>A job as a row or a command line gives it, before its images are looked at.</summary>
internal sealed record JobFields
{
    public string? Scene { get; init; }

    public IReadOnlyList<string?> Images { get; init; } = [];

    public string? SecondImage { get; init; }

    public int? Duration { get; init; }

    public string? Mode { get; init; }

    public string? ModelName { get; init; }

    public string? CallbackUrl { get; init; }

    public string? ExternalTaskId { get; init; }

    public AdditionalBody? AdditionalBody { get; init; }

    public KlingGatewayName? Gateway { get; init; }

    public bool SkipImageCheck { get; init; }

    /// <param name="resolvePath">Makes a full path of what a user calls one.</param>
    /// <exception cref="KlingException">InvalidRequest, or whatever <see cref="ImageSource.Parse"/> throws.</exception>
    public EffectJob ToJob(Func<string, string> resolvePath)
    {
        List<string> images = [.. Images.OfType<string>().Where(static image => !string.IsNullOrWhiteSpace(image))];
        if (Images.Count > 1 && images.Count < Images.Count)
        {
            throw new KlingException(KlingErrorId.InvalidRequest, $"Of the {Images.Count} images of the job '{Scene}', {Images.Count - images.Count} are blank.")
            {
                RecommendedAction = "Give every image a path, a URL or a data: URI, or leave it out.",
            };
        }

        if (!string.IsNullOrWhiteSpace(SecondImage))
        {
            images = images.Count > 0
                ? [.. images, SecondImage!]
                : throw new KlingException(KlingErrorId.InvalidRequest, $"The job '{Scene}' has a second image, but no first.");
        }

        return new EffectJob
        {
            Scene = PastedText.Trim(Scene ?? ""),
            Images = [.. images.Select(image => ImageSource.Parse(image, resolvePath))],
            Duration = Duration,
            Mode = NullIfBlank(Mode),
            ModelName = NullIfBlank(ModelName),
            CallbackUrl = NullIfBlank(CallbackUrl),
            ExternalTaskId = NullIfBlank(ExternalTaskId),
            AdditionalBody = AdditionalBody,
            Gateway = Gateway,
            SkipImageCheck = SkipImageCheck,
        };
    }

    private static string? NullIfBlank(string? text) => PastedText.Trim(text ?? "") is { Length: > 0 } trimmed ? trimmed : null;
}
