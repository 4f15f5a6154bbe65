using KlingEffects.Benchmarks;
using KlingEffects.Benchmarks.Bare;
using KlingEffects.Benchmarks.Harness;
using KlingEffects.Benchmarks.Scenarios;

if (args is [BareClient.Verb, var work])
{
    await BareClient.RunAsync(work);
    return 0;
}

IScenario[] all =
[
    new FlowScenario(), new BatchScenario(), new LatencyScenario(), new WaitingScenario(), new JournalScenario(),
    new VideoScenario(), new VideosScenario(), new UploadScenario(), new ImportScenario(), new RerunScenario(),
];
BenchmarkOptions? options = BenchmarkOptions.Parse(args);
IScenario[] chosen = [.. all.Where(scenario => options?.Names.Contains(scenario.Name) is true || options?.Names is ["all"])];
if (options is null || chosen.Length == 0)
{
    Console.Error.WriteLine($"""
        Usage: dotnet run -c Release --project tests/KlingEffects.Benchmarks -- NAME... [--runs 5] [--scale 1] [--folder FOLDER]
        NAME is all, or of: {string.Join(", ", all.Select(static scenario => scenario.Name))}
        --scale 0.1 does a tenth of the work, to try a scenario out. The figures in the docs are of scale 1.
        """);
    return 1;
}

await using Bench bench = await Bench.StartAsync(options);
Console.WriteLine($"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, {bench.Shell}, scale {options.Scale}, {options.Runs} runs\n");
foreach (IScenario scenario in chosen)
{
    Console.WriteLine($"## {scenario.Title}\n");
    foreach (Table table in await scenario.RunAsync(bench))
    {
        Console.WriteLine(table);
    }
}

return 0;
