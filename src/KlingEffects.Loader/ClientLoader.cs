using System.Management.Automation;
using System.Reflection;
using System.Runtime.InteropServices;

namespace KlingEffects.Loading;

/// <summary>
/// Loads the copy of the client that was compiled ahead for this system, if there is one beside the cmdlets, so that a first submit has a
/// thousand methods less to compile. Otherwise PowerShell loads the portable one.
/// </summary>
/// <remarks>
/// A nested module: PowerShell loads it after the cmdlets' assembly, and before it looks at the types in that, which need the client.
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
        Assembly own = typeof(ClientLoader).Assembly;
        string folder = Path.Combine(Path.GetDirectoryName(own.Location) ?? "", Framework);
        string cmdlets = Path.Combine(folder, "KlingEffects.dll");
        string client = Path.Combine(folder, Platform, "KlingEffects.Client.dll");
        try
        {
            Assembly[] loaded = AppDomain.CurrentDomain.GetAssemblies();
            // A module that was copied over an older one may have left that one's client.
            if (File.Exists(client) && Array.Exists(loaded, one => !one.IsDynamic && one.Location == cmdlets)
                && AssemblyName.GetAssemblyName(client).Version == own.GetName().Version)
            {
                Assembly.LoadFrom(client);
            }
        }
        catch (SystemException)
        {
            // whatever is wrong with it, PowerShell loads the portable one
        }
    }
}
