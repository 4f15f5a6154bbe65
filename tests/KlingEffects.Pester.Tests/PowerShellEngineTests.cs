using System.Diagnostics;
using System.Globalization;
using KlingEffects.Shells;

namespace KlingEffects.Tests;

/// <summary>Which PowerShell runs the scripts, whatever starts it.</summary>
public sealed class PowerShellEngineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_name_it_is_the_tool_manifests_and_what_is_started_is_the_engine_itself()
    {
        PowerShellEngine engine = PowerShellEngine.Choose(null);

        Assert.True(File.Exists(Path.Combine(engine.Home, "pwsh.dll")), engine.Home);
        string manifest = await File.ReadAllTextAsync(Path.Combine(Places.RepositoryRoot, ".config", "dotnet-tools.json"), TestContext.Current.CancellationToken);
        Assert.Contains($"\"{engine.Version}\"", manifest, StringComparison.Ordinal);
        ProcessStartInfo start = engine.Start("-NoProfile", "-NonInteractive", "-Command", "$PID");
        start.RedirectStandardOutput = true;
        using Process process = Process.Start(start)!;
        string told = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(process.Id.ToString(CultureInfo.InvariantCulture), told.Trim());
    }

    [Fact]
    public void A_script_that_starts_it_and_says_something_first_is_seen_through() =>
        Assert.Equal(PowerShellEngine.Choose(null), PowerShellEngine.Choose(Script("pwsh-of-mine")));

    [Fact]
    public void A_link_to_such_a_script_is_seen_through()
    {
        string link = _folder.Combine(OperatingSystem.IsWindows() ? "link.cmd" : "link");
        try
        {
            File.CreateSymbolicLink(link, Script("linked"));
        }
        catch (UnauthorizedAccessException)
        {
            Assert.Skip("this account may not create links");
        }

        Assert.Equal(PowerShellEngine.Choose(null), PowerShellEngine.Choose(link));
    }

    [Theory]
    [InlineData("no-such-pwsh")]
    [InlineData("./no/such/pwsh")]
    public void What_is_not_there_is_named_with_the_variable(string name)
    {
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => PowerShellEngine.Choose(name));
        Assert.Equal($"The {name} of KLING_PWSH is no file and no command on PATH.", failure.Message);
    }

    [Fact]
    public void What_is_no_PowerShell_is_named_with_what_it_said()
    {
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => PowerShellEngine.Choose("dotnet"));
        Assert.StartsWith("The dotnet of KLING_PWSH ended with ", failure.Message, StringComparison.Ordinal);
    }

    // It runs the engine as its child, as a launcher does that does not know better.
    private string Script(string name)
    {
        PowerShellEngine engine = PowerShellEngine.Choose(null);
        string command = string.Join(' ', engine.Start().ArgumentList.Prepend(engine.Program).Select(static part => $"\"{part}\""));
        string path = _folder.Combine(OperatingSystem.IsWindows() ? name + ".cmd" : name);
        if (OperatingSystem.IsWindows())
        {
            File.WriteAllText(path, $"@echo Welcome\r\n@{command} %*\r\n");
        }
        else
        {
            File.WriteAllText(path, $"#!/bin/sh\necho Welcome\n{command} \"$@\"\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }
}
