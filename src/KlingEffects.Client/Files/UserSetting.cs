namespace KlingEffects.Files;

/// <summary>Environment variables as users and their tools set them.</summary>
internal static class UserSetting
{
    /// <summary>The variable without what a .env file, Windows or a pasted line leaves around it; null where it is not set.</summary>
    public static string? Read(string name)
    {
        string text = (Environment.GetEnvironmentVariable(name) ?? "").Trim().Trim('\uFEFF').Trim();
        bool isQuoted = text.Length > 1 && text[0] is '"' or '\'' && text[0] == text[text.Length - 1];
        text = isQuoted ? text.Substring(1, text.Length - 2).Trim() : text;
        return text.Length == 0 ? null : text;
    }
}
