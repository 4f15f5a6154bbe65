namespace KlingEffects.Pipeline;

/// <summary>What a cmdlet does about its pump's records.</summary>
internal interface IPumpOwner
{
    /// <summary>Makes of a stage's output what the pipeline gets; it is written at once.</summary>
    object Present(object output);

    /// <summary>An item's failure is about to be written.</summary>
    void OnFailure(KlingException failure);

    /// <summary>The pipeline has ended early; the stage is about to be joined.</summary>
    void OnLeaving();
}
