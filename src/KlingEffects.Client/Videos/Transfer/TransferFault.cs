namespace KlingEffects.Videos;

/// <summary>The way between the host and this machine failed; trying again may help, unless its end says otherwise.</summary>
internal sealed class TransferFault(string reason) : Exception(reason)
{
    /// <summary>The end that it comes to where no repeat helps; else null.</summary>
    public ExchangeEnd.Refused? End { get; init; }
}
