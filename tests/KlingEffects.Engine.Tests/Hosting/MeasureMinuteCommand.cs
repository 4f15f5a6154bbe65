using System.Management.Automation;
using KlingEffects.Api.Exchange;
using KlingEffects.Batches;
using KlingEffects.Pipeline;
using Microsoft.Extensions.Time.Testing;

namespace KlingEffects.Tests.Hosting;

/// <summary>A pump over work on a clock that a test drives: ten items, four ended in the first minute, four in the second, the rest in the third.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Minute")]
public sealed class MeasureMinuteCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
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
        using Pump pump = new(this, stage, new RequestTrace(), "Minutes of a batch", new Owner(this), clock);
        for (int item = 0; item < gates.Length; item++)
        {
            pump.Add(stage, item);
        }

        foreach (int upTo in (int[])[4, 8, 10])
        {
            for (int item = upTo == 10 ? 8 : upTo - 4; item < upTo; item++)
            {
                gates[item].TrySetResult();
            }

            SpinWait.SpinUntil(() => stage.Progress.Done == upTo);
            clock.Advance(TimeSpan.FromSeconds(60));
            pump.TakeTurn();
        }

        pump.Finish();
    }

    private sealed class Owner(PSCmdlet cmdlet) : IPumpOwner
    {
        public object Present(object output) => output;

        public void OnDelivered(object record)
        {
        }

        public void OnLeaving()
        {
        }

        public void Report(SafeText line) => cmdlet.WriteDetail(line);

        public void Warn(SafeText text) => cmdlet.WriteCaution(text);

        public void Fail(ErrorRecord record) => cmdlet.WriteError(record);

        public void Show(ProgressRecord progress) => cmdlet.WriteProgress(progress);
    }
}
