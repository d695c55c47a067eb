using Facturation.Api.Operations;
using Facturation.Tests.Api;
using Microsoft.Playwright;

namespace Facturation.Tests.Help;

/// <summary>Requests sent from the pages, in a real browser, with the reader's key.</summary>
[Parallelizable(ParallelScope.Self)]
[Category("Slow")]
public sealed class TryItTests : BrowserTests
{
    private const string Path = "/api/ConsommationV2", Page = "/Help/Api/POST-api-ConsommationV2";
    private const string Asked = """{"Debut":"2026-03-01","Fin":"2026-03-31","ProduitId":2}""";
    private const string V1 = "/Help/Api/POST-v1-meters-id-readings-manual";

    [TestCase("application/json", "application/json")]
    [TestCase("application/json", "application/xml")]
    [TestCase("application/xml", "application/xml")]
    [TestCase("application/x-www-form-urlencoded", "application/json")]
    public async Task Send_Sample_ShowsTheAnswerToTheByte(string type, string answer)
    {
        await using var tab = await OpenFormAsync(Page);
        await tab.Page.Locator($"input[name=body][value='{type}']").CheckAsync();
        await tab.Page.Locator($"input[name=answer][value='{answer}']").CheckAsync();

        await SendAsync(tab);

        var expected = await Service.PostAsync(Path, Demo.Key, Asked, headers: ("Accept", answer));
        Assert.That(await tab.Page.Locator(".result pre").TextContentAsync(), Is.EqualTo(expected.Text));
        Assert.That(await tab.Page.Locator(".result .node").CountAsync(), Is.GreaterThan(10), "it is laid out");
        Assert.That(
            await tab.Page.Locator(".try .status").TextContentAsync(),
            Does.Match(@"^200 OK · [\d\s]+ ms · [\d\s]+ octets$"));
        Assert.That(await tab.Page.Locator(".result dl").TextContentAsync(), Does.Contain($"content-type{answer}; charset=utf-8"));
        Assert.That(tab.Errors, Is.Empty);
    }

    [Test]
    public async Task Send_ByKeyboardWithAnEditedBody_SendsThat()
    {
        await using var tab = await OpenFormAsync(Page);
        await tab.Page.GetByLabel("Corps", new() { Exact = true }).FillAsync("""{ "ProduitId": -1 }""");
        await tab.Page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(tab.Page.Locator(".result pre")).ToHaveTextAsync("[]");
    }

    [Test]
    public async Task Format_ChangedAndBack_KeepsWhatWasEdited()
    {
        await using var tab = await OpenFormAsync(Page);
        var body = tab.Page.GetByLabel("Corps", new() { Exact = true });
        await body.FillAsync("{}");
        await tab.Page.Locator("input[name=body][value='application/xml']").CheckAsync();
        await Assertions.Expect(body).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^<ParamModel "));
        await tab.Page.Locator("input[name=body][value='application/json']").CheckAsync();
        await Assertions.Expect(body).ToHaveValueAsync("{}");
    }

    [Test]
    public async Task Send_WithoutKey_ShowsThe401AndNoDialog()
    {
        await using var tab = await OpenFormAsync(Page);
        await tab.Page.GetByLabel("Clé", new() { Exact = true }).FillAsync("");

        await SendAsync(tab);

        await Assertions.Expect(tab.Page.Locator(".try .status")).ToContainTextAsync("401 Unauthorized");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("401 Unauthorized");
        Assert.That(await tab.Page.Locator(".result dl").TextContentAsync(), Does.Contain("www-authenticate"));
    }

    [Test]
    public async Task Send_Key_GoesIntoItsHeaderAndNowhereElse()
    {
        await using var tab = await OpenFormAsync(Page);
        var requests = new List<IRequest>();
        tab.Page.Request += (_, request) => requests.Add(request);
        await tab.Page.GetByLabel("Clé", new() { Exact = true }).FillAsync("fct_reader00_onlyreaderknows");

        await SendAsync(tab);

        Assert.That((await requests.Single().AllHeadersAsync())["x-api-key"], Is.EqualTo("fct_reader00_onlyreaderknows"));
        Assert.That(requests.Single().Url + tab.Page.Url, Does.Not.Contain("onlyreaderknows"));
        var kept = await tab.Page.EvaluateAsync<string>(
            "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state]) + document.documentElement.outerHTML");
        Assert.That(kept, Does.Not.Contain("onlyreaderknows"));
        Assert.That(await tab.Page.Locator("#try-key").GetAttributeAsync("autocomplete"), Is.EqualTo("off"));
        await tab.Page.ReloadAsync();
        await Assertions.Expect(tab.Page.GetByLabel("Clé", new() { Exact = true })).ToHaveValueAsync(Demo.Key);
    }

