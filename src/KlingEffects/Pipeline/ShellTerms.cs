using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace KlingEffects.Pipeline;

/// <summary>PowerShell's terms for the client's messages.</summary>
internal static class ShellTerms
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Whatever of this assembly runs first, its texts are PowerShell's.")]
    internal static void Use() => Term.Naming = static term => term switch
    {
        nameof(Term.SubmitJob) => "New-KlingEffect",
        nameof(Term.GetTask) => "Get-KlingTask",
        nameof(Term.WaitForTask) => "Wait-KlingTask",
        nameof(Term.SaveVideo) => "Save-KlingVideo",
        nameof(Term.Variable) => "$env:",
        nameof(Term.MembersOfBody) => "a hashtable such as @{ input = @{ version = '2' } }; $null leaves out a member of it",
        nameof(Term.ReadAsAnsi) => "Import-Csv -Encoding ansi (Default in Windows PowerShell)",
        nameof(Term.ReadAsUtf8) => "Import-Csv -Encoding UTF8",
        nameof(Term.FilesOfFolder) => ", as in: Get-ChildItem ./photos/*.jpg | New-KlingEffect …",
        _ => "-" + term,
    };
}
