namespace KlingEffects.Pipeline;

/// <summary>What a cmdlet does about its pump's records.</summary>
internal interface IPumpOwner
{
    /// <summary>Makes of a stage's output what the pipeline gets.</summary>
    object Present(object output);

    /// <summary>The output or the failure has got to whoever comes next.</summary>
    void OnDelivered(object record);

    /// <summary>The pipeline has ended early; the stage is about to be joined.</summary>
    void OnLeaving();
}
