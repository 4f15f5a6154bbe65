namespace KlingEffects.Reports;

/// <summary>One job on the page: its images, its videos and its facts.</summary>
internal static class JobCard
{
    public static Markup From(KlingJob job, ReportLinks links, int number)
    {
        string name = ReportText.JobName(job);
        string scene = ReportText.Scene(job);
        string? pictures = ReportText.Pictures(job);
        Markup wrong = Markup.If(ReportText.WentWrong(job), $" data-wrong");
        Markup names = Markup.If(pictures is not null && pictures != name, $" · <bdi>{pictures}</bdi>");
        return Markup.From($"""
            <article class="job" id="job-{number}" tabindex="-1" data-state="{job.State}"{wrong} aria-labelledby="name-{number}">
            <div class="media">{Pictures(job, links)}{Result(job, links, name, scene)}</div>
            <div class="told">
            <header><h2 id="name-{number}"><bdi>{name}</bdi></h2><span class="state">{Icon(job.State)}{job.State}</span></header>
            <p class="scene"><bdi>{scene}</bdi>{names}</p>
            {Facts(job)}
            {MoreFiles(job, links)}
            {Trouble(job)}
            </div>
            </article>
            """);
    }

    private static Markup Icon(KlingJobState state) => Markup.Icon(state switch
    {
        KlingJobState.Failed or KlingJobState.Refused => "cross",
        KlingJobState.Uncertain => "question",
        KlingJobState.Submitting or KlingJobState.Running => "clock",
        _ => "check",
    });

    private static Markup Pictures(KlingJob job, ReportLinks links)
    {
        Markup pictures = job.Images.Count == 0
            ? Blank(Markup.Icon("picture"), $"no picture is known")
            : Markup.Join(job.Images.Select((image, at) => Picture(links.To(image), Place(at, job.Images.Count))));
        return Markup.From($"""<figure class="picture">{pictures}</figure>""");
    }

    private static Markup Blank(Markup icon, FormattableString text) =>
        Markup.From($"""<div class="blank">{icon}<span>{Markup.From(text)}</span></div>""");

    // A link to another host, which is loaded only on a click.
    private static Markup Picture(ReportLink picture, string place)
    {
        if (picture.Url is not { } url)
        {
            return Blank(Markup.Icon("picture"), $"<bdi>{picture.Name}</bdi>");
        }

        if (!picture.IsWeb)
        {
            Markup image = Markup.From($"""<img src="{url}" alt="{place}: {picture.Name}" loading="lazy" decoding="async">""");
            return Markup.From($"""<a href="{url}" target="_blank" rel="noopener">{image}</a>""");
        }

        string host = Uri.TryCreate(url, UriKind.Absolute, out Uri? address) ? address.Host : "";
        Markup label = Markup.From($"""{Markup.Icon("web")}<span><bdi>{picture.Name}</bdi></span><small>{host}</small>""");
        return Markup.From($"""<a class="blank" href="{url}" target="_blank" rel="noopener noreferrer">{label}</a>""");
    }

    private static Markup Result(KlingJob job, ReportLinks links, string name, string scene)
    {
        string? picture = job.Images.Select(links.To).FirstOrDefault(static link => link is { Url: not null, IsWeb: false })?.Url;
        ReportLink? video = job.Files.Select(links.To).FirstOrDefault();
        Markup result = video?.Url is not { } url ? Blank(Icon(job.State), $"{Nothing(job.State)}")
            : video.IsWeb ? Picture(video, "Video")
            : Video(url, picture, name, scene);
        return Markup.From($"""<figure class="result">{result}</figure>""");
    }

    private static Markup Video(string url, string? picture, string name, string scene)
    {
        Markup poster = Markup.If(picture is not null, $" data-poster=\"{picture}\"");
        return Markup.From($"""
            <video src="{url}" controls playsinline loop preload="none"{poster} aria-label="Video of {name}, {scene}"></video>
            <button class="play" type="button" hidden aria-label="Play the video of {name}">{Markup.Icon("play")}</button>
            """);
    }

    private static Markup Trouble(KlingJob job)
    {
        Markup code = ReportText.Clean(job.Code) is { } known ? Markup.From($" <bdi>{known}</bdi>") : default;
        Markup id = Markup.If(ReportText.WentWrong(job), $"""<p class="error"><bdi>{ReportText.ErrorId(job)}</bdi>{code}</p>""");
        Markup advice = ReportText.AdviceFor(job) is { } words
            ? Markup.From($"""<p class="advice">{Markup.Join(words.Split(' ').Select(Word))}</p>""")
            : default;
        return ReportText.Reason(job) is { } reason
            ? Markup.From($"""<div class="trouble"><p class="reason"><bdi>{reason}</bdi></p>{advice}{id}</div>""")
            : default;
    }

    private static Markup Facts(KlingJob job)
    {
        Markup[] facts =
        [
            ReportText.Duration(job) is { } span ? Fact("Took", $"{Figures.Span(span)}") : default,
            job.Units is { } units ? Fact("Units", $"{Figures.Amount(units)}") : default,
            job.Cost is { } cost ? Fact("Cost", $"{Figures.Amount(cost)}") : default,
            job.Attempt > 1 ? Fact("Attempt", $"{job.Attempt}") : default,
            job.SubmittedAt is { } time ? Fact("Submitted", $"{HtmlReport.Moment(time)}") : default,
            ReportText.Clean(job.TaskId) is { } id ? Fact("Task", $"<bdi>{id}</bdi>", "task") : default,
        ];
        return Markup.If(facts.Any(static fact => !fact.IsEmpty), $"""<dl class="facts">{Markup.Join(facts)}</dl>""");
    }

    private static Markup Fact(string label, FormattableString value, string kind = "figure") =>
        Markup.From($"""<div class="{kind}"><dt>{label}</dt><dd>{Markup.From(value)}</dd></div>""");

    private static Markup MoreFiles(KlingJob job, ReportLinks links)
    {
        IEnumerable<Markup> files = job.Files.Skip(1).Select(links.To).Where(static file => file.Url is not null).Select(static file =>
            Markup.From($"""<a href="{file.Url}" target="_blank" rel="noopener noreferrer"><bdi>{file.Name}</bdi></a> """));
        return Markup.If(job.Files.Count > 1, $"""<p class="more">{Markup.Join(files)}</p>""");
    }

    // A line break after a parameter's dash would show another word.
    private static Markup Word(string word) => word is ['-' or '$', ..] ? Markup.From($"<code>{word}</code> ") : Markup.From($"{word} ");

    private static string Nothing(KlingJobState state) => state switch
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
}
