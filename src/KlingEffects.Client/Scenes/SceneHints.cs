namespace KlingEffects.Scenes;

/// <summary>Warnings about a batch's scenes before they cost money, each once.</summary>
internal sealed class SceneHints
{
    private readonly ConcurrentStringSet _given = new();

    public IEnumerable<SafeText> For(string scene, int images)
    {
        if (SceneCatalog.Find(scene) is not { } known)
        {
            yield break;
        }

        if (!known.IsCurrent && _given.Add("retired " + scene))
        {
            yield return $"The scene '{scene}' was last published in {known.LastSeen}: the API may refuse it.";
        }

        if (images is 1 or 2 && known.ImageCount != images && _given.Add("images " + scene))
        {
            yield return $"The scene '{scene}' takes {Words(known.ImageCount)}, and the job has {Words(images)}: the API may refuse it.";
        }
    }

    public static string Words(int images) => images == 2 ? "two images (left, right)" : "one image";
}
