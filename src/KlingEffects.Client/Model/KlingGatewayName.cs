namespace KlingEffects;

/// <summary>A host that offers Kling's API.</summary>
public enum KlingGatewayName
{
    /// <summary>CometAPI, at <c>cometapi.com</c>: Kling's calls below <c>/kling</c>, and no list of tasks.</summary>
    CometApi,
    /// <summary>Kling itself, at <c>klingai.com</c>: no prefix, a list of the account's tasks, and no length of effects.</summary>
    Kling,
}
