namespace KlingEffects;

/// <summary>The secrets that this process has used: API keys and passwords of proxies. No text shows one, and no address that is asked for has one.</summary>
internal static class KeysInUse
{
    // Whoever hands out keys of its own, one a customer, uses the newest.
    private const int MostKept = 64;

    private static readonly object Gate = new();
    private static KeyMask[] s_masks = [];

    /// <summary>No spelling of a key has more characters.</summary>
    public static int LongestMatch => Volatile.Read(ref s_masks).Select(static mask => mask.LongestMatch).DefaultIfEmpty().Max();

    /// <summary>From now on the key is known.</summary>
    public static void Add(string key)
    {
        lock (Gate)
        {
            if (key.Length > 0 && !Array.Exists(s_masks, mask => mask.IsOf(key)))
            {
                s_masks = [.. s_masks.Skip(s_masks.Length + 1 - MostKept), new KeyMask(key)];
            }
        }
    }

    /// <summary>Whether an address or an id carries a key, or a piece of one, in whatever spelling: it is not sent, followed or kept.</summary>
    public static bool Contains(string text) => Array.Exists(Volatile.Read(ref s_masks), mask => mask.IsIn(text));

    /// <summary>How many characters spell a key, or a piece of one, from here on; 0 if none stands here.</summary>
    public static int MatchAt(string text, int start)
    {
        int longest = 0;
        foreach (KeyMask mask in Volatile.Read(ref s_masks))
        {
            longest = Math.Max(longest, mask.MatchAt(text, start));
        }

        return longest;
    }
}
