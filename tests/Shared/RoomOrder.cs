using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Conditions;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace KlingEffects.Tests;

/// <summary>The rooms of an assembly from the floor to the front: a type depends on its own room and on those below.</summary>
/// <param name="rooms">Every room, the lowest first: namespaces in full, where that of the entry point is empty.</param>
internal sealed class RoomOrder(params string[] rooms)
{
    /// <summary>The folders that types are declared in, for assemblies whose public types have one namespace. Null: the namespace is the room.</summary>
    public SourceFolders? Folders { get; init; }

    /// <param name="assembly">The assembly, as it was compiled.</param>
    /// <param name="under">How the namespaces begin that are looked at; empty for all.</param>
    /// <exception cref="FailedArchRuleException">An arrow goes up, or a room is unknown or empty; the message names the types.</exception>
    public void Check(System.Reflection.Assembly assembly, string under = "")
    {
        Architecture architecture = new ArchLoader().LoadAssembly(assembly).Build();
        BodyReferences bodies = new(assembly);
        Types().That().FollowCustomPredicate(type => NamespaceOf(type).StartsWith(under, StringComparison.Ordinal) && !bodies.IsGenerated(type.FullName), "were written by hand")
            .Should().FollowCustomCondition(type => new ConditionResult(type, IndexOf(type) >= 0, $"stands in no room of the order: {RoomOf(type)}"), "stand in a room of the order")
            .Check(architecture);
        foreach (string room in rooms)
        {
            Types().That().FollowCustomPredicate(type => RoomOf(type) == room, $"stand in {room}")
                .Should().FollowCustomCondition(type => LooksDown(type, architecture, bodies), "depend only on their own room and on those below")
                .Check(architecture);
        }
    }

    private ConditionResult LooksDown(IType type, Architecture architecture, BodyReferences bodies)
    {
        int own = IndexOf(type);
        string[] above =
        [
            .. type.Dependencies.Select(dependency => dependency.Target)
                .Concat(architecture.Types.Where(other => bodies.Has(type.FullName, other.FullName)))
                .Where(other => IndexOf(other) > own)
                .Select(other => other.FullName)
                .Distinct(),
        ];
        return new ConditionResult(type, above.Length == 0, $"depends on {string.Join(", ", above)}");
    }

    private int IndexOf(IType type) => Array.IndexOf(rooms, RoomOf(type));

    private string RoomOf(IType type) => Folders is null ? NamespaceOf(type) : Folders.Of(type.FullName);

    private static string NamespaceOf(IType type) => type.Namespace?.FullName ?? "no namespace";
}
