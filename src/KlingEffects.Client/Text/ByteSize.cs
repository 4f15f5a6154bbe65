namespace KlingEffects;

/// <summary>Sizes for people: 1 kB is 1024 bytes and 1 MB is 1024 kB, as in PowerShell.</summary>
internal static class ByteSize
{
    public const int Kilo = 1024;
    public const int Mega = Kilo * Kilo;

    /// <summary>Rounded up, so that a size over a limit never reads as the limit.</summary>
    public static string Describe(long bytes) => bytes switch
    {
        < Kilo => FormattableString.Invariant($"{bytes} bytes"),
        < Mega => FormattableString.Invariant($"{Up(bytes, Kilo, 1)} kB"),
        _ => FormattableString.Invariant($"{Up(bytes, Mega, 10)} MB"),
    };

    private static string Up(long bytes, int unit, int parts) =>
        (Math.Ceiling((double)bytes * parts / unit) / parts).ToString("0.#", CultureInfo.InvariantCulture);
}
