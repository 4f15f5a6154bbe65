namespace KlingEffects.Emulator.Configuration;

/// <summary>How an account pays, which decides what a task of Kling's own API says that it cost.</summary>
public enum Payment
{
    /// <summary>Units and money in one answer, as Kling's page shows them.</summary>
    Both,

    /// <summary>A resource pack: units, and no money.</summary>
    Units,

    /// <summary>A cash account: the price that was taken and the list's, as strings, and no units.</summary>
    Cash,

    /// <summary>A cash account whose deduction is a bare number, as one public client has it in its tests.</summary>
    CashNumber,
}
