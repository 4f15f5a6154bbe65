using System.Text.Json;
using KlingEffects.Benchmarks.Harness;
using KlingEffects.Tests;

namespace KlingEffects.Benchmarks.Scenarios;

/// <summary>Large images, encoded on the way, against curl sending bodies that are ready.</summary>
internal sealed class UploadScenario : IScenario
{
    private const int Pairs = 10;
    private const int ImageBytes = 10_000_000;

    public string Name => "upload";

    public string Title => "100 pairs of 10 MB images: 2.7 GB of JSON submitted";

    public async Task<IReadOnlyList<Table>> RunAsync(Bench bench)
    {
        int count = bench.Options.Scaled(100);
        string images = Directory.CreateDirectory(Path.Combine(bench.Folder, "images")).FullName;
        await MakeAsync(images);
        Result idle = await Idle.RunAsync(bench);
        var results = await bench.CompareAsync(
            [
                new(
                    "curl `--data-binary @body.json`, a process each",
                    Places.Program("sh"),
                    _ => [Places.Script("upload-curl.sh"), $"{count}", images, $"{Pairs}"]),
                Curl(bench, images, count),
                Contender.Script(
                    "module", "upload-module.ps1", ("Module", Places.Module), ("Count", count), ("Images", images), ("Pairs", Pairs)),
            ],
            new { generationSeconds = 600, videoBytes = 0, latencyMs = 0 });
        Table table = new("contender", "CPU, s", "× `--data-binary`", "× `-T`", "process, s");
        foreach (Result result in results)
        {
            Add(table, result.Contender.Name, result.Processor, results, result);
        }

        Result module = results[2];
        Add(table, "module, less an idle `pwsh`", module.Processor - idle.Processor, results, module);
        return [table];
    }

    private static void Add(Table table, string name, double processor, IReadOnlyList<Result> curls, Result result) => table.Add(
        name,
        Result.Format($"{processor:0.00}"),
        Result.Format($"{processor / curls[0].Processor:0.00}"),
        Result.Format($"{processor / curls[1].Processor:0.00}"),
        Result.Format($"{result.Process:0.0}"));

    private static async Task MakeAsync(string folder)
    {
        for (int pair = 0; pair < Pairs; pair++)
        {
            byte[] left = TestImages.Png(1000, 1000, ImageBytes, seed: 2 * pair);
            byte[] right = TestImages.Png(1000, 1000, ImageBytes, seed: (2 * pair) + 1);
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{pair}-left.png"), left);
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{pair}-right.png"), right);
            byte[] body = JsonSerializer.SerializeToUtf8Bytes(new { effect_scene = "hug", input = new { images = new[] { left, right }, duration = "5" } });
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{pair}.json"), body);
        }
    }

    // One process for all, so that its connection is used again as the module's are.
    private static Contender Curl(Bench bench, string images, int count)
    {
        string config = Path.Combine(bench.Folder, "curl.config");
        string key = bench.Emulator.Environment["COMETAPI_KEY"];
        File.WriteAllText(config, string.Join("\nnext\n", Enumerable.Range(1, count).Select(job => $"""
            url = "{bench.Emulator.Address}/kling/v1/videos/effects"
            request = "POST"
            fail
            header = "Authorization: Bearer {key}"
            header = "Content-Type: application/json"
            output = "/dev/null"
            upload-file = "{images}/{job % Pairs}.json"
            """)));
        return new Contender("curl `-T body.json`, one process for all", Places.Program("curl"), _ => ["-sS", "--fail-early", "-K", config]);
    }
}
