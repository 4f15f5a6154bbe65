using KlingEffects.Api;
using KlingEffects.Batches;
using KlingEffects.Binding;
using KlingEffects.Pipeline;
using KlingEffects.Queries;

namespace KlingEffects.Commands;

/// <summary>Tells what an account has left, where the gateway does.</summary>
[Cmdlet(VerbsCommon.Get, "KlingAccount")]
[OutputType(typeof(KlingResourcePack))]
public sealed class GetKlingAccountCommand : KlingCommand<KlingGatewayName>
{
    private readonly HashSet<KlingGatewayName> _asked = [];

    private protected override string Activity => "Asking for Kling accounts";

    private protected override string HeldNotice => "";

    private protected override int DefaultThrottleLimit => 1;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            // Before a key is asked for.
            AccountQuery.ThrowIfNone(BaseUriSource.Read(Gateway, BaseUri).Gateway);
        }
        catch (KlingException none) when (!MyInvocation.ExpectingInput)
        {
            ThrowTerminatingError(ErrorRecords.From(none));
        }
        catch (KlingException)
        {
            // Each object may tell a gateway of its own.
        }

        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_asked.Add(GatewayOrDefault))
        {
            Add(GatewayOrDefault);
        }
    }

    private protected override bool MayMeetOtherGateways => MyInvocation.ExpectingInput;

    private protected override Stage<KlingGatewayName> CreateStage(ApiClient api)
    {
        WorkStage<KlingGatewayName> stage = new(ThrottleLimit, async (gateway, writer, stop) =>
        {
            foreach (KlingResourcePack pack in await AccountQuery.ReadAsync(api.For(gateway), stop).ConfigureAwait(false))
            {
                await writer.WriteAsync(new StageRecord.Output(pack)).ConfigureAwait(false);
            }
        });
        stage.Progress.DoneWord = "asked for";
        return stage;
    }
}
