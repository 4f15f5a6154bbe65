using System.Text;

namespace KlingEffects.Tests.Answers;

internal enum Deed
{
    Drop,
    Duplicate,
    Retype,
    Rename,
    WrapInData,
    WrapInArray,
    Swap,
    Repeat,
    FlipByte,
    InsertByte,
    CutByte,
    Truncate,
}

/// <summary>One way in which an answer goes wrong.</summary>
/// <param name="Deed">What happens.</param>
/// <param name="Place">Where, counted round and round.</param>
/// <param name="Choice">Which of several.</param>
internal sealed record Mutation(Deed Deed, int Place, int Choice)
{
    private const string Key = Reading.Key;

    private static readonly string[] Values =
    [
        "null", "true", "false", "{}", "[]", "\"\"", "\" \"", "0", "-1", "1.5", "1e400", "-1e400", "9007199254740993", "99999999999999999999999999",
        "200", "1003", "1102", "1201", "1203", "1301", "1302", "1303", "5001", "\"1303\"", "1303.0", "1e11", "253402300800000",
        "\"submitted\"", "\"SUCCESS\"", "\"failed\"", "\"paused\"", "\"success\"", "\"error\"", "\"task_not_exist\"", "\"model_not_found\"", "\"invalid_request\"",
        "\"user quota is not enough\"", "\"x (request id: 17)\"", "\"..\"", "\"a/../b\"", "\"https://h/v.mp4?sig=SIGNATURE\"", "\"see https:\\/\\/h\\/v?SIGNATURE\"",
        "\"\\u001b[31mred\\u0007\"", "\"\\u202egnp.exe\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\ud83d\\ude00\"", "\"\\u2028\"", "\"\u0085\"",
        $"\"{Key}\"", $"\"bad key {Key}!\"", $"\"{Key.ToUpperInvariant()}\"", $"\"{Uri.EscapeDataString(Key)}\"", $"\"https://h/{Key}\"",
        $"\"{string.Concat(Key.Select(static c => $"\\u{(int)c:x4}"))}\"", $"\"{new string('x', 497)}{Key}\"", $"\"{new string('9', 5000)}\"", new string('7', 5000),
        $"{new string('[', 70)}{new string(']', 70)}",
    ];

    private static readonly string[] Names =
    [
        "\"code\"", "\"message\"", "\"data\"", "\"error\"", "\"task_id\"", "\"id\"", "\"status\"", "\"task_status\"", "\"task_status_msg\"", "\"fail_reason\"",
        "\"task_result\"", "\"videos\"", "\"url\"", "\"result_url\"", "\"request_id\"", "\"type\"", "\"progress\"", "\"created_at\"", "\"\"", "\"\\ud800\"",
        "\"\\ud800aaaaaaaaaaaaaaa\"", "\"\\u0063ode\"", "\"\\u0000\"", "\"CODE\"",
    ];

    public bool IsOfBytes => Deed >= Deed.FlipByte;

    /// <summary>Does it to a tree.</summary>
    public void Do(JsonTree root)
    {
        JsonTree[] all = [.. root.All()];
        JsonTree node = all[Place % all.Length];
        List<(string Name, JsonTree Value)> children = node.Children;
        int at = children.Count == 0 ? 0 : Choice % children.Count;
        switch (Deed)
        {
            case Deed.Drop when children.Count > 0:
                children.RemoveAt(at);
                break;
            case Deed.Duplicate when children.Count > 0:
                children.Insert(Place % (children.Count + 1), (children[at].Name, children[at].Value.Copy()));
                break;
            case Deed.Rename when children.Count > 0:
                children[at] = (Names[Place % Names.Length], children[at].Value);
                break;
            case Deed.Swap:
                node.Become(all[Choice % all.Length]);
                break;
            case Deed.Repeat when children.Count is > 0 and < 200:
                children.AddRange(Enumerable.Repeat(children[at], 50).Select(static child => (child.Name, child.Value.Copy())));
                break;
            case Deed.WrapInData:
                node.WrapIn(Names[2 + (Choice % 2)]);
                break;
            case Deed.WrapInArray:
                node.WrapIn(null);
                break;
            default:
                node.Become(JsonTree.Raw(Values[Choice % Values.Length]));
                break;
        }
    }

    /// <summary>Does it to bytes.</summary>
    public byte[] Do(byte[] body)
    {
        if (body.Length == 0)
        {
            return [(byte)Choice];
        }

        int at = Place % body.Length;
        switch (Deed)
        {
            case Deed.FlipByte:
                byte[] flipped = [.. body];
                flipped[at] ^= (byte)(1 << (Choice % 8));
                return flipped;
            case Deed.InsertByte:
                return [.. body[..at], (byte)Choice, .. body[at..]];
            case Deed.CutByte:
                return [.. body[..at], .. body[(at + 1)..]];
            default:
                return body[..at];
        }
    }

    /// <summary>The answer that is left when all of them were done, those to the tree first.</summary>
    public static byte[] Apply(string seed, IReadOnlyList<Mutation> mutations)
    {
        string text = seed;
        if (seed.StartsWith('{'))
        {
            JsonTree tree = JsonTree.Parse(seed);
            foreach (Mutation mutation in mutations.Where(mutation => !mutation.IsOfBytes && tree.All().Take(3000).Count() < 3000))
            {
                mutation.Do(tree);
            }

            text = tree.ToString();
        }

        return mutations.Where(static mutation => mutation.IsOfBytes).Aggregate(Encoding.UTF8.GetBytes(text), static (body, mutation) => mutation.Do(body));
    }
}
