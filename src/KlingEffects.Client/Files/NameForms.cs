namespace KlingEffects.Files;

/// <summary>Texts that look the same in Unicode's composed and decomposed forms: archives of macOS have names in the latter.</summary>
internal static class NameForms
{
    /// <summary>The text in form C, by which ids compare; what is no Unicode stays as it is.</summary>
    public static string Composed(string text) => In(NormalizationForm.FormC, text);

    /// <summary>The path as it is there: another form of it where only that is, else itself.</summary>
    public static string Existing(string path)
    {
        if (path.All(static c => c < 0x80) || File.Exists(path) || Directory.Exists(path))
        {
            return path;
        }

        try
        {
            string composed = Composed(path);
            return Array.Find([composed, In(NormalizationForm.FormD, path)], File.Exists)
                ?? (Path.GetDirectoryName(path) is { } folder && Directory.Exists(folder)
                    ? Directory.EnumerateFiles(folder).FirstOrDefault(file => Composed(file) == composed)
                    : null)
                ?? path;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return path;
        }
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
