namespace KlingEffects.Videos;

/// <summary>The way between the host and this machine failed; trying again may help.</summary>
internal sealed class TransferFault(string reason) : Exception(reason);
