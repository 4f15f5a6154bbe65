using KlingEffects.Queries;

namespace KlingEffects.Commands;

/// <summary>Tells what an account has left, where the gateway does.</summary>
[Cmdlet(VerbsCommon.Get, "KlingAccount")]
[OutputType(typeof(KlingResourcePack))]
public sealed class GetKlingAccountCommand() : KlingCommand("Asking for Kling accounts", 1, "")
{
    private readonly HashSet<KlingGatewayName> _asked = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_asked.Add(GatewayOrDefault))
        {
            Pump.Add(GatewayOrDefault);
        }
    }

    // Objects of a pipeline may name other gateways.
    private protected override void Check(KlingGateway gateway)
    {
        if (!MyInvocation.ExpectingInput)
        {
            AccountQuery.ThrowIfNoPacks(gateway);
        }
    }

    internal override Stage CreateStage(ApiClient api)
    {
        WorkStage<KlingGatewayName> stage = new(ThrottleLimit, async (gateway, stage, stop) =>
        {
            foreach (KlingResourcePack pack in await AccountQuery.PacksAsync(api.For(gateway), stop).ConfigureAwait(false))
            {
                await stage.WriteAsync(new StageRecord.Output(pack)).ConfigureAwait(false);
            }
        });
        stage.Progress.DoneWord = "asked for";
        return stage;
    }
}
