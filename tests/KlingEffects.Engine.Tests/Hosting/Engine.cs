using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace KlingEffects.Tests.Hosting;

/// <summary>Where the PowerShell engine comes from. No type of the engine may be touched before <see cref="WhyNot"/> is null.</summary>
internal static class Engine
{
    private const string EngineAssembly = "System.Management.Automation.dll";

    private static readonly Lazy<(string? Home, string? WhyNot)> s_place = new(Look);

    /// <summary>Why there is no engine; null if there is one.</summary>
    public static string? WhyNot => s_place.Value.WhyNot;

#pragma warning disable CA2255 // It must be there before the first type of the engine is asked for, whichever test that is.
    [ModuleInitializer]
    internal static void ResolveFromPowerShell()
#pragma warning restore CA2255
    {
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
            Find(name.Name + ".dll") is { } path ? context.LoadFromAssemblyPath(path) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += static (_, name) =>
            NativeNames(name).Select(Find).FirstOrDefault(static path => path is not null) is { } path ? NativeLibrary.Load(path) : 0;
    }

    private static string? Find(string file)
    {
        string? path = s_place.Value.Home is { } home ? Path.Combine(home, file) : null;
        return File.Exists(path) ? path : null;
    }

    private static string[] NativeNames(string name) => [name, name + ".dll", $"lib{name}.so", $"lib{name}.dylib", $"{name}.so", $"{name}.dylib"];

    private static (string? Home, string? WhyNot) Look()
    {
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, EngineAssembly)))
        {
            return (null, null);
        }

        try
        {
            return PowerShellInstallation.Find() switch
            {
                null => (null, PowerShellInstallation.NotOnPath),
                var found when found.Runtime.Major > Environment.Version.Major => (null, $"PowerShell {found.Version} needs .NET {found.Runtime}, and the tests run on {Environment.Version}"),
                var found when !File.Exists(Path.Combine(found.Home, EngineAssembly)) => (null, $"{found.Home} has no {EngineAssembly}"),
                var found => (found.Home, null),
            };
        }
        catch (InvalidOperationException broken)
        {
            return (null, broken.Message);
        }
    }
}
