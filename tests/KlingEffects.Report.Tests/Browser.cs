using Microsoft.Playwright;

namespace KlingEffects.Tests;

/// <summary>The machine's Chromium or Chrome, which speaks to no host but this machine.</summary>
public sealed class Browser : IAsyncLifetime
{
    public const string Missing = "no Chromium or Chrome is on this machine (Debian: apt-get install chromium)";

    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-default-apps", "--no-pings", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public static string? Executable { get; } = Places().FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Executable is not null)
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = Flags });
        }
    }

    /// <summary>A page in a window of its own.</summary>
    public async Task<Sheet> OpenAsync(string address, int width = 1400, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipUnless(_browser is not null, Missing);
        IBrowserContext context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme,
            Locale = "en-GB",
            TimezoneId = "UTC",
        });
        IPage page = await context.NewPageAsync();
        Sheet sheet = new(page);
        await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Load });
        return sheet;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    private static IEnumerable<string> Places()
    {
        string[] names = OperatingSystem.IsWindows() ? ["chrome.exe", "msedge.exe"] : ["chromium", "chromium-browser", "google-chrome"];
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .Append("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
            .Append(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "Google", "Chrome", "Application", "chrome.exe"));
    }
}
