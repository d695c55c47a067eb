using System.Text.Json;
using Microsoft.Playwright;

namespace Facturation.Tests.Help;

/// <summary>A real browser without a window: the one this machine has, since none is downloaded.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names =
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe", "msedge.exe"];

    // Waits end on conditions; this only ends a test that would wait for ever, on however busy a machine.
    private const float Patience = 120_000;

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (this.playwright, this.browser) = (playwright, browser);

    /// <summary>Starts it; where there is none, the tests are passed over.</summary>
    public static async Task<Chromium> StartAsync()
    {
        var path = Environment.GetEnvironmentVariable("FACTURATION_CHROMIUM") ?? Find();
        if (path is null)
            Assert.Ignore("No Chromium here: install one (apt-get install chromium), or name it in FACTURATION_CHROMIUM.");
        Assertions.SetDefaultExpectTimeout(Patience); // 5 seconds otherwise, whatever the context says.
        var playwright = await Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Timeout = Patience }));
    }

    /// <summary>Opens a page of its own, which shares nothing with others.</summary>
    public async Task<Tab> OpenAsync(Uri address, int width = 1280, ColorScheme scheme = ColorScheme.Light, bool hasScript = true)
    {
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = address.ToString(),
            ViewportSize = new() { Width = width, Height = 800 },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            JavaScriptEnabled = hasScript,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        context.SetDefaultTimeout(Patience);
        return new Tab(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await browser.CloseAsync();
        playwright.Dispose();
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Append("/Applications/Google Chrome.app/Contents/MacOS")
            .SelectMany(_ => Names.Append("Google Chrome"), Path.Combine)
            .FirstOrDefault(File.Exists);
}

/// <summary>A page, and what it complained of.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> errors = [];

    public Tab(IBrowserContext context, IPage page)
    {
        (this.context, Page) = (context, page);
        page.Console += (_, message) => Note(message.Type is "error" or "warning", $"{message.Text} ({message.Location})");
        page.PageError += (_, message) => Note(true, message);
        page.Dialog += (_, dialog) => Note(true, dialog.Message);
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, uncaught exceptions, dialogs.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (errors)
                return [.. errors];
        }
    }

    /// <summary>Whether the page can be scrolled sideways.</summary>
    public Task<bool> IsTooWideAsync() =>
        Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth");

    /// <summary>What axe finds serious or critical; without Node, the test is skipped.</summary>
    public async Task<string[]> SeriousFindingsAsync()
    {
        await Npm.InstallAsync();
        await Page.EvaluateAsync(await File.ReadAllTextAsync(Npm.PathOf("axe-core/axe.min.js")) + ";0");
        var found = await Page.EvaluateAsync<JsonElement>(
            "axe.run().then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.map(n => n.html) })))");
        return [.. found.EnumerateArray()
            .Where(finding => finding.GetProperty("impact").GetString() is "serious" or "critical").Select(finding => finding.ToString())];
    }

    public async ValueTask DisposeAsync() => await context.CloseAsync();

    private void Note(bool isError, string message)
    {
        if (!isError)
            return;
        lock (errors)
            errors.Add(message);
    }
}
