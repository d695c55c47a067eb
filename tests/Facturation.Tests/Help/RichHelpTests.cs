using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Reflection;
using Facturation.Api.Help;
using Facturation.WebApi2;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Facturation.Tests.Help;

/// <summary>Pages of an API that has all that the contract lacks: parameters in the address, enums, dictionaries, generics.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RichHelpTests
{
    private WebApplication app = null!;
    private HttpClient client = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton<TimeProvider>(new HelpClock());
        HelpEndpoints.Add(builder.Services);
        builder.Services.AddControllers()
            .ConfigureApplicationPartManager(parts =>
            {
                parts.ApplicationParts.Clear();
                parts.ApplicationParts.Add(new CommandesPart());
                parts.FeatureProviders.Add(new ControllerFeatureProvider());
            })
            .AddWebApi2();
        app = builder.Build();
        app.MapControllers();
        HelpEndpoints.Map(app);
        await app.StartAsync();
        client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    [TestCase("GET-api-Commandes-id_a_page", "GET api/Commandes/{id}?a={a}&page={page}")]
    [TestCase("put-api-commandes", "PUT api/Commandes")]
    [TestCase("DELETE-api-Commandes-id", "DELETE api/Commandes/{id}")]
    [TestCase("GET-v1.0-commandes", "GET v1.0/commandes")]
    public async Task Get_Operation_IsNamedByVerbPathAndQuery(string apiId, string title)
    {
        var page = await GetAsync($"/Help/Api/{apiId}");
        Assert.That(page.Status, Is.EqualTo(200));
        Assert.That(HelpPage.Text(page.Article), Does.StartWith(title + " "));
    }

    [Test]
    public async Task Get_UriParameters_SayWhatIsRequiredAndDefault() => Assert.That(
        HelpPage.Text((await GetAsync("/Help/Api/GET-api-Commandes-id_a_page")).Article),
        Does.Contain(
            "URI Parameters NameDescriptionTypeAdditional information id Numéro <de> commande integer Required Range: inclusive between 1 and 9 "
            + "a string Required page integer Default value is 1 Body Parameters None."));

    [Test]
    public async Task Get_NothingSentNothingAnswered_SaysNone() => Assert.That(
        HelpPage.Text((await GetAsync("/Help/Api/DELETE-api-Commandes-id")).Article),
        Does.Contain("Body Parameters None.").And.EndsWith("Resource Description None.").And.Not.Contain("Sample"));

    [Test]
    public async Task Get_Model_TellsEveryTypeAndAnnotation()
    {
        var page = await GetAsync("/Help/ResourceModel?modelName=Commande");
        var text = HelpPage.Text(page.Article);

        Assert.That(text, Does.Contain(
            "Nom Le nom, \"entre\" <guillemets> & fils string Required Max length: 40 Min length: 2 "));
        Assert.That(text, Does.Contain(
            "Code string Data type: Password Matching regular expression pattern: ^<[a-z]+$ String length: inclusive between 1 and 9 "));
        Assert.That(text, Does.Contain("Part decimal number None. ").And.Contain("Etat Etat None. ").And.Contain("Cle globally unique identifier None. "));
        Assert.That(text, Does.Contain("Delai time interval None. ").And.Contain("Lieu URI None. ").And.Contain("Rang byte None. "));
        Assert.That(text, Does.Contain("Taux Dictionary of string [key] and Collection of integer [value] None. "));
        Assert.That(text, Does.Contain("Suites Collection of Commande None."));
        Assert.That(page.Html, Does.Contain("&lt;guillemets&gt; &amp; fils").And.Not.Contain("<guillemets>"));
    }

    [Test]
    public async Task Get_Enum_ListsItsValues() => Assert.That(
        HelpPage.Text((await GetAsync("/Help/ResourceModel?modelName=etat")).Article),
        Is.EqualTo("Etat Où en est une commande. Possible enumeration values: NameValueDescription Ouverte 1 En cours Close 4"));

    [Test]
    public async Task Get_GenericModel_IsNamedByItsArguments()
    {
        Assert.That((await GetAsync("/Help/ResourceModel?modelName=PageOfCommande")).Status, Is.EqualTo(200));
        var operation = await GetAsync("/Help/Api/GET-api-Commandes-id_a_page");
        Assert.That(HelpPage.Text(operation.Article), Does.Contain("Resource Description PageOfCommande "));
    }

    [Test]
    public async Task Get_Samples_FollowTheCounter()
    {
        var text = HelpPage.Text((await GetAsync("/Help/Api/PUT-api-Commandes")).Article);
        Assert.That(text, Does.Contain("\"Nom\": \"sample string 1\", \"Code\": \"sample string 2\", \"Part\": 3.1, \"Prix\": 1.0, \"Etat\": 1, "));
        Assert.That(text, Does.Contain("\"Rang\": 4, ").And.Contain("\"Delai\": \"00:00:06\""));
        Assert.That(text, Does.Contain("\"Taux\": { \"sample string 1\": [ 1, 2 ], \"sample string 2\": [ 1, 2 ] }, \"Suites\": [ null, null ]"));
    }

    [Test]
    public async Task Get_PlainController_HasNoPage() =>
        Assert.That((await GetAsync("/Help")).Html, Does.Not.Contain("simple"));

    [Test]
    public void ApiExplorer_WebApi2Action_TellsItsOwnFormats()
    {
        var put = app.Services.GetRequiredService<IApiDescriptionGroupCollectionProvider>().ApiDescriptionGroups.Items
            .SelectMany(group => group.Items).Single(api => api is { HttpMethod: "PUT", RelativePath: "api/Commandes" });

        string[] written = ["application/json", "text/json", "application/xml", "text/xml"];
        Assert.That(
            put.SupportedRequestFormats.Select(format => format.MediaType),
            Is.EqualTo(written.Append("application/x-www-form-urlencoded")));
        Assert.That(put.SupportedResponseTypes.Single().ApiResponseFormats.Select(format => format.MediaType), Is.EqualTo(written));
    }

    private Task<HelpPage> GetAsync(string path) => HelpPage.GetAsync(client, path);

    private sealed class CommandesPart : ApplicationPart, IApplicationPartTypeProvider
    {
        public override string Name => nameof(CommandesPart);

        public IEnumerable<TypeInfo> Types =>
            [typeof(CommandesController).GetTypeInfo(), typeof(AnciensController).GetTypeInfo(), typeof(SimpleController).GetTypeInfo()];
    }
}

