namespace KlingEffects.Tests;

/// <summary>What happened in one or more rounds.</summary>
internal sealed record CrashFigures
{
    public int Jobs { get; init; }

    public int Runs { get; init; }

    public int Kills { get; init; }

    /// <summary>How often the journal was taken away from the process that held it, which was killed then or not.</summary>
    public int Meddled { get; init; }

    public int Faults { get; init; }

    /// <summary>Tasks that failed, each of whose jobs was made anew.</summary>
    public int Failed { get; init; }

    public int Accepted { get; init; }

    public int Uncertain { get; init; }

    public int Saved { get; init; }

    public static CrashFigures operator +(CrashFigures one, CrashFigures other) => new()
    {
        Jobs = one.Jobs + other.Jobs,
        Runs = one.Runs + other.Runs,
        Kills = one.Kills + other.Kills,
        Meddled = one.Meddled + other.Meddled,
        Faults = one.Faults + other.Faults,
        Failed = one.Failed + other.Failed,
        Accepted = one.Accepted + other.Accepted,
        Uncertain = one.Uncertain + other.Uncertain,
        Saved = one.Saved + other.Saved,
    };

    public override string ToString() =>
        $"{Jobs} jobs, {Runs} runs, {Kills} kills, {Meddled} times meddled with, {Faults} faults: {Failed} failed and made anew; {Accepted} accepted, each once; {Uncertain} reported as uncertain; {Saved} saved";
}
