using System.Diagnostics;

namespace KlingEffects.Tests;

/// <summary>A third actor, who takes the journal away from the process that holds it, and puts it back once that has ended.</summary>
/// <param name="journal">The journal.</param>
/// <param name="random">Chooses what is done.</param>
internal sealed class JournalMeddler(string journal, Random random)
{
    private static readonly string[] Deeds =
    [
        """mv "$1" "$1.aside" """,
        """cp "$1" "$1.aside" && rm "$1" """,
        """cp "$1" "$1.copy" && mv "$1.copy" "$1" """,
        """mkdir -p "$1.d" && mv "$1" "$1.d/moved" && ln -s "$1.d/moved" "$1" """,
    ];

    /// <summary>What has been done, in all.</summary>
    public int Count { get; private set; }

    /// <summary>Does one of it.</summary>
    /// <returns>Whether nothing is lost though the process be killed before it sees it: a copy may lack a line.</returns>
    public bool Meddle()
    {
        int deed = random.Next(Deeds.Length);
        Count++;
        Run($"""[ -f "$1" ] && [ ! -L "$1" ] && {Deeds[deed]}""");
        return deed is 0 or 3;
    }

    /// <summary>Puts back what is aside.</summary>
    public void Mend() => Run("""[ -f "$1.aside" ] && mv "$1.aside" "$1"; [ -L "$1" ] && mv "$1.d/moved" "$1.whole" && mv "$1.whole" "$1"; true""");

    private void Run(string script)
    {
        using Process shell = Process.Start("/bin/sh", ["-c", script, "sh", journal]);
        shell.WaitForExit();
    }
}
