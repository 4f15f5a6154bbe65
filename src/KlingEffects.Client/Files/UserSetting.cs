namespace KlingEffects.Files;

internal static class UserSetting
{
    /// <summary>The variable without what a .env file, Windows or a pasted line leaves around it; null where it is not set.</summary>
    public static string? Read(string name) =>
        PastedText.Unquoted(Environment.GetEnvironmentVariable(name) ?? "") is { Length: > 0 } text ? text : null;
}
