using System.Management.Automation;
using System.Reflection;
using System.Runtime.InteropServices;

namespace KlingEffects.Loading;

/// <summary>Loads the client that was compiled ahead for this system, so that a first submit has a thousand methods less to compile.
/// PowerShell loads this nested module before it looks at the cmdlets' types; without it, it loads the portable client.</summary>
public sealed class ClientLoader : IModuleAssemblyInitializer
{
    private const string Framework = "net8.0";

    // The name of the portable runtime.
    private static string Platform => (OperatingSystem.IsLinux() ? "linux-" : OperatingSystem.IsMacOS() ? "osx-" : "win-")
        + $"{RuntimeInformation.ProcessArchitecture}".ToLowerInvariant();

    /// <inheritdoc/>
    public void OnImport()
    {
        Assembly own = typeof(ClientLoader).Assembly;
        string folder = Path.Combine(Path.GetDirectoryName(own.Location) ?? "", Framework);
        string cmdlets = Path.Combine(folder, "KlingEffects.dll");
        string client = Path.Combine(folder, Platform, "KlingEffects.Client.dll");
        try
        {
            Assembly[] loaded = AppDomain.CurrentDomain.GetAssemblies();
            // A module that was copied over an older one may have left its client.
            if (File.Exists(client) && Array.Exists(loaded, one => !one.IsDynamic && one.Location == cmdlets)
                && AssemblyName.GetAssemblyName(client).Version == own.GetName().Version)
            {
                Assembly.LoadFrom(client);
            }
        }
        catch (SystemException)
        {
            // PowerShell loads the portable one
        }
    }
}
