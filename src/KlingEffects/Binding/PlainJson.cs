using System.Numerics;
using System.Text.Json.Nodes;

namespace KlingEffects.Binding;

/// <summary>JSON of text, numbers, booleans, null, and lists and hashtables of them.</summary>
internal static class PlainJson
{
    private const int Deepest = 32;

    public static string Serialize(object table) => Node(table, "", [])!.ToJsonString();

    private static JsonNode? Node(object? given, string path, Stack<object> parents) => PipelineValue.Unwrap(given) switch
    {
        null or DBNull => null,
        bool truth => truth,
        SwitchParameter wish => wish.IsPresent,
        string or char or Enum => FormattableString.Invariant($"{PipelineValue.Unwrap(given)}"),
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal or BigInteger =>
            Number((IFormattable)PipelineValue.Unwrap(given)!, path),
        (IDictionary or PSObject) and var table => Within(table, path, parents, () => Table(given, path, parents)),
        IList list => Within(list, path, parents, () => new JsonArray(
            [.. list.Cast<object?>().Select((item, index) => Node(item, FormattableString.Invariant($"{path}[{index}]"), parents))])),
        var other => throw Refused(
            $"'{path}' of the additional body is a {other.GetType().Name}",
            "Give text, numbers, $true, $false, $null, and lists and hashtables of them."),
    };

    private static JsonObject Table(object? given, string path, Stack<object> parents)
    {
        JsonObject table = [];
        foreach (KeyValuePair<string, object?> member in PipelineValue.Members(given)!)
        {
            table[member.Key] = Node(member.Value, path.Length == 0 ? member.Key : $"{path}.{member.Key}", parents);
        }

        return table;
    }

    private static JsonNode Within(object holder, string path, Stack<object> parents, Func<JsonNode> read)
    {
        if (parents.Any(parent => ReferenceEquals(parent, holder)))
        {
            throw Refused($"'{path}' of the additional body holds itself", "Give a hashtable that ends somewhere.");
        }

        if (parents.Count >= Deepest)
        {
            throw Refused($"'{path}' of the additional body is nested deeper than {Deepest} levels", "Give a flatter hashtable.");
        }

        parents.Push(holder);
        JsonNode node = read();
        parents.Pop();
        return node;
    }

    private static JsonNode Number(IFormattable number, string path)
    {
        string text = number.ToString(number is double or float ? "R" : null, CultureInfo.InvariantCulture);
        return text.Any(char.IsDigit)
            ? JsonNode.Parse(text)!
            : throw Refused($"'{path}' of the additional body is {text}", "Give a number that JSON has.");
    }

    private static KlingException Refused(string what, string remedy) =>
        new(KlingErrorId.InvalidRequest, $"{ServerText.Clean(what)}.") { RecommendedAction = remedy };
}
