using System.Collections;

namespace KlingEffects.Binding;

/// <summary>Reads members of the request from a hashtable, from an object of a JSON row, or from the JSON text of a table's cell.</summary>
internal static class AdditionalBodySource
{
    /// <summary>The members, or null where none were given: an empty cell counts as not given.</summary>
    /// <exception cref="KlingException">InvalidRequest: what is given is no body, or names what has a parameter of its own.</exception>
    public static AdditionalBody? Read(object? given) => PipelineValue.Unwrap(given) switch
    {
        null or DBNull => null,
        string text when string.IsNullOrWhiteSpace(text) => null,
        string text => AdditionalBody.Parse(text),
        IDictionary or PSObject => AdditionalBody.Parse(PlainJson.Serialize(given!)),
        var other => throw new KlingException(KlingErrorId.InvalidRequest, $"The additional body is of type {other.GetType().Name}, which has no members.")
        {
            RecommendedAction = "Give a hashtable such as @{ input = @{ version = '2' } }, or in a table's cell the same as JSON text.",
        },
    };
}
