using Facturation.Tests.Api;
using Microsoft.Playwright;

namespace Facturation.Tests.Help;

/// <summary>The pages of the demo in a real browser.</summary>
public abstract class BrowserTests
{
    private protected Service Service { get; private set; } = null!;

    private protected Chromium Chromium { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        Chromium = await Chromium.StartAsync();
        Service = await Service.StartAsync("Development");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (Chromium is not null)
            await Chromium.DisposeAsync();
        if (Service is not null)
            await Service.DisposeAsync();
    }

    /// <summary>Opens a page of the service.</summary>
    private protected async Task<Tab> OpenAsync(
        string path, int width = 1280, ColorScheme scheme = ColorScheme.Light, bool hasScript = true)
    {
        var tab = await Chromium.OpenAsync(Service.Client.BaseAddress!, width, scheme, hasScript);
        await tab.Page.GotoAsync(path);
        return tab;
    }
}
