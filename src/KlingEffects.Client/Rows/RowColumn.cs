namespace KlingEffects.Rows;

internal static class RowColumn
{
    public const string Scene = "Scene";
    public const string Image = "Image";
    public const string SecondImage = "SecondImage";
    public const string Duration = "Duration";
    public const string Mode = "Mode";
    public const string ModelName = "ModelName";
    public const string CallbackUrl = "CallbackUrl";
    public const string ExternalTaskId = "ExternalTaskId";
    public const string AdditionalBody = "AdditionalBody";
    public const string Gateway = "Gateway";

    private static readonly string[] All =
        [Scene, Image, SecondImage, Duration, Mode, ModelName, CallbackUrl, ExternalTaskId, AdditionalBody, Gateway];

    private static readonly Dictionary<string, string> Known = new(All.ToDictionary(static name => name), StringComparer.OrdinalIgnoreCase)
    {
        ["EffectScene"] = Scene,
        ["effect_scene"] = Scene,
        ["FullName"] = Image,
        ["Path"] = Image,
        ["model_name"] = ModelName,
        ["callback_url"] = CallbackUrl,
        ["external_task_id"] = ExternalTaskId,
    };

    /// <summary>The known column of a header, with or without blanks around it; or null.</summary>
    public static string? Find(string header) => Known.TryGetValue(PastedText.Trim(header), out string? name) ? name : null;

    /// <summary>The known column with a similar name, or null.</summary>
    public static string? Nearest(string header)
    {
        string letters = Letters(header);
        string nearest = All.OrderBy(name => Distance(letters, Letters(name))).First();
        return Distance(letters, Letters(nearest)) <= Math.Max(1, letters.Length / 3) ? nearest : null;
    }

    private static string Letters(string header) => string.Concat(header.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    // Levenshtein distance.
    private static int Distance(string one, string other)
    {
        int[] previous = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int[] current = new int[other.Length + 1];
            current[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int replaced = previous[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, 1 + Math.Min(previous[j], current[j - 1]));
            }

            previous = current;
        }

        return previous[other.Length];
    }
}
