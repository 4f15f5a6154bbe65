using KlingEffects.Reports.Content;

namespace KlingEffects.Reports.Html;

/// <summary>One job on the page: its pictures beside its videos, and what there is to know of it.</summary>
internal static class JobCard
{
    public static Markup Of(KlingJob job, ReportLinks links, int number)
    {
        string name = JobName.Of(job);
        return Markup.Of($"""
            <article class="job" id="job-{number}" tabindex="-1" data-state="{job.State}"{(Outcome.WentWrong(job) ? Markup.Of($" data-wrong") : Markup.None)} aria-labelledby="name-{number}">
            <div class="media">{Pictures(job, links)}{Result(job, links, name)}</div>
            <div class="told">
            <header><h2 id="name-{number}"><bdi>{name}</bdi></h2><span class="state">{Icon.Of(job.State)}{job.State}</span></header>
            <p class="scene"><bdi>{JobName.SceneOf(job)}</bdi>{PictureNames(job, name)}</p>
            {Facts(job)}
            {MoreFiles(job, links)}
            {Trouble(job)}
            </div>
            </article>
            """);
    }

    private static Markup PictureNames(KlingJob job, string name) => JobName.OfPictures(job) is { Length: > 0 } pictures && pictures != name
        ? Markup.Of($" · <bdi>{pictures}</bdi>")
        : Markup.None;

    private static Markup Pictures(KlingJob job, ReportLinks links) => job.Images.Count == 0
        ? Markup.Of($"""<figure class="picture"><div class="blank">{Icon.Of("picture")}<span>no picture is known</span></div></figure>""")
        : Markup.Of($"""<figure class="picture">{Markup.Join(job.Images.Select((image, at) => Picture(links.To(image), Place(at, job.Images.Count))))}</figure>""");

    // What lies on another host is a link: a page that stands alone asks no host for anything until its reader does.
    private static Markup Picture(ReportLink picture, string place) => picture switch
    {
        { Url: null } => Markup.Of($"""<div class="blank">{Icon.Of("picture")}<span><bdi>{picture.Name}</bdi></span></div>"""),
        { IsWeb: true } => Markup.Of($"""<a class="blank" href="{picture.Url}" target="_blank" rel="noopener noreferrer">{Icon.Of("web")}<span><bdi>{picture.Name}</bdi></span><small>{Host(picture.Url)}</small></a>"""),
        _ => Markup.Of($"""<a href="{picture.Url}" target="_blank" rel="noopener"><img src="{picture.Url}" alt="{place}: {picture.Name}" loading="lazy" decoding="async"></a>"""),
    };

    private static Markup Result(KlingJob job, ReportLinks links, string name)
    {
        if (job.Files.Count == 0 || links.To(job.Files[0]) is not { Url: { } url } video)
        {
            return Markup.Of($"""<figure class="result"><div class="blank">{Icon.Of(job.State)}<span>{Nothing(job)}</span></div></figure>""");
        }

        if (video.IsWeb)
        {
            return Markup.Of($"""<figure class="result">{Picture(video, "Video")}</figure>""");
        }

        Markup poster = job.Images.Select(links.To).FirstOrDefault(static picture => picture is { Url: not null, IsWeb: false }) is { } picture
            ? Markup.Of($" data-poster=\"{picture.Url}\"")
            : Markup.None;
        return Markup.Of($"""<figure class="result"><video src="{url}" controls playsinline loop preload="none"{poster} aria-label="Video of {name}, {JobName.SceneOf(job)}"></video><button class="play" type="button" hidden aria-label="Play the video of {name}">{Icon.Of("play")}</button></figure>""");
    }

    private static Markup Trouble(KlingJob job)
    {
        string reason = Outcome.Reason(job);
        if (reason.Length == 0)
        {
            return Markup.None;
        }

        string code = ReportText.Of(job.Code);
        Markup id = Outcome.WentWrong(job)
            ? Markup.Of($"""<p class="error"><bdi>{Outcome.ErrorId(job)}</bdi>{(code.Length > 0 ? Markup.Of($" <bdi>{code}</bdi>") : Markup.None)}</p>""")
            : Markup.None;
        Markup advice = Outcome.AdviceFor(job) is { } told ? Markup.Of($"""<p class="advice">{Markup.Join(told.Split(' ').Select(Word))}</p>""") : Markup.None;
        return Markup.Of($"""<div class="trouble"><p class="reason"><bdi>{reason}</bdi></p>{advice}{id}</div>""");
    }

    private static Markup Facts(KlingJob job)
    {
        Markup[] facts =
        [
            Outcome.Duration(job) is { } span ? Fact("Took", Markup.Of($"{Figures.Span(span)}")) : Markup.None,
            job.Units is { } units ? Fact("Units", Markup.Of($"{Figures.Amount(units)}")) : Markup.None,
            job.Cost is { } cost ? Fact("Cost", Markup.Of($"{Figures.Amount(cost)}")) : Markup.None,
            job.Attempt > 1 ? Fact("Attempt", Markup.Of($"{job.Attempt}")) : Markup.None,
            job.SubmittedAt is { } submitted ? Fact("Submitted", Markup.Of($"""<time datetime="{Figures.Instant(submitted)}">{Figures.Time(submitted)}</time>""")) : Markup.None,
            ReportText.Of(job.TaskId) is { Length: > 0 } id ? Fact("Task", Markup.Of($"""<bdi>{id}</bdi>"""), "task") : Markup.None,
        ];
        return facts.All(static fact => fact.IsEmpty) ? Markup.None : Markup.Of($"""<dl class="facts">{Markup.Join(facts)}</dl>""");
    }

    private static Markup Fact(string label, Markup value, string kind = "figure") =>
        Markup.Of($"""<div class="{kind}"><dt>{label}</dt><dd>{value}</dd></div>""");

    private static Markup MoreFiles(KlingJob job, ReportLinks links) => job.Files.Count < 2
        ? Markup.None
        : Markup.Of($"""<p class="more">{Markup.Join(job.Files.Skip(1).Select(links.To).Where(static file => file.Url is not null).Select(static file => Markup.Of($"""<a href="{file.Url}" target="_blank" rel="noopener noreferrer"><bdi>{file.Name}</bdi></a> """)))}</p>""");

    // A line that ended behind the dash of -JournalPath would show another word.
    private static Markup Word(string word) => word is ['-' or '$', ..] ? Markup.Of($"<code>{word}</code> ") : Markup.Of($"{word} ");

    private static string Nothing(KlingJob job) => job.State switch
    {
        KlingJobState.Failed => "no video: it failed",
        KlingJobState.Refused => "no video: refused",
        KlingJobState.Uncertain => "accepted or not?",
        KlingJobState.Submitting => "being submitted",
        KlingJobState.Running => "still running",
        KlingJobState.Succeeded => "not saved yet",
        _ => "no file is known",
    };

    private static string Place(int at, int count) => count != 2 ? "Picture" : at == 0 ? "Left picture" : "Right picture";

    private static string Host(string url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? address) ? address.Host : "";
}