    [Test]
    public async Task Key_AskedToBeKept_IsOnOtherPagesOfTheTabUntilForgotten()
    {
        await using var tab = await OpenFormAsync(Page);
        var key = tab.Page.GetByLabel("Clé", new() { Exact = true });
        await key.FillAsync("fct_reader00_onlyreaderknows");
        await tab.Page.GetByLabel("Garder la clé").CheckAsync();

        await tab.Page.GotoAsync(V1);
        await Assertions.Expect(key).ToHaveValueAsync("fct_reader00_onlyreaderknows");
        await Assertions.Expect(tab.Page.GetByLabel("Garder la clé")).ToBeCheckedAsync();
        Assert.That(await tab.Page.EvaluateAsync<string>("JSON.stringify([{ ...localStorage }, document.cookie])"), Does.Not.Contain("onlyreaderknows"));

        await tab.Page.GetByText("Essayer cette opération").ClickAsync();
        await tab.Page.GetByLabel("Garder la clé").UncheckAsync();
        Assert.That(await tab.Page.EvaluateAsync<int>("sessionStorage.length"), Is.Zero);
        await tab.Page.ReloadAsync();
        await Assertions.Expect(key).ToHaveValueAsync(Demo.Key);
    }

    [TestCase(1280)]
    [TestCase(390)]
    public async Task Send_AnswerBelowTheForm_IsScrolledTo(int width)
    {
        await using var tab = await OpenAsync(Page, width);
        await tab.Page.GetByText("Essayer cette opération").ClickAsync();
        await Assertions.Expect(tab.Page.Locator(".try form")).ToBeInViewportAsync();

        await SendAsync(tab);

        await Assertions.Expect(tab.Page.Locator(".try .status")).ToBeInViewportAsync(new() { Ratio = 1 });
        await Assertions.Expect(tab.Page.Locator(".result pre")).ToBeInViewportAsync();
        Assert.That(
            await tab.Page.EvaluateAsync<bool>(
                "document.querySelector('.try .status').getBoundingClientRect().top >= document.querySelector('header').getBoundingClientRect().bottom"),
            "the header does not hide it");
    }

    [Test]
    public async Task Form_AtItsAddress_IsOpen()
    {
        await using var tab = await OpenAsync(V1 + "#essayer");
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Button, new() { Name = "Envoyer" })).ToBeInViewportAsync();
    }

    [Test]
    public async Task Send_ServiceGone_SaysSo()
    {
        await using var tab = await OpenFormAsync(Page);
        await tab.Page.RouteAsync("**" + Path, route => route.AbortAsync());
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Envoyer" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Pas de réponse");
    }

    [Test]
    public async Task Send_V1Reading_IsRecordedUnderItsIdempotencyKey()
    {
        await using var tab = await OpenFormAsync(V1);
        await tab.Page.GetByLabel("Idempotency-Key").FillAsync("essai-1");

        await SendAsync(tab);

        await Assertions.Expect(tab.Page.Locator(".try .status")).ToContainTextAsync("201 Created");
        var text = await tab.Page.Locator(".result pre").TextContentAsync();
        Assert.That(text, Does.Match("""^\{"data":\{"readingId":"[0-9a-f-]{36}"\}\}$"""));
        Assert.That(await tab.Page.Locator(".result dl").TextContentAsync(), Does.Contain("location/v1/meters/2489e9ad-"));
        await tab.Page.GetByLabel("Corps", new() { Exact = true }).FillAsync("{}");
        await SendAsync(tab);
        await Assertions.Expect(tab.Page.Locator(".result pre")).ToContainTextAsync("INVALID_BODY");
    }

    [Test]
    public async Task Send_V1List_TakesItsQueryFromTheFields()
    {
        await using var tab = await OpenFormAsync("/Help/Api/GET-v1-meters-id-readings");
        var request = await tab.Page.RunAndWaitForRequestAsync(
            async () =>
            {
                await tab.Page.GetByLabel("from").FillAsync("2026-04-01T08:00:00+02:00");
                await tab.Page.GetByLabel("limit").FillAsync("1");
                await SendAsync(tab);
            },
            request => request.Url.Contains("/v1/"));

        Assert.That(new Uri(request.Url).PathAndQuery, Is.EqualTo(
            "/v1/meters/2489e9ad-2ee2-8e00-8ec9-32d5f69181c0/readings?from=2026-04-01T08%3A00%3A00%2B02%3A00&limit=1"));
        await Assertions.Expect(tab.Page.Locator(".try .status")).ToContainTextAsync("200 OK");
    }

    private static async Task SendAsync(Tab tab)
    {
        await tab.Page.RunAndWaitForResponseAsync(
            () => tab.Page.GetByRole(AriaRole.Button, new() { Name = "Envoyer" }).ClickAsync(), response => !response.Url.Contains("/Help"));
        await Assertions.Expect(tab.Page.Locator(".try .status[data-kind]")).ToBeVisibleAsync();
        await tab.Page.Locator(".result pre").WaitForAsync();
    }

    private async Task<Tab> OpenFormAsync(string path)
    {
        var tab = await OpenAsync(path);
        await tab.Page.GetByText("Essayer cette opération").ClickAsync();
        return tab;
    }
}
