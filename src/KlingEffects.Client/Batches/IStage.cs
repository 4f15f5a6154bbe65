namespace KlingEffects.Batches;

/// <summary>Concurrent work of one cmdlet, as the pipeline thread sees it. Only that thread calls it.</summary>
/// <typeparam name="TItem">What it works on.</typeparam>
internal interface IStage<in TItem> : IStage
{
    /// <summary>Hands an item over; false while the stage has as much as it can hold.</summary>
    bool TryAdd(TItem item);
}

/// <inheritdoc cref="IStage{TItem}"/>
internal interface IStage : IDisposable
{
    /// <summary>Rung when a record is there, room for an item is there, or all is done.</summary>
    Doorbell Bell { get; }

    /// <summary>What is done and under way.</summary>
    BatchProgress Progress { get; }

    /// <summary>Whether <see cref="TryTake"/> would give a record.</summary>
    bool HasRecords { get; }

    /// <summary>Whether no record is there and none will come.</summary>
    bool IsDone { get; }

    bool TryTake(out StageRecord record);

    /// <summary>No more items will come.</summary>
    void Complete();

    /// <summary>Cancels what is under way; <see cref="Joined"/> ends when nothing of it runs any more.</summary>
    void Cancel();

    /// <summary>Ends when no worker, timer or request of the stage is left.</summary>
    Task Joined { get; }
}
