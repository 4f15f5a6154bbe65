namespace KlingEffects.Reports.Html;

/// <summary>A picture of the page's own set.</summary>
internal static class Icon
{
    public static Markup Of(string name) => Markup.Of($"""<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{name}"/></svg>""");

    public static Markup Of(KlingJobState state) => Of(state switch
    {
        KlingJobState.Failed or KlingJobState.Refused => "cross",
        KlingJobState.Uncertain => "question",
        KlingJobState.Submitting or KlingJobState.Running => "clock",
        _ => "check",
    });
}
