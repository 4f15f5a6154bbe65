using System.Text;
using System.Text.Json;

namespace KlingEffects.Tests.Answers;

/// <summary>JSON that can be bent out of shape: names may be there twice, and scalars are whatever text one puts in.</summary>
internal sealed class JsonTree
{
    private JsonTree(string? scalar, bool isObject)
    {
        Scalar = scalar;
        IsObject = isObject;
    }

    /// <summary>The raw text of a value without children; null for an object or array.</summary>
    public string? Scalar { get; private set; }

    public bool IsObject { get; private set; }

    /// <summary>Raw names, quotes and all, and values; the names of an array's items are not written.</summary>
    public List<(string Name, JsonTree Value)> Children { get; private set; } = [];

    public static JsonTree Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Of(document.RootElement);
    }

    public static JsonTree Raw(string scalar) => new(scalar, false);

    /// <summary>Itself and everything below it.</summary>
    public IEnumerable<JsonTree> All() => Children.SelectMany(static child => child.Value.All()).Prepend(this);

    public JsonTree Copy() => new(Scalar, IsObject) { Children = [.. Children.Select(static child => (child.Name, child.Value.Copy()))] };

    /// <summary>Becomes something else in the same place.</summary>
    public void Become(JsonTree other)
    {
        JsonTree copy = other.Copy();
        (Scalar, IsObject, Children) = (copy.Scalar, copy.IsObject, copy.Children);
    }

    public void WrapIn(string? name)
    {
        JsonTree inner = Copy();
        (Scalar, IsObject, Children) = (null, name is not null, [(name ?? "", inner)]);
    }

    public override string ToString()
    {
        StringBuilder text = new();
        Write(text);
        return text.ToString();
    }

    private static JsonTree Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new(null, true)
        {
            Children = [.. element.EnumerateObject().Select(static member => (JsonSerializer.Serialize(member.Name), Of(member.Value)))],
        },
        JsonValueKind.Array => new(null, false) { Children = [.. element.EnumerateArray().Select(static item => ("", Of(item)))] },
        _ => new(element.GetRawText(), false),
    };

    private void Write(StringBuilder text)
    {
        if (Scalar is not null)
        {
            text.Append(Scalar);
            return;
        }

        text.Append(IsObject ? '{' : '[');
        for (int i = 0; i < Children.Count; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(IsObject ? Children[i].Name + ":" : "");
            Children[i].Value.Write(text);
        }

        text.Append(IsObject ? '}' : ']');
    }
}
