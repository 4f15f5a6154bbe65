using System.Text;

namespace KlingEffects.Videos;

/// <summary>How the partial file of a video is called: it carries what is needed to go on, so that nothing else is left on disk.</summary>
internal static class PartialName
{
    public const string Extension = ".partial";

    private const int LongestName = 255;

    /// <summary>The partial file's path; without a validator, or with one too long for a name, one that no later run can go on from.</summary>
    public static string For(string target, Validator? validator)
    {
        string resumable = $"{target}.{validator?.Encoded}{Extension}";
        return validator is not null && Encoding.UTF8.GetByteCount(Path.GetFileName(resumable)) <= LongestName
            ? resumable
            : target + Extension;
    }

    /// <summary>What a partial file is of: its target, and the validator that its name holds, or null.</summary>
    public static (string Target, Validator? Validator) Read(string partial)
    {
        if (!partial.EndsWith(Extension, StringComparison.Ordinal))
        {
            return ("", null);
        }

        string stem = partial.Substring(0, partial.Length - Extension.Length);
        int dot = stem.LastIndexOf('.');
        Validator? validator = dot < 0 ? null : Validator.Decode(stem.Substring(dot + 1));
        return (validator is null ? stem : stem.Substring(0, dot), validator);
    }
}
