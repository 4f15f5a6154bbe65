using System.Management.Automation;
using KlingEffects.Api;
using KlingEffects.Api.Exchange;
using KlingEffects.Batches;
using KlingEffects.Pipeline;
using Microsoft.Extensions.Time.Testing;

namespace KlingEffects.Tests.Hosting;

/// <summary>A pump over work on a clock that a test drives: ten items, four ended in the first minute, four in the second, the rest in the third.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Minute")]
public sealed class MeasureMinuteCommand() : KlingCommand("Minutes of a batch", 10, "")
{
    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        FakeTimeProvider clock = new();
        TaskCompletionSource[] gates = [.. Enumerable.Range(0, 10).Select(static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        using WorkStage<int> stage = new(10, async (item, _, _) =>
        {
            await gates[item].Task;
            if (item == 0)
            {
                throw new KlingException(KlingErrorId.TaskFailed, "no face");
            }
        });
        stage.Progress.DoneWord = "made";
        using Pump pump = new(this, stage, new RequestTrace(), "Minutes of a batch", clock);
        for (int item = 0; item < gates.Length; item++)
        {
            pump.Add(item);
        }

        foreach (int upTo in (int[])[4, 8, 10])
        {
            for (int item = upTo == 10 ? 8 : upTo - 4; item < upTo; item++)
            {
                gates[item].TrySetResult();
            }

            SpinWait.SpinUntil(() => stage.Progress.Done == upTo);
            clock.Advance(TimeSpan.FromSeconds(60));
            pump.TakeTurn(PipelineLink.Turn);
        }

        pump.Finish();
    }

    internal override Stage CreateStage(ApiClient api) => throw new NotSupportedException();
}
