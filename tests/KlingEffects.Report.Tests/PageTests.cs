using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace KlingEffects.Tests;

public sealed class PageTests(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task A_mixed_batch_is_shown_at_every_width_and_in_both_schemes_from_a_folder_and_a_server()
    {
        using Batch batch = new();
        string report = batch.Write(KlingReportForm.Html, "the report.html", batch.Jobs(40));
        using FolderServer server = new(batch.Folder);
        await LooksRightAsync(server.Address + "reports/the%20report.html", server.Address, 1400, ColorScheme.Light);
        foreach ((int width, ColorScheme scheme) in new[] { (1400, ColorScheme.Light), (1400, ColorScheme.Dark), (400, ColorScheme.Light), (400, ColorScheme.Dark) })
        {
            await LooksRightAsync(new Uri(report).AbsoluteUri, "file:", width, scheme);
        }
    }

    [Fact]
    public async Task It_is_narrowed_down_by_state_text_and_keyboard_and_plays()
    {
        using Batch batch = new();
        string report = batch.Write(KlingReportForm.Html, "report.html", batch.Jobs(40));
        await using Sheet sheet = await browser.OpenAsync(new Uri(report).AbsoluteUri);
        IPage page = sheet.Page;

        await page.GetByRole(AriaRole.Radio, new() { Name = "Failed 4" }).CheckAsync();
        Assert.Equal(string.Join(" ", (int[])[4, 14, 24, 34]), string.Join(" ", await sheet.ShownAsync()));
        Assert.EndsWith("#Failed", page.Url, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Radio, new() { Name = "Went wrong 12" }).CheckAsync();
        Assert.Equal(12, (await sheet.ShownAsync()).Length);
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("BALANCE 1102");
        Assert.Equal(string.Join(" ", (int[])[8, 18, 28, 38]), string.Join(" ", await sheet.ShownAsync()));
        Assert.Equal("4 of 40", await page.Locator("#count").TextContentAsync());
        await page.Keyboard.TypeAsync(" no such word");
        Assert.Empty(await sheet.ShownAsync());
        Assert.True(await page.GetByText("No job matches.").IsVisibleAsync());

        await page.Keyboard.PressAsync("Escape");
        Assert.Equal(40, (await sheet.ShownAsync()).Length);
        await page.GetByRole(AriaRole.Radio, new() { Name = "All 40" }).FocusAsync();
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("k");
        Assert.Equal("job-1", await page.EvaluateAsync<string>("() => document.activeElement.id"));
        Assert.Equal("none", await page.EvaluateAsync<string>("() => document.querySelector('#job-1 video').preload"));
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => document.querySelector('#job-1 video').currentTime > 0");

        await page.GotoAsync(new Uri(report).AbsoluteUri + "#Running");
        await page.ReloadAsync();
        Assert.Equal(string.Join(" ", (int[])[6, 16, 26, 36]), string.Join(" ", await sheet.ShownAsync()));
        Assert.Empty(sheet.Complaints);
    }

    [Fact]
    public async Task A_thousand_jobs_cost_what_is_in_view()
    {
        using Batch batch = new();
        string report = batch.Write(KlingReportForm.Html, "report.html", batch.Jobs(1000));
        await using Sheet sheet = await browser.OpenAsync(new Uri(report).AbsoluteUri);
        await sheet.PicturesAsync();
        Assert.InRange(sheet.Requests.Count(static url => url.EndsWith(".png", StringComparison.Ordinal)), 3, 120);
        Assert.DoesNotContain(sheet.Requests, static url => url.EndsWith(".mp4", StringComparison.Ordinal));

        const string laidOut = "() => [...document.querySelectorAll('.job h2')].filter(name => name.checkVisibility({ contentVisibilityAuto: true })).length";
        Assert.InRange(await sheet.Page.EvaluateAsync<int>(laidOut), 1, 60);
        await sheet.Page.EvaluateAsync("() => document.getElementById('job-990').scrollIntoView()");
        await sheet.PicturesAsync();
        Assert.True(await sheet.Page.Locator("#job-990").IsVisibleAsync());
        Assert.InRange(await sheet.Page.EvaluateAsync<int>(laidOut), 1, 60);
        Assert.InRange(sheet.Requests.Count(static url => url.EndsWith(".png", StringComparison.Ordinal)), 6, 240);
    }

    private async Task LooksRightAsync(string address, string place, int width, ColorScheme scheme)
    {
        await using Sheet sheet = await browser.OpenAsync(address, width, scheme);
        await sheet.PicturesAsync();
        Assert.Equal(40, (await sheet.ShownAsync()).Length);
        Assert.All(sheet.Requests, url => Assert.StartsWith(place, url, StringComparison.Ordinal));
        Assert.Empty(sheet.Complaints);

        // What the names would make if they were markup.
        Assert.Equal(0, await sheet.Page.Locator("main script, main b, img[src=x], [onmouseover], [onerror]").CountAsync());
        Assert.Equal(1, await sheet.Page.Locator("script").CountAsync());
        Assert.Contains(Batch.Markup, await sheet.Page.Locator("#job-5").TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains(Batch.Breakout, await sheet.Page.Locator("#job-9").TextContentAsync(), StringComparison.Ordinal);

        Assert.True(await sheet.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "The page is wider than its window.");
        Assert.True(await sheet.Page.EvaluateAsync<bool>("() => [...document.images].filter(image => image.complete && image.currentSrc).every(image => image.naturalWidth > 0)"), "A picture is not found.");
        Assert.Equal(0, await sheet.Page.Locator("img:not([alt]), img[alt='']").CountAsync());
        AxeResult seen = await sheet.Page.RunAxe();
        Assert.True(seen.Violations.Length == 0, string.Join("\n", seen.Violations.Select(static fault => $"{fault.Id}: {fault.Help}: {fault.Nodes[0].Html}")));
        await sheet.Page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"page-{width}-{scheme}.png") });
    }
}