/// <summary>Où en est une commande.</summary>
public enum Etat
{
    /// <summary>En cours</summary>
    Ouverte = 1,
    Close = 4,
}

public class Page<T>
{
    public List<T>? Lignes { get; set; }
}

public class Commande
{
    /// <summary>Le nom, "entre" &lt;guillemets&gt; &amp; fils</summary>
    [MinLength(2), MaxLength(40), Required]
    public string? Nom { get; set; }

    [StringLength(9, MinimumLength = 1), RegularExpression("^<[a-z]+$"), DataType(DataType.Password)]
    public string? Code { get; set; }

    public double Part { get; set; }

    public decimal? Prix { get; set; }

    public Etat Etat { get; set; }

    public byte Rang { get; set; }

    public Guid Cle { get; set; }

    public TimeSpan Delai { get; set; }

    public Uri? Lieu { get; set; }

    public Dictionary<string, int[]>? Taux { get; set; }

    public List<Commande>? Suites { get; set; }
}

[WebApi2]
[SuppressMessage("Performance", "CA1822", Justification = "An action is an instance method.")]
public class CommandesController : ControllerBase
{
    /// <summary>Une page.</summary>
    /// <param name="id">Numéro &lt;de&gt; commande</param>
    /// <param name="a"></param>
    /// <param name="page"></param>
    public Page<Commande> Get([System.ComponentModel.DataAnnotations.Range(1, 9)] int id, string a, int page = 1) => new();

    public Commande? Put(Commande? commande) => commande;

    public void Delete(int id) => Response.StatusCode = id;
}

[WebApi2]
[SuppressMessage("Performance", "CA1822", Justification = "An action is an instance method.")]
public class AnciensController : ControllerBase
{
    [HttpGet("v1.0/commandes")]
    public int Get() => 1;
}

[ApiController]
[Route("simple")]
[SuppressMessage("Performance", "CA1822", Justification = "An action is an instance method.")]
public class SimpleController : ControllerBase
{
    [HttpGet]
    public int Get() => 1;
}
