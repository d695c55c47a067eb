using System.Globalization;
using System.Net;
using System.Reflection;
using System.Web.Http.Dispatcher;
using Facturation.Benchmarks.Contenders.Ordinary;
using Facturation.Core;
using Facturation.LegacyOracle;
using Facturation.Storage;
using Facturation.Storage.Sqlite;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc.ApplicationParts;

namespace Facturation.Benchmarks.Contenders;

/// <summary>A server of the comparison, in a process of its own, until its standard input closes.</summary>
internal static class Contender
{
    public const string Command = "serve";

    /// <summary>Where a server tells how many bytes its managed heap holds, and how many it has ever allocated.</summary>
    public const string Heap = "/bench/heap";

    public const string Legacy = "legacy", Stock = "stock", Newtonsoft = "newtonsoft", Static = "static", Empty = "empty", Memory = "memory", Sqlite = "sqlite";

    /// <summary>Those that answer from a SQLite database and log each request.</summary>
    public const string Logged = "logged", EfCore = "efcore", Dapper = "dapper", LegacyDapper = "legacy-dapper", NHibernate = "nhibernate";

    /// <summary>Arguments: which contender, then for those on SQLite the database, and settings if any.</summary>
    public static async Task<int> ServeAsync(string[] args)
    {
        await using var app = args switch
        {
            [Legacy] => BuildLegacy(),
            [Stock] => BuildStock(isNewtonsoft: false),
            [Newtonsoft] => BuildStock(isNewtonsoft: true),
            [Static] => BuildStatic(),
            [Memory] => BuildOurs(
                Path.Combine(Directory.CreateTempSubdirectory("facturation-bench-").FullName, "empty.db"),
                builder => builder.Services.AddSingleton<IConsommationStore, MemoryStore>().AddSingleton<IApiKeyStore, MemoryStore>()),
            [Sqlite, var database, .. var settings] => BuildOurs(database, null, settings),
            [Logged, var database] => BuildOurs(database, builder => LogSink.Use(builder.Logging), "--Logging:LogLevel:Default=Information"),
            [Empty] => BuildStock(typeof(EmptyController), services => services.AddSingleton<IConsommations, OneKey>()),
            [EfCore, var database] => BuildStock(typeof(MonthController), services => services
                .AddDbContextPool<FacturationContext>(context => context.UseFacturationSqlite(Reading(database)))
                .AddScoped<IConsommations, EfConsommations>()),
            [Dapper, var database] => BuildStock(typeof(MonthController), services => services.AddSingleton<IConsommations>(new DapperConsommations(Reading(database)))),
#if NHIBERNATE
            [NHibernate, var database] => BuildStock(typeof(MonthController), services => services
                .AddSingleton(NHibernateConsommations.CreateFactory(Reading(database)))
                .AddScoped<IConsommations, NHibernateConsommations>()),
#endif
            [LegacyDapper, var database] => BuildLegacy(new DapperConsommations(Reading(database))),
            _ => throw new ArgumentException("serve legacy|stock|newtonsoft|static|empty|memory, or sqlite|logged|efcore|dapper|legacy-dapper FILE"),
        };
        app.MapGet(Heap, ReadHeap);
        if (args[0] is Memory or Sqlite or Logged)
            await Api.Program.StartAsync(app);
        else
            await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>The whole service as Program makes it: keys, filters, everything; for "memory" only its two stores are other ones.</summary>
    private static WebApplication BuildOurs(string database, Action<WebApplicationBuilder>? change, params string[] settings)
    {
        var builder = Api.Program.CreateBuilder(
        [
            "--environment=Production", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error", "--Storage:MigrateAtStart=true",
            $"--ConnectionStrings:Facturation=Data Source={database}", .. settings,
        ]);
        change?.Invoke(builder);
        return Api.Program.Build(builder);
    }

    private static WebApplication BuildLegacy()
    {
        var app = Builder().Build();
        app.MapPost("/api/{**any}", LegacyPipeline.OfWire(refuseInvalidModelState: true).InvokeAsync);
        return app;
    }

    private static WebApplication BuildLegacy(IConsommations store)
    {
        var builder = Builder();
        LogSink.Use(builder.Logging);
        var app = builder.Build();
        var pipeline = new LegacyPipeline(config =>
        {
            config.Routes.MapHttpRoute("month", "api/ConsommationV2", new { controller = "Months" });
            config.MessageHandlers.Add(new KeyMessageHandler(store, app.Services.GetRequiredService<ILogger<KeyMessageHandler>>()));
            config.Services.Replace(typeof(IHttpControllerActivator), new ControllerActivator(store));
        });
        app.MapPost("/api/{**any}", pipeline.InvokeAsync);
        return app;
    }

    private static WebApplication BuildStock(bool isNewtonsoft)
    {
        var builder = Builder();
        var mvc = AddStock(builder.Services, typeof(Stock.ConsommationV2Controller));
        if (isNewtonsoft)
            mvc.AddNewtonsoftJson(json => json.UseMemberCasing());
        var app = builder.Build();
        app.MapControllers();
        return app;
    }

    /// <summary>MVC with what any service has: authentication and a log.</summary>
    private static WebApplication BuildStock(Type controller, Action<IServiceCollection> addStore)
    {
        var builder = Builder();
        LogSink.Use(builder.Logging);
        AddStock(builder.Services, controller);
        addStore(builder.Services);
        builder.Services.AddAuthentication(KeyHandler.Name).AddScheme<AuthenticationSchemeOptions, KeyHandler>(KeyHandler.Name, null);
        builder.Services.AddAuthorization();
        var app = builder.Build();
        app.UseMiddleware<RequestLogging>();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapControllers();
        return app;
    }

    /// <summary>MVC with its own formatters, set to give the same bytes.</summary>
    private static IMvcBuilder AddStock(IServiceCollection services, Type controller) => services.AddControllers()
        .ConfigureApplicationPartManager(parts =>
        {
            parts.ApplicationParts.Clear();
            parts.ApplicationParts.Add(new StockPart(controller.GetTypeInfo()));
        })
        .AddJsonOptions(json =>
        {
            json.JsonSerializerOptions.PropertyNamingPolicy = null;
            json.JsonSerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        })
        .AddXmlDataContractSerializerFormatters();

    /// <summary>Nothing but the file and that it is only read: pooled, as it comes.</summary>
    private static string Reading(string database) => $"Data Source={database};Mode=ReadOnly";

    /// <summary>The ceiling: the same bytes from an array.</summary>
    private static WebApplication BuildStatic()
    {
        var app = Builder().Build();
        var answers = new System.Collections.Concurrent.ConcurrentDictionary<(int, bool), byte[]>();
        app.Run(async context =>
        {
            if (context.Request.Path == Heap)
            {
                await context.Response.WriteAsync(ReadHeap());
                return;
            }
            var isXml = context.Request.ContentType!.StartsWith("application/xml", StringComparison.Ordinal);
            var rows = int.Parse(context.Request.Headers["X-Rows"].ToString(), CultureInfo.InvariantCulture);
            var body = answers.GetOrAdd((rows, isXml), key => Sample.Bytes(key.Item1, key.Item2));
            context.Response.ContentType = isXml ? "application/xml; charset=utf-8" : "application/json; charset=utf-8";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body);
        });
        return app;
    }

    private static string ReadHeap() => string.Create(CultureInfo.InvariantCulture, $"{GC.GetTotalMemory(false)} {GC.GetTotalAllocatedBytes(precise: true)}");

    private static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        return builder;
    }

    private sealed class StockPart(TypeInfo controller) : ApplicationPart, IApplicationPartTypeProvider
    {
        public override string Name => nameof(StockPart);

        public IEnumerable<TypeInfo> Types => [controller];
    }
}
