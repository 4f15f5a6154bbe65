namespace KlingEffects;

/// <summary>The forms of a report on jobs.</summary>
public enum KlingReportForm
{
    /// <summary>A page that stands alone, with the pictures and the videos beside each other (<c>.html</c>).</summary>
    Html,
    /// <summary>JUnit's XML, which build systems show as test results (<c>.xml</c>).</summary>
    JUnit,
    /// <summary>Tables in GitHub's Markdown, for the summary of a build's step (<c>.md</c>).</summary>
    Markdown,
}
