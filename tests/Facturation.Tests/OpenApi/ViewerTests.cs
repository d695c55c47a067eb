using Facturation.Api.Operations;
using Facturation.Tests.Api;
using Facturation.Tests.Help;
using Microsoft.Playwright;

namespace Facturation.Tests.OpenApi;

/// <summary>Swagger UI and ReDoc as a person meets them, in a real browser, under their Content-Security-Policy.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ViewerTests : BrowserTests
{
    private const string SwaggerUi = "/swagger/index.html", ReDoc = "/redoc/index.html";

    /// <summary>The examples that Swagger UI proposes, sent as they stand, get the rows of the demo (Swashbuckle.AspNetCore#225).</summary>
    [TestCase("Consommation")]
    [TestCase("ConsommationV2")]
    public async Task SwaggerUi_ProposedExamples_AreAnsweredWithTheDemosRows(string operation)
    {
        var expected = await Service.PostAsync($"/api/{operation}", Demo.Key, """{"Debut":"2026-03-01","Fin":"2026-03-31","ProduitId":2}""");
        Assert.That(expected.Text.Length, Is.GreaterThan(100), "an empty answer shows nothing");
        await using var tab = await OpenAsync(SwaggerUi);
        var page = tab.Page;
        await page.Locator(".scheme-container .authorize").ClickAsync();
        var dialog = page.Locator(".dialog-ux");
        var key = dialog.Locator(".auth-container").Filter(new() { HasText = "X-API-Key" });
        await key.Locator("input").FillAsync(Demo.Key);
        await key.GetByRole(AriaRole.Button, new() { Name = "Apply credentials" }).ClickAsync();
        await dialog.Locator(".btn-done").First.ClickAsync();

        var block = page.Locator($"#operations-{operation}-{operation}_Post");
        await block.Locator(".opblock-summary-control").ClickAsync();
        await block.Locator(".try-out__btn").ClickAsync();
        foreach (var mediaType in (string[])["application/json", "text/json", "application/xml", "text/xml", "application/x-www-form-urlencoded"])
        {
            await block.Locator(".opblock-section-request-body select").First.SelectOptionAsync(mediaType);
            var response = await page.RunAndWaitForResponseAsync(
                () => block.Locator(".execute").ClickAsync(), answer => answer.Url.EndsWith($"/api/{operation}", StringComparison.Ordinal));

            Assert.That(await response.Request.HeaderValueAsync("content-type"), Does.StartWith(mediaType));
            Assert.That((response.Status, await response.TextAsync()), Is.EqualTo((200, expected.Text)), response.Request.PostData);
            await Assertions.Expect(block.Locator(".live-responses-table .response-col_status").Last).ToContainTextAsync("200");
        }
        Assert.That(tab.Errors, Is.Empty);
    }

    /// <summary>Of Swagger UI, axe has findings that are Swagger UI's own (ADR 34).</summary>
    [TestCase(1280)]
    [TestCase(390)]
    public async Task ReDoc_ForAxe_HasNoSeriousFinding(int width)
    {
        await using var tab = await OpenAsync(ReDoc, width);
        await tab.Page.Locator("h2").First.WaitForAsync();

        Assert.That(await tab.SeriousFindingsAsync(), Is.Empty);
    }

    [TestCase(SwaggerUi, ".opblock-summary-path", "/api/ConsommationV2")]
    [TestCase(ReDoc, "h2", "Permet d'obtenir les consommations par identifiant API.")]
    public async Task Page_OnAPhone_ShowsTheOperationsAndDoesNotScrollSideways(string path, string element, string text)
    {
        await using var tab = await OpenAsync(path, width: 390);
        await Assertions.Expect(tab.Page.Locator(element).Filter(new() { HasText = text }).First).ToBeVisibleAsync();

        Assert.That(await tab.IsTooWideAsync(), Is.False);
        // ReDoc's bundle names a logo on another host. The policy refuses it, as it should.
        Assert.That(tab.Errors.Where(error => !error.Contains("redoc/logo-mini.svg")), Is.Empty);
    }
}
