using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace KlingEffects.Benchmarks.Bare;

/// <summary>
/// The bound: an asynchronous program with one HttpClient that does what must be done and nothing else. It checks nothing, repeats
/// nothing and forgets all if it ends early.
/// </summary>
internal sealed class BareClient : IDisposable
{
    /// <summary>The first argument by which this program becomes the bare client; the second is its work.</summary>
    public const string Verb = "bare";

    private const string Effects = "/kling/v1/videos/effects";

    private readonly BareWork _work;
    private readonly HttpClient _client;
    private readonly SemaphoreSlim _submits;
    private readonly SemaphoreSlim _polls;

    private BareClient(BareWork work)
    {
        _work = work;
        _submits = new SemaphoreSlim(work.InFlight);
        _polls = new SemaphoreSlim(work.InFlight);
        _client = new HttpClient { BaseAddress = new Uri(Environment.GetEnvironmentVariable("COMETAPI_BASE_URL")!) };
        _client.DefaultRequestHeaders.Authorization = new("Bearer", Environment.GetEnvironmentVariable("COMETAPI_KEY"));
    }

    /// <summary>Does the work and prints how many seconds it took.</summary>
    /// <param name="work">A <see cref="BareWork"/> as JSON.</param>
    public static async Task RunAsync(string work)
    {
        Stopwatch clock = Stopwatch.StartNew();
        using BareClient client = new(JsonSerializer.Deserialize<BareWork>(work)!);
        await Task.WhenAll(Enumerable.Range(1, client._work.Tasks).Select(client.RunAsync));
        Console.WriteLine(clock.Elapsed.TotalSeconds.ToString(CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        _client.Dispose();
        _submits.Dispose();
        _polls.Dispose();
    }

    private async Task RunAsync(int number)
    {
        string id = await SubmitAsync(number);
        await Task.Delay(TimeSpan.FromSeconds(_work.PollInterval));
        while (true)
        {
            if (await PollAsync(id) is { } url)
            {
                await SaveAsync(id, url);
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(_work.PollInterval));
        }
    }

    private async Task<string> SubmitAsync(int number)
    {
        await _submits.WaitAsync();
        try
        {
            var body = new { effect_scene = "3d_cartoon_2", input = new { image = $"https://images.example/{number}.jpg", duration = "5" } };
            using StringContent json = new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await _client.PostAsync(Effects, json);
            using JsonDocument read = await ReadAsync(answer);
            return read.RootElement.GetProperty("data").GetProperty("task_id").GetString()!;
        }
        finally
        {
            _submits.Release();
        }
    }

    private async Task<string?> PollAsync(string id)
    {
        await _polls.WaitAsync();
        try
        {
            using HttpResponseMessage answer = await _client.GetAsync($"{Effects}/{id}");
            using JsonDocument read = await ReadAsync(answer);
            JsonElement task = read.RootElement.GetProperty("data");
            return task.GetProperty("task_status").GetString() == "succeed"
                ? task.GetProperty("task_result").GetProperty("videos")[0].GetProperty("url").GetString()
                : null;
        }
        finally
        {
            _polls.Release();
        }
    }

    private async Task SaveAsync(string id, string url)
    {
        if (_work.Destination is { } folder)
        {
            await using Stream video = await _client.GetStreamAsync(url);
            await using FileStream file = File.Create(Path.Combine(folder, id + ".mp4"));
            await video.CopyToAsync(file);
        }
    }

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage answer)
    {
        await using Stream body = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
        return await JsonDocument.ParseAsync(body);
    }
}
