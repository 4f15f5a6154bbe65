using System.Collections;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace KlingEffects.Binding;

/// <summary>Writes a hashtable of plain values as JSON: text, numbers, true, false, null, and lists and hashtables of them.</summary>
internal static class PlainJson
{
    private const int Deepest = 32;

    /// <exception cref="KlingException">InvalidRequest: a value that is none of these, or a table that holds itself.</exception>
    public static string Serialize(object table)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter writer = new(text))
        {
            Write(writer, table, "", []);
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, object? given, string path, Stack<object> parents)
    {
        switch (PipelineValue.Unwrap(given))
        {
            case null or DBNull:
                writer.WriteNullValue();
                break;
            case string or char or Enum:
                writer.WriteStringValue(FormattableString.Invariant($"{PipelineValue.Unwrap(given)}"));
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case SwitchParameter given1:
                writer.WriteBooleanValue(given1.IsPresent);
                break;
            case sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal or BigInteger:
                writer.WriteRawValue(Number(PipelineValue.Unwrap(given)!, path));
                break;
            case IDictionary or PSObject:
                WriteObject(writer, given!, path, parents);
                break;
            case IList list:
                WriteList(writer, list, path, parents);
                break;
            case var other:
                throw Refused(
                    $"'{path}' of the additional body is a {other.GetType().Name}",
                    "Give text, numbers, $true, $false, $null, and lists and hashtables of them.");
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, object given, string path, Stack<object> parents)
    {
        Enter(PipelineValue.Unwrap(given)!, path, parents);
        writer.WriteStartObject();
        foreach (KeyValuePair<string, object?> member in PipelineValue.Members(given)!)
        {
            writer.WritePropertyName(member.Key);
            Write(writer, member.Value, path.Length == 0 ? member.Key : $"{path}.{member.Key}", parents);
        }

        writer.WriteEndObject();
        parents.Pop();
    }

    private static void WriteList(Utf8JsonWriter writer, IList list, string path, Stack<object> parents)
    {
        Enter(list, path, parents);
        writer.WriteStartArray();
        for (int index = 0; index < list.Count; index++)
        {
            Write(writer, list[index], FormattableString.Invariant($"{path}[{index}]"), parents);
        }

        writer.WriteEndArray();
        parents.Pop();
    }

    private static void Enter(object holder, string path, Stack<object> parents)
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
    }

    private static string Number(object number, string path)
    {
        string text = ((IFormattable)number).ToString(number is double or float ? "R" : null, CultureInfo.InvariantCulture);
        return text.Any(char.IsDigit) ? text : throw Refused($"'{path}' of the additional body is {text}", "Give a number that JSON has.");
    }

    private static KlingException Refused(string what, string remedy) =>
        new(KlingErrorId.InvalidRequest, $"{ServerText.Clean(what)}.") { RecommendedAction = remedy };
}
