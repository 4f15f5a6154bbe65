using System.Buffers.Binary;
using System.Globalization;
using KlingEffects.Emulator.Configuration;

namespace KlingEffects.Emulator.Tasks;

/// <summary>Makes task ids that no other run of the emulator has given away: a folder of saved videos outlives the server.</summary>
internal sealed class TaskIds(TimeProvider time)
{
    private const long Base = 1L << 60;
    private const int SequenceBits = 21;
    private static readonly byte[] SlashAndPlus = [0x2F, 0xFF, 0xBE];
    private long _sequence;

    public string Next(TaskIdStyle style)
    {
        long milliseconds = time.GetUtcNow().ToUnixTimeMilliseconds() & ((1L << 38) - 1);
        long sequence = Interlocked.Increment(ref _sequence) & ((1L << SequenceBits) - 1);
        long number = Base + (milliseconds << SequenceBits) + sequence;
        return style == TaskIdStyle.Base64Like ? Base64(number) : number.ToString(CultureInfo.InvariantCulture);
    }

    private static string Base64(long number)
    {
        Span<byte> bytes = stackalloc byte[16];
        SlashAndPlus.CopyTo(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], number);
        return Convert.ToBase64String(bytes);
    }
}
