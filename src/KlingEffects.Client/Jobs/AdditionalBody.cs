namespace KlingEffects;

/// <summary>Members of the request that this module does not know, and known ones to omit. Two are equal whatever their order.</summary>
public sealed class AdditionalBody
{
    private const string Input = "input";
    private const string CallbackUrl = "callback_url";

    // They identify the job, or are checked before it is paid for.
    private static readonly Dictionary<string, string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        ["effect_scene"] = Term.Scene,
        ["external_task_id"] = Term.ExternalTaskId,
        ["input.image"] = Term.Image,
        ["input.images"] = Term.Image,
    };

    private static readonly string[] Known = [CallbackUrl, Input, "input.duration", "input.mode", "input.model_name"];

    private readonly string _json;

    private AdditionalBody(SortedDictionary<string, JsonElement> root, SortedDictionary<string, JsonElement> input)
    {
        (Root, InputMembers) = (root, input);
        _json = Canonical(root, input);
        bool isKnownByMore = root.Keys.Any(static name => name != CallbackUrl) || input.Count > 0;
        Identity = isKnownByMore ? Canonical(root.Where(static member => member.Key != CallbackUrl), input) : null;
    }

    /// <summary>The members of the request by name; a null one is omitted.</summary>
    internal IReadOnlyDictionary<string, JsonElement> Root { get; }

    internal IReadOnlyDictionary<string, JsonElement> InputMembers { get; }

    /// <summary>What makes it another job, as JSON: all but a callback's address; or null.</summary>
    internal string? Identity { get; }

    /// <summary>Reads a JSON object such as <c>{"input":{"version":"2"}}</c>; null for one without members.</summary>
    /// <param name="json">The members as the request is to have them.</param>
    /// <exception cref="KlingException">InvalidRequest: no JSON object, or it names the scene, the images or the external id.</exception>
    public static AdditionalBody? Parse(string json)
    {
        try
        {
            SortedDictionary<string, JsonElement> root = Members(Read(json), "");
            SortedDictionary<string, JsonElement> input = new(StringComparer.Ordinal);
            if (root.TryGetValue(Input, out JsonElement nested))
            {
                root.Remove(Input);
                input = Members(nested, Input + ".");
            }

            return root.Count + input.Count == 0 ? null : new AdditionalBody(root, input);
        }
        catch (InvalidOperationException noText)
        {
            throw Refused($"The additional body has half of a surrogate pair: {noText.Message}", "Give it whole characters.");
        }
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AdditionalBody body && body._json == _json;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_json);

    /// <summary>The members as JSON, in the order of their names.</summary>
    public override string ToString() => _json;

    private static JsonElement Read(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (Exception unreadable) when (unreadable is JsonException or ArgumentException)
        {
            throw Refused(
                $"The additional body is no JSON: {ServerText.Clean(unreadable.Message)}",
                "Give a hashtable, or in a table's cell a JSON object such as {\"input\":{\"version\":\"2\"}}.");
        }
    }

    private static SortedDictionary<string, JsonElement> Members(JsonElement parent, string prefix)
    {
        if (parent.ValueKind != JsonValueKind.Object)
        {
            throw Refused(
                prefix.Length == 0 ? "The additional body is no JSON object."
                : "The additional body's 'input' has no members: the API wants an object there.",
                $"Give {Term.MembersOfBody}.");
        }

        SortedDictionary<string, JsonElement> members = new(StringComparer.Ordinal);
        foreach (JsonProperty member in parent.EnumerateObject())
        {
            Check(prefix + member.Name);
            if (members.ContainsKey(member.Name))
            {
                throw Refused($"The additional body names '{prefix}{ServerText.Clean(member.Name)}' twice.", "Name each member once.");
            }

            members.Add(member.Name, member.Value);
        }

        return members;
    }

    private static void Check(string name)
    {
        if (Reserved.TryGetValue(name, out string? member))
        {
            throw Refused($"The additional body names '{name}', which is a part of the job itself.", $"Give it with {member}.");
        }

        if (Known.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } spelling && spelling != name)
        {
            throw Refused($"The additional body names '{name}', which the API spells '{spelling}'.", "Write its names as the API does.");
        }
    }

    // Members in the order of their names, the input's last, without blanks: journals identify jobs by it.
    private static string Canonical(IEnumerable<KeyValuePair<string, JsonElement>> root, SortedDictionary<string, JsonElement> input)
    {
        IEnumerable<string> members = root.Select(static member => Member(member.Key, Canonical(member.Value)));
        return ObjectOf(input.Count == 0 ? members : members.Append(Member(Input, Canonical(input, []))));
    }

    private static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => ObjectOf(value.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal)
            .Select(static member => Member(member.Name, Canonical(member.Value)))),
        JsonValueKind.Array => $"[{string.Join(",", value.EnumerateArray().Select(static item => Canonical(item)))}]",
        JsonValueKind.String => Quoted(value.GetString()!),
        _ => value.GetRawText(),
    };

    private static string ObjectOf(IEnumerable<string> members) => $"{{{string.Join(",", members)}}}";

    private static string Member(string name, string json) => $"{Quoted(name)}:{json}";

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static KlingException Refused(SafeText message, string remedy) =>
        new(KlingErrorId.InvalidRequest, message) { RecommendedAction = remedy };
}
