using KlingEffects.QuickStart;
using KlingEffects.Samples;
using KlingEffects.Shells;

SampleProgram quickStart = new(
    "PowerShell runs samples/QuickStart/quickstart.ps1 -Verbose there:",
    static (emulator, place, stop) => new ShellRun(PowerShellEngine.Find(), emulator.BaseUri, emulator.ApiKey, place).RunAsync(stop));
return await quickStart.MainAsync(args is [string folder] ? folder : "quickstart-out");
