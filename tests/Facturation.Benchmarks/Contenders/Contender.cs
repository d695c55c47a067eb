using System.Globalization;
using System.Net;
using System.Reflection;
using Facturation.Core;
using Facturation.LegacyOracle;
using Microsoft.AspNetCore.Mvc.ApplicationParts;

namespace Facturation.Benchmarks.Contenders;

/// <summary>A server of the comparison, in a process of its own, until its standard input closes.</summary>
internal static class Contender
{
    public const string Command = "serve";

    /// <summary>Where a server tells how many bytes its managed heap holds, and how many it has ever allocated.</summary>
    public const string Heap = "/bench/heap";

    public const string Legacy = "legacy", Stock = "stock", Newtonsoft = "newtonsoft", Static = "static", Memory = "memory", Sqlite = "sqlite";

    /// <summary>Arguments: which contender, then for SQLite the database, and settings if any.</summary>
    public static async Task<int> ServeAsync(string[] args)
    {
        await using var app = args switch
        {
            [Legacy] => BuildLegacy(),
            [Stock] => BuildStock(isNewtonsoft: false),
            [Newtonsoft] => BuildStock(isNewtonsoft: true),
            [Static] => BuildStatic(),
            [Memory] => BuildOurs(Path.Combine(Directory.CreateTempSubdirectory("facturation-bench-").FullName, "empty.db"), inMemory: true),
            [Sqlite, var database, .. var settings] => BuildOurs(database, inMemory: false, settings),
            _ => throw new ArgumentException("serve legacy|stock|newtonsoft|static|memory|sqlite FILE [SETTING…]"),
        };
        app.MapGet(Heap, ReadHeap);
        if (args[0] is Memory or Sqlite)
            await Api.Program.StartAsync(app);
        else
            await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>The whole service as Program makes it: keys, filters, everything; for "memory" only its two stores are other ones.</summary>
    private static WebApplication BuildOurs(string database, bool inMemory, params string[] settings)
    {
        var builder = Api.Program.CreateBuilder(
        [
            "--environment=Production", "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error", "--Storage:MigrateAtStart=true",
            $"--ConnectionStrings:Facturation=Data Source={database}", .. settings,
        ]);
        if (inMemory)
            builder.Services.AddSingleton<IConsommationStore, MemoryStore>().AddSingleton<IApiKeyStore, MemoryStore>();
        return Api.Program.Build(builder);
    }

    private static WebApplication BuildLegacy()
    {
        var app = Builder().Build();
        app.MapPost("/api/{**any}", LegacyPipeline.OfWire(refuseInvalidModelState: true).InvokeAsync);
        return app;
    }

    /// <summary>MVC with its own formatters, set to give the same bytes.</summary>
    private static WebApplication BuildStock(bool isNewtonsoft)
    {
        var builder = Builder();
        var mvc = builder.Services.AddControllers()
            .ConfigureApplicationPartManager(parts =>
            {
                parts.ApplicationParts.Clear();
                parts.ApplicationParts.Add(new StockPart());
            })
            .AddJsonOptions(json =>
            {
                json.JsonSerializerOptions.PropertyNamingPolicy = null;
                json.JsonSerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            })
            .AddXmlDataContractSerializerFormatters();
        if (isNewtonsoft)
            mvc.AddNewtonsoftJson(json => json.UseMemberCasing());
        var app = builder.Build();
        app.MapControllers();
        return app;
    }

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

    private sealed class StockPart : ApplicationPart, IApplicationPartTypeProvider
    {
        public override string Name => nameof(StockPart);

        public IEnumerable<TypeInfo> Types => [typeof(Stock.ConsommationV2Controller).GetTypeInfo()];
    }
}
