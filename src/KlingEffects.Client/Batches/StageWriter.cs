using System.Threading.Channels;

namespace KlingEffects.Batches;

/// <summary>Where workers leave their records; waits while there is no room.</summary>
internal sealed class StageWriter(ChannelWriter<StageRecord> records, Doorbell bell, CancellationToken stop)
{
    public async ValueTask WriteAsync(StageRecord record)
    {
        await records.WriteAsync(record, stop).ConfigureAwait(false);
        bell.Ring();
    }

    public ValueTask NoteAsync(string text) => WriteAsync(new StageRecord.Note(text));

    public ValueTask CautionAsync(string text) => WriteAsync(new StageRecord.Caution(text));
}
