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
    public static string For(string target, string owner, Validator? validator) => Candidates(target, owner, validator).First();

    /// <summary>The paths that it may have, the best first. A file system may take the video's name and not a longer one: 143 bytes
    /// in an encrypted home (eCryptfs, file name encryption), 260 characters for a whole path in Windows PowerShell 5.1.</summary>
    public static IEnumerable<string> Candidates(string target, string owner, Validator? validator)
    {
        string[] stems = [target, ShortTarget(target)];
        string[] resumable = validator is null ? [] : [.. stems.Select(stem => $"{stem}.{owner}.{validator.Encoded}{Extension}").Where(Fits)];
        return resumable.Concat(stems.Select(static stem => stem + Extension));
    }

    /// <summary>What stands for the video's path where that is too long.</summary>
    public static string ShortTarget(string target) =>
        Path.Combine(Path.GetDirectoryName(target) ?? "", ShortDigest.Of(Path.GetFileName(target)));

    private static bool Fits(string path) => Encoding.UTF8.GetByteCount(Path.GetFileName(path)) <= LongestName;

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
