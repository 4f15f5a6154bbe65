using KlingEffects.Benchmarks.Harness;

namespace KlingEffects.Benchmarks.Scenarios;

/// <summary>The one command beside the pipeline that does the same: the batch, and the finished batch again.</summary>
internal sealed class BatchScenario : IScenario
{
    public string Name => "batch";

    public string Title => "200 tasks of 3 s and 1 MiB each: Invoke-KlingBatch beside the pipeline";

    public async Task<IReadOnlyList<Table>> RunAsync(Bench bench)
    {
        int count = bench.Options.Scaled(200);
        (string, object)[] common = [("Module", Places.Module), ("Count", count), ("Destination", Contender.Folder)];
        List<Table> tables = [];
        foreach (bool again in new[] { false, true })
        {
            string what = again ? "the finished batch again" : "the batch";
            IEnumerable<(string, object)> parameters = again ? [.. common, ("Again", 1)] : common;
            var results = await bench.CompareAsync(
                [
                    Contender.Script($"pipeline, {what}", "flow-batch.ps1", [.. parameters, ("AsPipeline", 1)]),
                    Contender.Script($"Invoke-KlingBatch, {what}", "flow-batch.ps1", [.. parameters]),
                ],
                new { generationSeconds = 3.0, videoBytes = 1 << 20, latencyMs = 0 });
            tables.Add(BatchTable.Of(results.Select(result => (result, results[0]))));
        }

        return tables;
    }
}
