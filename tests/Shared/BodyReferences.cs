using System.CodeDom.Compiler;
using System.Runtime.CompilerServices;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace KlingEffects.Tests;

/// <summary>
/// What the bodies of an assembly's methods name, those of lambdas, iterators and async methods included: ArchUnitNET 0.13.5 leaves out
/// async iterators, the types of catch clauses, and the generic arguments of a type whose static members are used.
/// </summary>
internal sealed class BodyReferences
{
    private readonly Dictionary<string, HashSet<string>> _references = new(StringComparer.Ordinal);
    private readonly HashSet<string> _generated = new(StringComparer.Ordinal);

    public BodyReferences(System.Reflection.Assembly assembly)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(assembly.Location);
        foreach (TypeDefinition type in module.Types)
        {
            HashSet<string> names = _references[type.FullName] = new(StringComparer.Ordinal);
            foreach (TypeReference named in WithNested(type).SelectMany(part => part.Methods).Where(method => method.HasBody).SelectMany(method => Named(method.Body)))
            {
                AddTo(names, named);
            }

            if (IsGenerated(type))
            {
                _generated.UnionWith(WithNested(type).Select(part => part.FullName.Replace('/', '+')));
            }
        }
    }

    /// <summary>Whether the methods of a type, or of what is nested in it, name another.</summary>
    public bool Has(string type, string other) => _references.TryGetValue(type, out HashSet<string>? names) && names.Contains(other);

    /// <summary>Whether a type comes from the compiler or from a source generator.</summary>
    public bool IsGenerated(string type) => _generated.Contains(type);

    private static bool IsGenerated(TypeDefinition type) => type.Name.StartsWith('<') || type.CustomAttributes.Any(attribute =>
        attribute.AttributeType.FullName == typeof(CompilerGeneratedAttribute).FullName || attribute.AttributeType.FullName == typeof(GeneratedCodeAttribute).FullName);

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => type.NestedTypes.SelectMany(WithNested).Prepend(type);

    private static IEnumerable<TypeReference> Named(MethodBody body) =>
    [
        .. body.Variables.Select(variable => variable.VariableType),
        .. body.ExceptionHandlers.Select(handler => handler.CatchType).OfType<TypeReference>(),
        .. body.Instructions.SelectMany(Named),
    ];

    private static IEnumerable<TypeReference> Named(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        GenericInstanceMethod generic => [generic.DeclaringType, .. generic.GenericArguments],
        MethodReference method => [method.DeclaringType],
        _ => [],
    };

    private static void AddTo(HashSet<string> names, TypeReference type)
    {
        if (type is GenericInstanceType generic)
        {
            generic.GenericArguments.ToList().ForEach(argument => AddTo(names, argument));
        }

        TypeReference element = type.GetElementType();
        if (type is TypeSpecification { ElementType: var inner } and not GenericInstanceType)
        {
            AddTo(names, inner);
        }
        else if (!element.IsGenericParameter)
        {
            names.Add(element.FullName.Replace('/', '+'));
        }
    }
}
