namespace KlingEffects.Files;

/// <summary>Unicode's composed and decomposed forms, which look the same: archives from macOS have decomposed names.</summary>
internal static class NameForms
{
    /// <summary>Whether a text's form can't be told: without ICU .NET composes nothing (dotnet-docker #2798).</summary>
    public static bool IsUnclear(string text) =>
        Composed("u\u0308").Length > 1 && text.Any(static c => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark);

    /// <summary>The text in form C, by which ids compare; malformed text is unchanged.</summary>
    public static string Composed(string text) => In(NormalizationForm.FormC, text);

    /// <summary>The path in the form in which a file exists.</summary>
    public static string Existing(string path)
    {
        if (path.All(static c => c < 0x80) || File.Exists(path) || Directory.Exists(path))
        {
            return path;
        }

        string composed = Composed(path);
        return Array.Find([composed, In(NormalizationForm.FormD, path)], File.Exists)
            ?? FileFault.Try(() => Directory.GetFiles(Path.GetDirectoryName(path)!))?.FirstOrDefault(file => Composed(file) == composed)
            ?? path;
    }

    private static string In(NormalizationForm form, string text)
    {
        try
        {
            return text.IsNormalized(form) ? text : text.Normalize(form);
        }
        catch (ArgumentException)
        {
            return text; // half a surrogate pair
        }
    }
}
