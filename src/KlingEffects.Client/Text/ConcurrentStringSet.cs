namespace KlingEffects;

/// <summary>A thread-safe set of strings, in half of the memory of a concurrent dictionary.</summary>
internal sealed class ConcurrentStringSet(StringComparer? comparer = null)
{
    private readonly HashSet<string> _texts = new(comparer ?? StringComparer.Ordinal);

    public bool IsEmpty => Locked(() => _texts.Count == 0);

    public bool Add(string text) => Locked(() => _texts.Add(text));

    public void Remove(string text) => Locked(() => _texts.Remove(text));

    public bool Contains(string text) => Locked(() => _texts.Contains(text));

    public string[] ToArray() => Locked(() => _texts.ToArray());

    private T Locked<T>(Func<T> use)
    {
        lock (_texts)
        {
            return use();
        }
    }
}
