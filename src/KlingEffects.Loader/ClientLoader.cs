using System.Management.Automation;
using System.Reflection;
using System.Runtime.InteropServices;

namespace KlingEffects.Loading;

/// <summary>
/// Loads the client as it was compiled ahead for this system, where that lies beside the cmdlets: a first submit waits for a thousand
/// methods less to be compiled. Elsewhere the client is the one that every system can load.
/// </summary>
/// <remarks>
/// A nested module: PowerShell has loaded the cmdlets' assembly by then, and needs the client as soon as it looks at the types in it.
/// </remarks>
public sealed class ClientLoader : IModuleAssemblyInitializer
{
    private const string Framework = "net8.0";

    // As the portable runtimes are named.
    private static string Platform => (OperatingSystem.IsLinux() ? "linux-" : OperatingSystem.IsMacOS() ? "osx-" : "win-")
        + $"{RuntimeInformation.ProcessArchitecture}".ToLowerInvariant();

    /// <inheritdoc/>
    public void OnImport()
    {
        string folder = Path.Combine(Path.GetDirectoryName(typeof(ClientLoader).Assembly.Location) ?? "", Framework);
        string cmdlets = Path.Combine(folder, "KlingEffects.dll");
        string client = Path.Combine(folder, Platform, "KlingEffects.Client.dll");
        try
        {
            if (File.Exists(client) && Array.Exists(AppDomain.CurrentDomain.GetAssemblies(), one => !one.IsDynamic && one.Location == cmdlets))
            {
                Assembly.LoadFrom(client);
            }
        }
        catch (Exception unfit) when (unfit is BadImageFormatException or IOException)
        {
            // the other one is found when it is needed
        }
    }
}
