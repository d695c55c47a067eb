using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Facturation.Api;
using Facturation.Api.Operations;
using Facturation.Core;
using Facturation.Tests.Api.Commands;
using Facturation.WebApi2;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Api.Operations;

/// <summary>Every section of ours: what is wrong in it ends the start, and docs/settings.md tells what is in it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class SettingsTests
{
    [TestCase("Health:MinFreeDisk=5", "Health:MinFreeDisk : ce réglage n'existe pas ; ceux de Health : MinFreeDiskMegabytes.")]
    [TestCase("Health:MinFreeDiskMegabytes=-1", "Health:MinFreeDiskMegabytes : « -1 » est refusé ; attendu : de 0 à 2147483647.")]
    [TestCase("Cors:Origins=*", "Cors:Origins : « * » est refusé ; attendu : des origines comme https://app.example.com, sans chemin.")]
    [TestCase("Cors:Origins=https://a.example,https://b.example/", "Cors:Origins : « https://a.example,https://b.example/ » est refusé")]
    [TestCase("Metering:Skew=5", "Metering:Skew : « 5 » ne se lit pas ; attendu : une durée hh:mm:ss.")]
    [TestCase("Metering:Skew=2.00:00:00", "Metering:Skew : « 2.00:00:00 » est refusé ; attendu : de 00:00:00 à 1.00:00:00.")]
    [TestCase("Consommation:DateDossierKind=1", "Consommation:DateDossierKind : « 1 » ne se lit pas ; attendu : Unspecified ou Utc ou Local.")]
    [TestCase("Consommation:Inconnu=1", "Consommation:Inconnu : ce réglage n'existe pas")]
    [TestCase("WebApi2:LenientXml=oui", "WebApi2:LenientXml : « oui » ne se lit pas ; attendu : true ou false.")]
    [TestCase("WebApi2:TimeZone=Europe/Tréville", "WebApi2:TimeZone : « Europe/Tréville » ne se lit pas")]
    [TestCase("WebApi2:MaxRequestBodyBytes=0", "WebApi2:MaxRequestBodyBytes : « 0 » est refusé")]
    [TestCase("WebApi2:RoutePrefix=/", "WebApi2:RoutePrefix : « / » est refusé")]
    [TestCase("WebApi2:XmlNewLine=x", "WebApi2:XmlNewLine : « x » est refusé")]
    [TestCase("RateLimits:PerKey=-5", "RateLimits:PerKey : « -5 » est refusé")]
    [TestCase("RateLimits:Window=00:00:00", "RateLimits:Window : « 00:00:00 » est refusé")]
    [TestCase("Compression:Legacy=true", "Compression:Legacy : ce réglage n'existe pas")]
    [TestCase("ForwardedHeaders:KnownProxies=10.0.0.1,proxy", "ForwardedHeaders:KnownProxies : « 10.0.0.1,proxy » ne se lit pas ; attendu : une adresse IP (« proxy »).")]
    [TestCase("ForwardedHeaders:KnownNetworks:0=10.0.0.0/99", "ForwardedHeaders:KnownNetworks")]
    [TestCase("Shutdown:Delay=-00:00:01", "Shutdown:Delay : « -00:00:01 » est refusé")]
    [TestCase("ServerLimits:HeadersBytes=1", "ServerLimits:HeadersBytes : « 1 » est refusé")]
    [TestCase("ServerLimits=tout", "ServerLimits : « tout » n'est pas un réglage mais une section.")]
    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT=localhost:4317", "OTEL_EXPORTER_OTLP_ENDPOINT : « localhost:4317 » n'est pas une adresse http ou https.")]
    [TestCase("OTEL_EXPORTER_OTLP_PROTOCOL=xml", "OTEL_EXPORTER_OTLP_PROTOCOL ne se lit pas ; attendu : grpc ou http/protobuf.", "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9")]
    [TestCase("OTEL_EXPORTER_OTLP_HEADERS=secret", "OTEL_EXPORTER_OTLP_HEADERS ne se lit pas ; attendu : nom=valeur,nom=valeur.", "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9")]
    [TestCase("Prometheus:Token=secret", "Prometheus:Token est refusé ; attendu : au moins 16 lettres et chiffres, tirés au hasard.")]
    [TestCase("Prometheus:Token=0123456789 abcdef", "Prometheus:Token est refusé")]
    [TestCase("WebApi2:RoutePrefix=metrics/x", "WebApi2:RoutePrefix : « metrics » est pris")]
    [TestCase("ForwardedHeaders:KnownProxies=10.1", "ForwardedHeaders:KnownProxies : « 10.1 » ne se lit pas ; attendu : une adresse IP")]
    [TestCase("WebApi2:RoutePrefix=", "WebApi2:RoutePrefix : «  » est refusé")]
    [TestCase("WebApi2:RoutePrefix=a{b}", "WebApi2:RoutePrefix : « a{b} » est refusé")]
    [TestCase("WebApi2:RoutePrefix=/V1/x", "WebApi2:RoutePrefix : « V1 » est pris")]
    [TestCase("Storge:Database=SqlServer", "Storge : ce réglage n'existe pas ; les sections : Compression, ConnectionStrings, Consommation")]
    [TestCase("ConnectionStrings:Facturatoin=x", "ConnectionStrings:Facturatoin : ce réglage n'existe pas ; ceux de ConnectionStrings : Facturation, FacturationReadOnly.")]
    [TestCase("ConnectionStrings:Facturation=Data Source=f.db;Password=x", "ConnectionStrings:Facturation : Password")]
    [TestCase("ConnectionStrings:Facturation=Data Source=f.db;Default Timeout=x", "ConnectionStrings:Facturation ne se lit pas")]
    [TestCase("ConnectionStrings:Facturation=Data Source=file:f.db?mode=memory", "ConnectionStrings:Facturation doit nommer un fichier")]
    [TestCase("Logging:Console:FormatterName=jsno", "Logging:Console:FormatterName : « jsno » ne se lit pas ; attendu : simple ou json ou systemd.")]
    [TestCase("Logging:Console:MaxQueueLength=0", "Logging:Console ne se lit pas : ")]
    [TestCase("Logging:Console:LogToStandardErrorThreshold=x", "Logging:Console ne se lit pas : ")]
    [TestCase("Logging:Console:FormatterOptions:IncludeScopes=oui", "Logging:Console ne se lit pas : ")]
    [TestCase("Logging:Console:FormatterOptions:ColorBehavior=x", "Logging:Console ne se lit pas : ")]
    [TestCase("Logging:Console:FormatterOptions:JsonWriterOptions:Indented=oui", "Logging:Console ne se lit pas : ", "Logging:Console:FormatterName=json")]
    [TestCase("Logging:Console:FormatterOptions:TimestampFormat=%", "Logging:Console:FormatterOptions:TimestampFormat : « % » ne se lit pas")]
    [TestCase("Logging:Console:TimestampFormat=HH:mm", "Logging:Console:TimestampFormat : ce réglage n'existe pas ; ceux de Logging:Console : FormatterName, FormatterOptions")]
    [TestCase("Logging:LogLevel:Facturation=Verbose", "Logging:LogLevel:Facturation : « Verbose » ne se lit pas ; attendu : Trace ou Debug")]
    [TestCase("Kestrel:Endponts:Http:Url=http://*:1", "Kestrel:Endponts : ce réglage n'existe pas ; ceux de Kestrel : Certificates, EndpointDefaults, Endpoints.")]
    [TestCase("Kestrel:Endpoints:Http:Uri=http://*:1", "Kestrel:Endpoints:Http:Url : «  » n'est pas une adresse où écouter")]
    [TestCase("urls=http://127.0.0.1:abc", "urls : « http://127.0.0.1:abc » n'est pas une adresse où écouter")]
    [TestCase("urls=http://-:80", "urls : « http://-:80 » n'est pas une adresse où écouter")]
    [TestCase("urls=http://127.0.0.1:99999", "urls : « http://127.0.0.1:99999 » n'est pas une adresse où écouter")]
    [TestCase("urls=http://*:0;5080", "urls : « 5080 » n'est pas une adresse où écouter")]
    [TestCase("http_ports=80;abc", "http_ports : « abc » n'est pas un port.")]
    [TestCase("RateLimits:PerKey", "--RateLimits:PerKey : il manque la valeur")]
    public void CreateBuilder_WrongSetting_IsRefusedInOneLineThatNamesIt(string setting, string told, string? beside = null)
    {
        string[] args = [.. beside is null ? [] : new[] { $"--{beside}" }, $"--{setting}"];
        var refused = Assert.Throws<RefusedException>(() => Program.CreateBuilder(args));
        Assert.That(refused!.Message, Does.StartWith(told).And.Not.Contain("\n"));
    }

    [TestCase("-Storage:Database=Sqlite")]
    [TestCase("Storage:Database=Sqlite")]
    public void CreateBuilder_ArgumentThatIsNone_IsRefused(string arg) => Assert.That(
        () => Program.CreateBuilder([arg]), Throws.TypeOf<RefusedException>().With.Message.StartsWith($"{arg} : cet argument ne se lit pas"));

    [TestCase("""{ "RateLimit": { "PerKey": 5 } }""", "RateLimit : ce réglage n'existe pas ; les sections : ")]
    [TestCase("""{ "Storage": """, "La configuration ne se lit pas : ")]
    [TestCase("""{ "Storage": { "Database": "Sqlite", "Database": "Sqlite" } }""", "La configuration ne se lit pas : ")]
    public void CreateBuilder_WrongFile_IsRefusedInOneLine(string json, string told)
    {
        using var scratch = new Scratch();
        scratch.Write("appsettings.json", Encoding.UTF8.GetBytes(json));
        Assert.That(() => Program.CreateBuilder([$"--contentRoot={scratch.Root}"]),
            Throws.TypeOf<RefusedException>().With.Message.StartsWith(told).And.Message.Not.Contains("\n"));
    }

    /// <summary>The environment belongs to many programs: only what is nearly ours is refused there.</summary>
    [TestCase("Storge__Database", "Storge : ce réglage n'existe pas ; est-ce Storage ?")]
    [TestCase("RATELIMITS_PERKEY", "RATELIMITS_PERKEY : ce réglage n'existe pas ; RateLimits__PerKey s'écrit avec deux traits.")]
    [TestCase("OTEL_EXPORTER_OTLP_ENDPONT", "OTEL_EXPORTER_OTLP_ENDPONT : ce réglage n'existe pas ; est-ce OTEL_EXPORTER_OTLP_ENDPOINT ?")]
    [TestCase("Other__Database", null)]
    public async Task Start_NameInTheEnvironment_IsRefusedIfItIsNearlyOurs(string name, string? told)
    {
        using var scratch = new Scratch();
        if (told is null)
            await (await ServiceProcess.StartAsync(scratch, (name, "Sqlite"))).DisposeAsync();
        else
            Assert.That(async () => await ServiceProcess.StartAsync(scratch, (name, "Sqlite")),
                Throws.InvalidOperationException.With.Message.EqualTo($"The service did not start:\n{told}"));
    }

    [TestCase("--Kestrel:Endpoints:Https:Certificate:Path=/absent.pfx", "/absent.pfx")]
    [TestCase("--Kestrel:Endpoints:Https:Certificate:Subject=absent", "absent")]
    public void Start_CertificateThatIsNone_IsRefusedInOneLine(string setting, string told) => Assert.That(
        async () => await (await Service.StartAsync(settings: ["--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0", setting])).DisposeAsync(),
        Throws.TypeOf<RefusedException>().With.Message.StartsWith("Le service ne peut pas écouter").And.Message.Contains(told)
            .And.Message.Not.Contains("\n"));

    /// <summary>As a process, whose log tells of the database and nothing else.</summary>
    [Test]
    public async Task Start_PortInUse_IsToldInOneLine()
    {
        using Scratch first = new(), second = new();
        await using var service = await ServiceProcess.StartAsync(first);
        var (code, output, error) = await CommandTests.RunAsync(second, $"--urls={service.Client.BaseAddress}");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Match("^[^ ]+Z info: Facturation[.]Api[^\n]*\n[^\n]*, new\n$"));
        Assert.That(error, Does.Match("^L'adresse est déjà prise ; .*\n$"));
    }

    [Test]
    public void Apply_EveryKindOfSetting_IsReadWhateverTheCaseOfItsName()
    {
        var settings = new ProxyOptions();
        Settings.Apply(Configuration(("S:knownproxies", "10.0.0.1, ::1"), ("S:KnownNetworks:0", "10.0.0.0/8"), ("S:Limit", "3")), "S", settings);
        Assert.That(settings.KnownProxies, Is.EqualTo(new[] { IPAddress.Parse("10.0.0.1"), IPAddress.IPv6Loopback }));
        Assert.That(settings.KnownNetworks, Is.EqualTo(new[] { IPNetwork.Parse("10.0.0.0/8") }));
        Assert.That(settings.Limit, Is.EqualTo(3));
    }

    [Test]
    public void Page_TableOfSettings_NamesEveryOneWithItsDefault()
    {
        using var services = Program.CreateBuilder(["--environment=Production"]).Services.BuildServiceProvider();
        var expected = services.GetServices<SettingsSection>()
            .SelectMany(section => Settings.PropertiesOf(section.Type).Select(property =>
                (Name: $"{section.Name}:{property.Name}", Default: Write(property.GetValue(Activator.CreateInstance(section.Type))))))
            .Append(("ConnectionStrings:Facturation", "Data Source=data/facturation.db"))
            .Append(("ConnectionStrings:FacturationReadOnly", ""))
            .Append(("OTEL_EXPORTER_OTLP_ENDPOINT", ""))
            .ToList();

        Assert.That(Documented(), Is.EquivalentTo(expected));
    }

    /// <summary>The defaults of a fresh class are those of a fresh configuration: nothing in appsettings.json says otherwise.</summary>
    [Test]
    public void AppSettings_OfTheService_ChangeNoDefault()
    {
        var builder = Program.CreateBuilder(["--environment=Production"]);
        using var services = builder.Services.BuildServiceProvider();
        foreach (var section in services.GetServices<SettingsSection>())
        {
            var (fresh, configured) = (Activator.CreateInstance(section.Type)!, services.GetRequiredService(section.Type));
            foreach (var property in Settings.PropertiesOf(section.Type))
                Assert.That(Write(property.GetValue(configured)), Is.EqualTo(Write(property.GetValue(fresh))), $"{section.Name}:{property.Name}");
        }
    }

    /// <summary>A line feed can hardly be typed into an argument or a file of the environment.</summary>
    [TestCase(@"\n", "\n")]
    [TestCase("\n", "\n")]
    [TestCase(@"\r\n", "\r\n")]
    public void Apply_LineFeed_IsTakenAsItIsOrAsItIsWritten(string text, string newLine)
    {
        var options = new WebApi2Options();
        Settings.Apply(new ConfigurationBuilder().AddInMemoryCollection([new("WebApi2:XmlNewLine", text)]).Build(), "WebApi2", options);
        Assert.That(options.XmlNewLine, Is.EqualTo(newLine));
    }

    /// <summary>A user of Linux has few watchers, and a service that finds none left would not start.</summary>
    [TestCase(false)]
    [TestCase(true, "--hostBuilder:reloadConfigOnChange=true")]
    public void CreateBuilder_Files_AreWatchedOnlyIfAsked(bool watched, params string[] args)
    {
        var sources = ((IConfigurationBuilder)Program.CreateBuilder(args).Configuration).Sources;
        Assert.That(sources.OfType<JsonConfigurationSource>().Select(file => file.ReloadOnChange), Is.Not.Empty.And.All.EqualTo(watched));
    }

    private static string Write(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        TimeZoneInfo zone => zone.Id,
        string text => text.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal),
        Array list => string.Join(", ", list.Cast<object>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static IConfiguration Configuration(params (string Name, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();

    private static List<(string Name, string Default)> Documented()
    {
        var page = Clone.Read("docs/settings.md");
        var table = page[page.IndexOf("| setting | default |", StringComparison.Ordinal)..];
        return [.. Row().Matches(table.Split("\n\n")[0]).Select(row => (row.Groups[1].Value, row.Groups[2].Value))];
    }

    [GeneratedRegex(@"^\| `([^`]+)` \| (?:`([^`]*)`)? *\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
