using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace KlingEffects.Emulator.Tests;

/// <summary>The emulator as a program.</summary>
public sealed class StandAloneTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("emulator-");
    private readonly List<Process> _started = [];
    private readonly HttpClient _http = new();

    [Fact]
    public async Task It_says_how_to_use_it_and_where_it_listens()
    {
        (Process process, Uri address) = await StartAsync("--manual-clock", "--video-bytes", "20000", "--key", "12345");
        Assert.Equal("ok", (string)(await GetAsync(address, "health"))["status"]!);
        using HttpResponseMessage added = await _http.PostAsJsonAsync(new Uri(address, "/_emulator/tasks"), new { scene = "hug" }, Lab.Cancellation);
        string id = (string)(await added.Content.ReadFromJsonAsync<JsonNode>(Lab.Cancellation))!["id"]!;
        using HttpResponseMessage advanced = await _http.PostAsJsonAsync(new Uri(address, "/_emulator/clock/advance"), new { seconds = 3 }, Lab.Cancellation);
        JsonNode task = (await GetAsync(address, "tasks"))[0]!;
        Assert.Equal((id, "succeed", 20_000), ((string)task["id"]!, (string)task["state"]!, (long)task["videoSize"]!));

        process.Kill();
        string said = await process.StandardOutput.ReadToEndAsync(Lab.Cancellation);
        Assert.Contains($"$env:COMETAPI_BASE_URL = '{address.GetLeftPart(UriPartial.Authority)}'", said, StringComparison.Ordinal);
        Assert.Contains("$env:COMETAPI_KEY = '12345'", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_with_its_parent()
    {
        (Process parent, _) = await StartAsync();
        (Process child, _) = await StartAsync("--exit-with-parent", parent.Id.ToString(CultureInfo.InvariantCulture));
        Assert.False(child.HasExited);
        parent.Kill();
        await child.WaitForExitAsync(Lab.Cancellation);
        Assert.Equal(0, child.ExitCode);
    }

    [Fact]
    public async Task It_ends_when_it_is_told_to()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM on Windows.");
        (Process process, _) = await StartAsync();
        using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(Lab.Cancellation);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task It_tells_of_each_request_if_asked_to()
    {
        (Process process, Uri address) = await StartAsync("--verbose");
        await _http.GetStringAsync(new Uri(address, "/kling/v1/videos"), Lab.Cancellation);
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync(Lab.Cancellation);
        }
        while (line?.Contains("/kling/v1/videos", StringComparison.Ordinal) == false);
        Assert.EndsWith("api   GET /kling/v1/videos 200", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--unheard-of 1", "There is no option --unheard-of")]
    [InlineData("--port many", "The option port cannot be many")]
    [InlineData("--port 99999", "A port is a number from 0 to 65535.")]
    [InlineData("--video-port -1", "A port is a number from 0 to 65535.")]
    [InlineData("--generation-seconds 1e300", "1E+300 is no length of time")]
    [InlineData("--latency-ms -5", "-0.005 is no length of time")]
    [InlineData("port", "There is no option port")]
    public async Task A_mistake_on_the_command_line_is_named(string arguments, string reason)
    {
        Process process = Start(arguments.Split(' '));
        Assert.Contains(reason, await process.StandardError.ReadToEndAsync(Lab.Cancellation), StringComparison.Ordinal);
        await process.WaitForExitAsync(Lab.Cancellation);
        Assert.Equal(1, process.ExitCode);
    }

    [Fact]
    public void Every_option_of_the_help_is_one()
    {
        var named = Usage.Options.Split(' ', '\n', ';', ',').Where(word => word.StartsWith("--", StringComparison.Ordinal)).ToList();
        Assert.True(named.Count > 20);
        Assert.All(named, name =>
        {
            string? refusal = Record.Exception(() => CommandLine.Parse([name, "no such value"]))?.Message;
            Assert.DoesNotContain("There is no option", refusal ?? "", StringComparison.Ordinal);
        });
    }

    public void Dispose()
    {
        foreach (Process process in _started)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<(Process Process, Uri Address)> StartAsync(params string[] arguments)
    {
        string name = $"ready-{_started.Count}";
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using FileSystemWatcher watcher = new(_folder.FullName) { EnableRaisingEvents = true };
        watcher.Renamed += (_, change) => ready.TrySetResult();
        Process process = Start(["--port", "0", "--ready-file", Path.Combine(_folder.FullName, name), .. arguments]);
        await ready.Task.WaitAsync(Lab.Cancellation);
        return (process, new Uri(await File.ReadAllTextAsync(Path.Combine(_folder.FullName, name), Lab.Cancellation)));
    }

    private Process Start(string[] arguments)
    {
        string program = typeof(KlingEmulator).Assembly.Location;
        Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _started.Add(process);
        return process;
    }

    private async Task<JsonNode> GetAsync(Uri address, string what) =>
        (await _http.GetFromJsonAsync<JsonNode>(new Uri(address, $"/_emulator/{what}"), Lab.Cancellation))!;
}
