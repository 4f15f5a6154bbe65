namespace KlingEffects.Emulator.Configuration;

/// <summary>What task ids look like; both kinds were seen live.</summary>
public enum TaskIdStyle
{
    /// <summary>Decimal digits above 2^53, which no floating-point number holds exactly.</summary>
    Number,

    /// <summary>Base64 with <c>/</c>, <c>+</c> and <c>=</c>, which must be escaped in a path.</summary>
    Base64Like,
}
