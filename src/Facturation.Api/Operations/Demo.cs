using Facturation.Api.Import;
using Facturation.Core;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Facturation.Api.Operations;

/// <summary>The demo set, for a first start in Development.</summary>
/// <remarks>
/// The demo key is kept in the database, so it exists only where the demo set was loaded. <see cref="Security.ApiKeyHandler"/>
/// refuses it outside Development, even if the database is copied elsewhere.
/// </remarks>
internal static partial class Demo
{
    /// <summary>The public key of the demo.</summary>
    public const string Key = "fct_demo0000_demodemodemodemodemodemodemodemo";

    /// <summary>The meter in the example of the v1 contract.</summary>
    public static readonly Guid MeterId = new("2489e9ad-2ee2-8e00-8ec9-32d5f69181c0");

    private const string Client = "DEMO";

    /// <summary>The demo set. The build copies the file beside the program; it is not published.</summary>
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "samples", "data", "consommations.csv");

    /// <summary>In Development, fills a database that has no client yet.</summary>
    public static async Task SeedAsync(WebApplication app, CancellationToken cancellation)
    {
        var store = app.Services.GetRequiredService<IConsommationStore>();
        if (!app.Environment.IsDevelopment() || (await store.ListClientsAsync(cancellation)).Count > 0)
            return;
        if (!System.IO.File.Exists(File))
        {
            LogMissing(app.Logger, File);
            return;
        }

        await using var stream = System.IO.File.OpenRead(File);
        var bilan = await Importer.RunAsync(
            store, stream, null, skipBad: false, (lieu, why) => LogBadLine(app.Logger, File, lieu, why), (_, _) => { }, cancellation);
        if (!bilan.IsCommitted)
            return;
        try
        {
            await app.Services.GetRequiredService<IApiKeyStore>().AddAsync(
                new ApiKey(ApiKey.DemoPrefix, ApiKey.HashOf(Key), Client, null, Scopes.All, TimeProvider.System.GetUtcNow()), cancellation: cancellation);
        }
        catch (RefusedException)
        {
            return; // Another node that starts at the same time has loaded the set.
        }
        await SeedMeterAsync(app.Services, cancellation);
        LogSeeded(app.Logger, bilan.Good, File);
    }

    /// <summary>In Development with the demo set, writes a line to paste into a terminal once the service listens.</summary>
    public static async Task AnnounceAsync(WebApplication app, CancellationToken cancellation)
    {
        if (!app.Environment.IsDevelopment()
            || await app.Services.GetRequiredService<IApiKeyStore>().FindAsync(ApiKey.DemoPrefix, cancellation) is not { RevokedAt: null })
            return;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        if (address is not null)
            LogReady(app.Logger, Key, address);
    }

    /// <summary>Creates the meter of the example in the v1 contract, with readings before that of the example, and a price.</summary>
    private static async Task SeedMeterAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var metering = services.GetRequiredService<Metering>();
        var caller = new Caller(Client, null, ApiKey.DemoPrefix, new string('0', 32));
        var meter = new Meter
        {
            Id = MeterId,
            Serial = "EAU-0042",
            Digits = 6,
            Register = new(Register.RolloverOf(6), Register.NoMultiplier),
            Unit = "m³",
            Identifiant = "mairie.tréville",
            Dossier = "HDV-EAU",
            DateDossier = new DateTime(2026, 4, 1),
            ProduitId = 2,
            Sequence = 1,
            InstalledAt = new DateTimeOffset(2026, 4, 1, 6, 0, 0, TimeSpan.Zero),
        };
        SentReading[] readings =
        [
            new(1_212_845, new DateTimeOffset(2026, 4, 5, 7, 30, 0, TimeSpan.Zero), MeterId, null),
            new(1_223_118, new DateTimeOffset(2026, 4, 10, 7, 30, 0, TimeSpan.Zero), MeterId, null),
        ];
        var store = services.GetRequiredService<IMeterStore>();
        await store.WriteAsync(
            transaction => metering.CreateAsync(
                transaction, caller, meter, new(1_204_310, meter.InstalledAt, MeterId, null), cancellation: cancellation),
            cancellation);
        await store.WriteAsync(
            transaction => metering.RecordAsync(transaction, caller, meter.Id, readings, _ => true, cancellation: cancellation), cancellation);
        // 3.50 EUR a cubic metre.
        var billing = services.GetRequiredService<Billing>();
        var price = new Price(new DateOnly(2026, 1, 1), 3_500_000, "EUR");
        await store.WriteAsync(
            transaction => billing.SetPriceAsync(transaction, caller, meter.ProduitId, meter.Sequence, price, cancellation), cancellation);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Demo set loaded: {Count} lines of {File}")]
    private static partial void LogSeeded(ILogger logger, int count, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Demo set not loaded, the database stays empty: there is no file {File}")]
    private static partial void LogMissing(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "Demo set not loaded: {File}, {Lieu} : {Why}")]
    private static partial void LogBadLine(ILogger logger, string file, Lieu lieu, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = """
        Demo key (Development only): {Key}
        curl -H "X-API-Key: {Key}" -H "Content-Type: application/json" -d '{{"Debut":"2026-03-01","Fin":"2026-03-31"}}' {Address}/api/ConsommationV2
        """)]
    private static partial void LogReady(ILogger logger, string key, string address);
}
