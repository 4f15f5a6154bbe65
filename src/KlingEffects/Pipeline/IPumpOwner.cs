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

    /// <summary>Writes what happened.</summary>
    void Report(SafeText line);

    /// <summary>Writes what the user should know although the work goes on.</summary>
    void Warn(SafeText text);

    /// <summary>Writes an item's failure, or a defect of the module.</summary>
    void Fail(ErrorRecord record);

    /// <summary>Shows how far the work has got.</summary>
    void Show(ProgressRecord progress);
}
