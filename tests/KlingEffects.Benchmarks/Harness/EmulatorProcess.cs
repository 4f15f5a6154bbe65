using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace KlingEffects.Benchmarks.Harness;

/// <summary>The emulator in a process of its own, so that its processor time is nobody else's.</summary>
internal sealed class EmulatorProcess : IAsyncDisposable
{
    private const string Key = "sk-emulator";

    private readonly Process _process;
    private readonly HttpClient _control;

    private EmulatorProcess(Process process, string address)
    {
        _process = process;
        Address = address;
        _control = new HttpClient { BaseAddress = new Uri(address) };
        _control.DefaultRequestHeaders.Authorization = new("Bearer", Key);
    }

    /// <summary>The root of the API.</summary>
    public string Address { get; }

    /// <summary>What a contender needs to know to reach it.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["COMETAPI_BASE_URL"] = Address,
        ["COMETAPI_KEY"] = Key,
        ["KLING_LEDGER"] = Path.Combine(Path.GetTempPath(), "kling-benchmark-ledger"),
        ["NO_COLOR"] = "1",
    };

    public static async Task<EmulatorProcess> StartAsync(string folder)
    {
        string ready = Path.Combine(folder, "ready");
        string parent = System.Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        ProcessStartInfo start = new("dotnet", [
            Path.Combine(AppContext.BaseDirectory, "KlingEffects.Emulator.dll"),
            "--port", "0", "--any-scene", "--ready-file", ready, "--exit-with-parent", parent])
        {
            RedirectStandardOutput = true,
        };
        using FileSystemWatcher watcher = new(folder, Path.GetFileName(ready));
        TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Renamed += (_, _) => listening.TrySetResult();
        watcher.EnableRaisingEvents = true;
        Process process = Process.Start(start)!;
        await listening.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return new EmulatorProcess(process, await File.ReadAllTextAsync(ready));
    }

    /// <summary>Forgets everything, and behaves from now on as the options say; what they leave out stays as it is.</summary>
    public async Task ResetAsync(object options)
    {
        await SendAsync(HttpMethod.Post, "/_emulator/reset", null);
        await ConfigureAsync(options);
    }

    /// <summary>Behaves from now on as the options say; what they leave out stays as it is.</summary>
    public Task ConfigureAsync(object options) => SendAsync(HttpMethod.Patch, "/_emulator/options", options);

    /// <summary>Adds a task that nobody submitted, and returns its id.</summary>
    public async Task<string> AddTaskAsync()
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, "/_emulator/tasks", new { });
        return (await answer.Content.ReadFromJsonAsync<SeenTask>())!.Id;
    }

    /// <summary>The URL of an ended task's video, as the API tells it.</summary>
    public async Task<string> VideoUrlAsync(string taskId)
    {
        JsonElement answer = await _control.GetFromJsonAsync<JsonElement>("/kling/v1/videos/effects/" + taskId);
        return answer.GetProperty("data").GetProperty("task_result").GetProperty("videos")[0].GetProperty("url").GetString()!;
    }

    public async Task<PollFigures> PollsAsync()
    {
        SeenTask[] tasks = (await _control.GetFromJsonAsync<SeenTask[]>("/_emulator/tasks"))!;
        SeenRequest[] requests = (await _control.GetFromJsonAsync<SeenRequest[]>("/_emulator/requests"))!;
        return PollFigures.Of(tasks, requests);
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body)
    {
        using HttpRequestMessage request = new(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        HttpResponseMessage answer = await _control.SendAsync(request);
        return answer.EnsureSuccessStatusCode();
    }
}
