using KlingEffects.Emulator.Answers;

namespace KlingEffects.Emulator.Specification;

/// <summary>What the API makes of an image string: refused on the spot, or accepted and found unusable when the task runs.</summary>
internal static class ImageCheck
{
    private const long LargestImage = 10L * 1024 * 1024;
    private const int SmallestSide = 300;
    private const double LargestRatio = 2.5;

    /// <summary>Reads one image string; what is wrong with it becomes a breach.</summary>
    public static SubmittedImage Read(string name, string text, SubmitBody body, SubmitReading reading)
    {
        LongText whole = body.Text(text);
        if (whole.Beginning.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || whole.Beginning.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            string url = text.StartsWith(whole.Beginning, StringComparison.Ordinal) ? text : whole.Beginning;
            if (!IsWebUrl(url))
            {
                reading.Invalid($"{name} is no well-formed URL");
            }

            return new SubmittedImage(url, null, 0, 0, 0, null);
        }

        SubmittedImage image = whole.ToImage();
        if (!whole.IsBase64)
        {
            string kind = whole.Beginning.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? "a data: URI" : "neither a URL nor base64";
            reading.Breach($"{name} is {kind}", ApiErrors.InvalidParameter("File is not in a valid base64 format"));
        }
        else if (image.Format is null)
        {
            reading.Breach($"{name} is neither JPEG nor PNG", ApiErrors.InvalidParameter("Image format is not supported"));
        }
        else if (image.Length > LargestImage)
        {
            reading.Breach($"{name} has {image.Length} bytes, more than {LargestImage}", ApiErrors.InvalidParameter("Image size exceeds the limit"));
        }

        return image;
    }

    /// <summary>Why a task with this image fails, or null. URLs are not looked at.</summary>
    public static string? DefectOf(SubmittedImage image)
    {
        if (image.Url is not null)
        {
            return null;
        }

        double longest = Math.Max(image.Width, image.Height);
        double shortest = Math.Min(image.Width, image.Height);
        if (shortest < SmallestSide)
        {
            return "Image pixel is invalid";
        }

        return longest > LargestRatio * shortest ? "Image aspect ratio is invalid" : null;
    }

    /// <summary>Whether a text is an absolute http or https URL, without white space.</summary>
    public static bool IsWebUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && !text.Any(char.IsWhiteSpace);
}
