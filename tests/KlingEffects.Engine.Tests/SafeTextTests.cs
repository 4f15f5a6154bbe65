using System.Management.Automation;
using System.Management.Automation.Host;
using KlingEffects.Binding;
using KlingEffects.Commands;
using KlingEffects.Pipeline;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace KlingEffects.Tests;

/// <summary>Whatever reaches a stream, a log or a screen is a SafeText, and each is built of constants and of what the gate has passed.</summary>
public sealed class SafeTextTests
{
    // What puts a text before a person, and where alone that may be done.
    private static readonly Dictionary<string, Type[]> Sinks = new(StringComparer.Ordinal)
    {
        [nameof(Cmdlet.WriteWarning)] = [typeof(Streams)],
        [nameof(Cmdlet.WriteVerbose)] = [typeof(Streams)],
        [nameof(Cmdlet.WriteDebug)] = [typeof(Streams)],
        // What a build is told in its own commands is escaped where they are made (BuildLog).
        [nameof(Cmdlet.WriteInformation)] = [typeof(Streams), typeof(InvokeKlingBatchCommand)],
        [nameof(Cmdlet.ShouldProcess)] = [typeof(Streams)],
        [nameof(Cmdlet.ShouldContinue)] = [typeof(Streams)],
        [$"{typeof(PSHostUserInterface).FullName}::{nameof(PSHostUserInterface.Write)}"] = [typeof(Streams)],
        [$"{typeof(PSHostUserInterface).FullName}::{nameof(PSHostUserInterface.WriteLine)}"] = [typeof(Streams), typeof(InvokeKlingBatchCommand)],
        [$"{typeof(PSHostUserInterface).FullName}::{nameof(PSHostUserInterface.WriteErrorLine)}"] = [typeof(Streams), typeof(InvokeKlingBatchCommand)],
        [$"{typeof(Console).FullName}::get_Out"] = [typeof(Streams)],
        [$"{typeof(Console).FullName}::get_Error"] = [typeof(Streams)],
        [$"{typeof(Console).FullName}::Write"] = [typeof(Streams)],
        [$"{typeof(Console).FullName}::WriteLine"] = [typeof(Streams)],
        [$"{typeof(ProgressRecord).FullName}::.ctor"] = [typeof(Streams)],
        [$"{typeof(ErrorRecord).FullName}::.ctor"] = [typeof(ErrorRecords)],
        [$"{typeof(ErrorDetails).FullName}::.ctor"] = [typeof(ErrorRecords)],
        [$"{typeof(ArgumentTransformationMetadataException).FullName}::.ctor"] = [typeof(PipelineValue)],
    };

    private static readonly string[] Assemblies = [typeof(KlingClient).Assembly.Location, typeof(NewKlingEffectCommand).Assembly.Location];

    [Fact]
    public void Only_the_gated_helpers_write() => AssertNone(Bodies()
        .SelectMany(static method => Calls(method).Where(call => Sink(call.Callee) is { } allowed && !allowed.Any(type => IsWithin(method.DeclaringType, type)))
            .Select(call => $"{method.FullName} calls {call.Callee.FullName}")));

    [Fact]
    public void A_text_that_is_no_constant_passes_the_gate_hole_by_hole() => AssertNone(Bodies()
        .Where(static method => !IsWithin(method.DeclaringType, typeof(SafeText)) && !IsWithin(method.DeclaringType, typeof(ServerText)) && !IsWithin(method.DeclaringType, typeof(KlingException)) && !IsWithin(method.DeclaringType, typeof(ForeignException)))
        .SelectMany(static method => Calls(method).Where(static call => IsRaw(call.Callee, call.Instruction)).Select(call => $"{method.FullName} at {call.Instruction.Offset:x}")));

    private static void AssertNone(IEnumerable<string> found) => Assert.True(!found.Any(), string.Join('\n', found));

    // The conversion of one text, and the public constructor that takes one: its last argument is one instruction.
    private static bool IsRaw(MethodReference callee, Instruction call) => callee.DeclaringType.FullName == typeof(SafeText).FullName && callee.Name == "op_Implicit"
        ? call.Previous.OpCode != OpCodes.Ldstr
        : callee.DeclaringType.FullName == typeof(KlingException).FullName && callee.Name == ".ctor" && callee.Parameters[1].ParameterType.MetadataType == MetadataType.String
            && call.Previous.Previous.OpCode != OpCodes.Ldstr;

    private static Type[]? Sink(MethodReference callee) =>
        Sinks.TryGetValue($"{callee.DeclaringType.FullName}::{callee.Name}", out Type[]? allowed)
            || (callee.DeclaringType.FullName is "System.Management.Automation.Cmdlet" or "System.Management.Automation.PSCmdlet" or "System.Management.Automation.ICommandRuntime"
                && Sinks.TryGetValue(callee.Name, out allowed))
            ? allowed
            : null;

    private static bool IsWithin(TypeDefinition type, Type allowed) => type.FullName == allowed.FullName || (type.DeclaringType is { } outer && IsWithin(outer, allowed));

    private static IEnumerable<(MethodReference Callee, Instruction Instruction)> Calls(MethodDefinition method) =>
        method.Body.Instructions.Where(static instruction => instruction.Operand is MethodReference).Select(static instruction => ((MethodReference)instruction.Operand, instruction));

    private static IEnumerable<MethodDefinition> Bodies() => Assemblies.SelectMany(static path => ModuleDefinition.ReadModule(path).GetTypes())
        .SelectMany(static type => type.Methods).Where(static method => method.HasBody);
}
