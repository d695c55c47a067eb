using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Facturation.Tests.Help;

/// <summary>The pages as a person meets them, in a real browser.</summary>
[Parallelizable(ParallelScope.Self)]
[Category("Slow")]
public sealed class HelpBrowserTests : BrowserTests
{
    private const string Operation = "/Help/Api/POST-api-ConsommationV2", V1 = "/Help/Api/POST-v1-meters-id-readings-manual";

    private static readonly string[] Kinds =
    [
        "/Help", Operation, "/Help/ResourceModel?modelName=ReponseV2Model", V1, "/Help/Api/GET-v1-meters-id-readings",
        "/Help/ResourceModel?modelName=MeterRequest", "/Help/Api/POST-api-Consomation",
    ];

    [TestCase("POST api/ConsommationV2", "POST api/ConsommationV2", "ReponseV2Model")]
    [TestCase("POST v1/meters/{id}/readings/manual", "Enregistrer un relevé manuel de compteur", "RecordedModel")]
    public async Task Index_ToOperationToModelAndBack_IsWalked(string link, string operation, string model)
    {
        await using var tab = await OpenAsync("/Help");
        var title = tab.Page.Locator("h1");

        await tab.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).ClickAsync();
        await Expect(title).ToHaveTextAsync(operation);
        await tab.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = model, Exact = true }).First.ClickAsync();
        await Expect(title).ToHaveTextAsync(model);
        await tab.Page.GoBackAsync();
        await Expect(title).ToHaveTextAsync(operation);
        await tab.Page.GetByRole(AriaRole.Link, new() { Name = "Help Page Home" }).ClickAsync();
        await Expect(title).ToHaveTextAsync("ASP.NET Web API Help Page");

        Assert.That(tab.Errors, Is.Empty);
    }

    [TestCase("quantite consommee", "CompteurModel")]
    [TestCase("releve manuel", "POST v1/meters/{id}/readings/manual")]
    [TestCase("meterm", "MeterModel")]
    public async Task Search_ByKeyboardWithoutAccents_FindsAndOpens(string words, string name)
    {
        await using var tab = await OpenAsync("/Help");

        await tab.Page.Keyboard.PressAsync("/");
        await tab.Page.Keyboard.TypeAsync(words);
        var result = tab.Page.Locator("search li a").Filter(new() { HasText = name }).First;
        await result.WaitForAsync();
        var address = await result.GetAttributeAsync("href");
        for (var step = 0; step < 8 && !await result.EvaluateAsync<bool>("link => link === document.activeElement"); step++)
            await tab.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(result).ToBeFocusedAsync();
        await result.PressAsync("Enter");
        await Assertions.Expect(tab.Page).ToHaveURLAsync(new Uri(Service.Client.BaseAddress!, address).ToString());

        Assert.That(tab.Errors, Is.Empty);
    }

    [TestCase("proofRef", "membre-proofRef")]
    [TestCase("index_below_previous", "INDEX_BELOW_PREVIOUS")]
    [TestCase("INDEX BELOW", "INDEX_BELOW_PREVIOUS")]
    [TestCase("idempotency", "parametre-Idempotency-Key")]
    public async Task Search_MemberErrorCodeOrHeader_LeadsToItsRow(string words, string id)
    {
        await using var tab = await OpenAsync("/Help");

        await tab.Page.GetByRole(AriaRole.Searchbox).FillAsync(words);
        await tab.Page.Locator($"search li:first-child a[href$='#{id}']").WaitForAsync();
        await tab.Page.Keyboard.PressAsync("Enter");

        await Expect(tab.Page.Locator($"tr[id='{id}']")).ToBeInViewportAsync();
        Assert.That(tab.Errors, Is.Empty);
    }

    [Test]
    public async Task Search_ErrorCodeOfThisPage_StaysHere()
    {
        await using var tab = await OpenAsync(V1);
        await tab.Page.GetByRole(AriaRole.Searchbox).FillAsync("INDEX_BELOW_PREVIOUS");
        await tab.Page.Locator("search li a").First.ClickAsync();
        await Expect(tab.Page.Locator("tr:target")).ToContainTextAsync("INDEX_BELOW_PREVIOUS");
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Enregistrer un relevé manuel de compteur");
    }

    [Test]
    public async Task Search_NothingSuch_SaysSo()
    {
        await using var tab = await OpenAsync("/Help");
        await tab.Page.GetByRole(AriaRole.Searchbox).FillAsync("xyzzy");
        await Expect(tab.Page.Locator("search li")).ToHaveTextAsync("Rien de tel");
    }

    [TestCase(Operation)]
    [TestCase(V1)]
    public async Task Copy_Sample_IsOnTheClipboard(string path)
    {
        await using var tab = await OpenAsync(path);
        var sample = tab.Page.Locator(".copyable:visible").First;
        await tab.Page.EvaluateAsync("window.setTimeout = () => 0"); // What is said for two seconds is said until it is read.

        await sample.GetByRole(AriaRole.Button, new() { Name = "Copier" }).ClickAsync();
        await Expect(sample.GetByRole(AriaRole.Button)).ToHaveTextAsync("Copié");

        Assert.That(
            await tab.Page.EvaluateAsync<string>("navigator.clipboard.readText()"),
            Is.EqualTo(await sample.Locator("pre").TextContentAsync()).And.Not.Empty);
    }

    [Test]
    public async Task Copy_FoldedSample_IsWhole()
    {
        await using var tab = await OpenAsync(Operation);
        var sample = tab.Page.Locator(".copyable", new() { Has = tab.Page.Locator(".fold") }).First;
        Assert.That(await sample.Locator("pre").InnerTextAsync(), Has.Length.LessThan((await sample.Locator("pre").TextContentAsync())!.Length / 2));

        await sample.GetByRole(AriaRole.Button, new() { Name = "Copier" }).ClickAsync();

        var copied = JsonNode.Parse(await tab.Page.EvaluateAsync<string>("navigator.clipboard.readText()"))!.AsArray();
        Assert.That(copied, Has.Count.EqualTo(2));
        Assert.That(copied[1]!.ToJsonString(), Is.EqualTo(copied[0]!.ToJsonString()));
    }

    [Test]
    public async Task Fold_Opened_ShowsTheElement()
    {
        await using var tab = await OpenAsync(Operation);
        var fold = tab.Page.Locator(".fold").First;
        var repeated = fold.Locator("+ span");
        await Expect(repeated).ToBeHiddenAsync();

        await fold.PressAsync("Enter");

        await Expect(repeated).ToBeVisibleAsync();
        await Expect(fold).ToHaveAttributeAsync("aria-expanded", "true");
    }

    [Test]
    public async Task Language_Chosen_IsThatOfOtherPages()
    {
        await using var tab = await OpenAsync(V1);
        await Expect(tab.Page.GetByRole(AriaRole.Tab, new() { Selected = true })).ToHaveTextAsync("JavaScript");

        await tab.Page.GetByRole(AriaRole.Tab, new() { Selected = true }).PressAsync("ArrowRight");
        await Expect(tab.Page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("curl -X POST");
        await tab.Page.GetByRole(AriaRole.Tab, new() { Name = "Python" }).ClickAsync();

        foreach (var path in new[] { Operation, "/Help/Api/GET-v1-meters" })
        {
            await tab.Page.GotoAsync(path);
            await Expect(tab.Page.GetByRole(AriaRole.Tab, new() { Selected = true })).ToHaveTextAsync("Python");
            await Expect(tab.Page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("import urllib.request");
        }
        Assert.That(tab.Errors, Is.Empty);
    }

    [Test]
    public async Task Language_ThatAPageLacks_IsItsNearest()
    {
        await using var tab = await OpenAsync(Operation);
        await tab.Page.GetByRole(AriaRole.Tab, new() { Name = "C#, DataContract" }).ClickAsync();
        await tab.Page.GotoAsync(V1);
        await Expect(tab.Page.GetByRole(AriaRole.Tab, new() { Selected = true })).ToHaveTextAsync("C#");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Summary_OnAPhone_OpensWithItsButton(bool hasScript)
    {
        await using var tab = await OpenAsync(V1, width: 390, hasScript: hasScript);
        var side = tab.Page.GetByRole(AriaRole.Navigation, new() { Name = "Sommaire" });
        await Expect(side).ToBeHiddenAsync();

        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sommaire" }).ClickAsync();

        await Expect(side.Locator("[aria-current=page]")).ToContainTextAsync("readings/manual");
        if (hasScript)
        {
            await Expect(side.Locator("[aria-current=page]")).ToBeInViewportAsync();
            await side.GetByRole(AriaRole.Link, new() { Name = "Erreurs" }).ClickAsync();
            await Expect(side).ToBeHiddenAsync();
            await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Name = "Erreurs" })).ToBeInViewportAsync();
        }
        else
        {
            await side.GetByRole(AriaRole.Link, new() { Name = "POST v1/meters/{id}/readings/batch" }).ClickAsync();
            await Expect(tab.Page.Locator("h1")).ToContainTextAsync("Enregistrer jusqu'à 1000 relevés");
        }
    }

    [Test]
    public async Task Summary_BesideThePage_ShowsTheCurrentOperation()
    {
        await using var tab = await OpenAsync("/Help/Api/POST-v1-meters-id-readings-readingId-void");
        var current = tab.Page.GetByRole(AriaRole.Navigation, new() { Name = "Sommaire" }).Locator("[aria-current=page]");
        await Expect(current).ToBeInViewportAsync();
        await Expect(current.Locator("+ .contents a").First).ToHaveTextAsync("Exemples de requête");
    }

    [Test]
    public async Task Page_OnAPhone_DoesNotScrollSideways([ValueSource(nameof(Kinds))] string path, [Values(320, 390)] int width)
    {
        await using var tab = await OpenAsync(path, width);
        Assert.That(await tab.IsTooWideAsync(), Is.False);
    }

    [Test]
    public async Task Code_WiderThanAPhone_IsScrolledNotBroken()
    {
        await using var tab = await OpenAsync(V1, width: 390);
        var code = tab.Page.GetByRole(AriaRole.Tabpanel).Locator("pre");
        await Expect(code).ToHaveAttributeAsync("tabindex", "0");
        var (lines, shown) = ((await code.TextContentAsync())!.Split('\n').Length,
            await code.EvaluateAsync<double>("pre => { const range = new Range(); range.selectNodeContents(pre); "
                + "return new Set([...range.getClientRects()].map(rect => Math.round(rect.bottom))).size }"));
        Assert.That(shown, Is.EqualTo(lines));
    }

    [Test]
    public async Task Page_WithoutScript_IsWholeAndShowsNoForm([ValueSource(nameof(Kinds))] string path)
    {
        await using var tab = await OpenAsync(path, hasScript: false);
        await Expect(tab.Page.Locator("h1")).ToBeVisibleAsync();
        await Expect(tab.Page.Locator("form, button").Filter(new() { Visible = true })).ToHaveCountAsync(0);
    }

    [Test]
    public async Task Page_ForAxe_HasNoSeriousFinding(
        [ValueSource(nameof(Kinds))] string path, [Values(ColorScheme.Light, ColorScheme.Dark)] ColorScheme scheme)
    {
        await using var tab = await OpenAsync(path, scheme == ColorScheme.Light ? 1280 : 390, scheme);
        await tab.Page.Locator("search").WaitForAsync();
        if (await tab.Page.Locator("#essayer").CountAsync() > 0)
        {
            await tab.Page.GetByText("Essayer cette opération").ClickAsync();
            await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Envoyer" }).ClickAsync();
            await tab.Page.Locator(".result pre").WaitForAsync();
        }
        await tab.Page.EvaluateAsync("for (const folded of document.querySelectorAll('details')) folded.open = true");

        Assert.That(await tab.SeriousFindingsAsync(), Is.Empty);
        // The page that does not exist is itself a 404, and reported as such.
        Assert.That(tab.Errors.Where(error => !error.Contains("404 (Not Found)") && !error.Contains("409 (Conflict)")), Is.Empty);
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
