using System.IO.Pipelines;
using KlingEffects.Emulator.Exchanges;
using KlingEffects.Emulator.Recording;
using KlingEffects.Emulator.Specification;

namespace KlingEffects.Emulator.Api;

/// <summary>Reads the body of a submit off the wire, and has it recorded on the way.</summary>
internal static class SubmitBodyReader
{
    public static async Task<SubmitBody> ReadAsync(Exchange exchange)
    {
        PipeReader reader = exchange.Context.Request.BodyReader;
        using BodyRecorder recorder = new(exchange.Request, exchange.State.Options.RecordBodies);
        SubmitBody body = new();
        ReadResult result;
        do
        {
            result = await reader.ReadAsync(exchange.Cancellation);
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
            {
                recorder.Append(part.Span);
                body.Append(part.Span);
            }

            reader.AdvanceTo(result.Buffer.End);
        }
        while (!result.IsCompleted);

        recorder.Complete();
        body.Complete();
        return body;
    }
}
