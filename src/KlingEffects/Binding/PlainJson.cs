using System.Numerics;
using System.Text.Json.Nodes;

namespace KlingEffects.Binding;

/// <summary>JSON of plain values: text, numbers, true, false, null, and lists and hashtables of them.</summary>
internal static class PlainJson
{
    private const int Deepest = 32;

    /// <summary>Reads members of the request from a hashtable, an object of a JSON row, or the JSON text of a table's cell.</summary>
    /// <returns>The members, or null where none were given: an empty cell counts as not given.</returns>
    /// <exception cref="KlingException">InvalidRequest: what is given is no body, or names what has a parameter of its own.</exception>
    public static AdditionalBody? ReadBody(object? given) => PipelineValue.Unwrap(given) switch
    {
        null or DBNull => null,
        string text => string.IsNullOrWhiteSpace(text) ? null : AdditionalBody.Parse(text),
        IDictionary or PSObject => AdditionalBody.Parse(Serialize(given!)),
        var other => throw new KlingException(
            KlingErrorId.InvalidRequest, $"The additional body is of type {other.GetType().Name}, which has no members.")
        {
            RecommendedAction = "Give a hashtable such as @{ input = @{ version = '2' } }, or in a table's cell the same as JSON text.",
        },
    };

    /// <exception cref="KlingException">InvalidRequest: a value that is none of these, or a table that holds itself.</exception>
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
