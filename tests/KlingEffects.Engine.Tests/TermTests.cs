using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using KlingEffects.Commands;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace KlingEffects.Tests;

/// <summary>The client's texts name nothing of PowerShell; the cmdlets put their own names in, and each is one that users can write.</summary>
public sealed class TermTests
{
    private static readonly Regex OfPowerShell = new(
        @"(?<![\w-])-[A-Z][a-z]+|\b(New|Get|Wait|Save|Export|Import|Invoke|ForEach|Select|Where)-[A-Z][a-z]|\$env:|\$null|@\{", RegexOptions.CultureInvariant);

    [Fact]
    public void The_client_names_no_cmdlet_and_no_parameter() => Assert.Empty(Named(typeof(KlingClient).Assembly, static _ => true));

    [Theory]
    [InlineData(nameof(Sample.Parameter))]
    [InlineData(nameof(Sample.Cmdlet))]
    [InlineData(nameof(Sample.Hole))]
    [InlineData(nameof(Sample.Variable))]
    [InlineData(nameof(Sample.Hashtable))]
    public void A_name_is_found_wherever_a_text_has_it(string method) =>
        Assert.Single(Named(typeof(TermTests).Assembly, found => found.DeclaringType.Name == nameof(Sample) && found.Name == method));

    [Fact]
    public void Each_term_is_a_cmdlet_or_a_parameter()
    {
        RuntimeHelpers.RunModuleConstructor(typeof(NewKlingEffectCommand).Module.ModuleHandle);
        TypeInfo[] cmdlets = [.. typeof(NewKlingEffectCommand).Assembly.DefinedTypes.Where(static type => type.GetCustomAttribute<CmdletAttribute>() is not null)];
        HashSet<string> known =
        [
            .. cmdlets.Select(static type => type.GetCustomAttribute<CmdletAttribute>()!).Select(static cmdlet => $"{cmdlet.VerbName}-{cmdlet.NounName}"),
            .. cmdlets.SelectMany(static type => type.GetProperties()).Where(static property => property.IsDefined(typeof(ParameterAttribute), true)).Select(static property => "-" + property.Name),
        ];
        string[] terms = [.. typeof(Term).GetProperties().Where(static property => property.PropertyType == typeof(string)).Select(static property => (string)property.GetValue(null)!)];
        Assert.Equal([Term.FilesOfFolder, Term.MembersOfBody, Term.ReadAsAnsi, Term.ReadAsUtf8], terms.Where(term => !known.Contains(term)).Order(StringComparer.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> Named(Assembly assembly, Func<MethodDefinition, bool> isMeant) =>
        ModuleDefinition.ReadModule(assembly.Location).GetTypes().SelectMany(static type => type.Methods).Where(method => method.HasBody && isMeant(method))
            .SelectMany(static method => method.Body.Instructions.Where(static instruction => instruction.OpCode == OpCodes.Ldstr && OfPowerShell.IsMatch((string)instruction.Operand))
                .Select(instruction => $"{method.FullName}: {instruction.Operand}"));

    private static class Sample
    {
        public static string Parameter() => "Give -ApiKey.";

        public static string Cmdlet() => "Pass it to Wait-KlingTask.";

        public static string Hole(int count) => $"{count} jobs need (-Force).";

        public static string Variable() => "Set $env:KEY.";

        public static string Hashtable() => "Give @{ input = 1 }.";
    }
}
