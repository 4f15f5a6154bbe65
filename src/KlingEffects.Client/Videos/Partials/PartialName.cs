using System.Text;

namespace KlingEffects.Videos;

/// <summary>How the partial file of a video is called: it carries what is needed to go on, so that nothing else is left on disk.</summary>
internal static class PartialName
{
    public const string Extension = ".partial";

    private const int LongestName = 255;

    /// <summary>The partial file's path; without a validator, or with one too long for a name, one that no later run can go on from.</summary>
    /// <param name="target">The video's path.</param>
    /// <param name="owner">The <see cref="OwnerOf"/> its task.</param>
    /// <param name="validator">Of the version that it is of.</param>
    public static string For(string target, string owner, Validator? validator)
    {
        string resumable = $"{target}.{owner}.{validator?.Encoded}{Extension}";
        return validator is not null && Encoding.UTF8.GetByteCount(Path.GetFileName(resumable)) <= LongestName
            ? resumable
            : target + Extension;
    }

    /// <summary>What stands for a task in the name: a validator tells versions of one video apart, not the videos of two tasks.</summary>
    public static string OwnerOf(KlingTask task) => ShortDigest.Of(task.Kind + "/" + task.TaskId);

    /// <summary>What a partial file is of: its target, and the owner and the validator that its name holds, or null.</summary>
    public static (string Target, string? Owner, Validator? Validator) Read(string partial)
    {
        if (!partial.EndsWith(Extension, StringComparison.Ordinal))
        {
            return ("", null, null);
        }

        string stem = partial.Substring(0, partial.Length - Extension.Length);
        string[] parts = stem.Split('.');
        return parts.Length > 2 && ShortDigest.IsOne(parts[^2]) && Validator.Decode(parts[^1]) is { } validator
            ? (stem.Substring(0, stem.Length - parts[^1].Length - parts[^2].Length - 2), parts[^2], validator)
            : (stem, null, null);
    }
}
