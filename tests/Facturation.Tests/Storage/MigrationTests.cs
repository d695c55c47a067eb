using Facturation.Core;
using Facturation.Storage;
using Facturation.Storage.Sqlite;
using Facturation.Tests.Storage.Upgrade;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Storage;

/// <summary>Databases of an older schema, which the tests keep themselves: the program has one migration, since nothing was released.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class MigrationTests
{
    // What version 3 wrote: lines of imports (Source 0) and of meters (Source 1 and 2) in one table.
    private const string Before = """
        INSERT INTO Clients (Id, Code) VALUES (1, 'C');
        INSERT INTO Identifiants (Id, ClientId, Nom) VALUES (1, 1, 'U'), (2, 1, 'V');
        INSERT INTO Produits (Id, ClientId, Numero, Nom) VALUES (7, 1, 1, 'Eau');
        INSERT INTO Compteurs (Id, ProduitId, Sequence, Libelle, Cumul) VALUES (3, 7, 1, 'Froide', 0), (4, 7, 2, 'Chaude', 0);
        INSERT INTO Dossiers (Id, IdentifiantId, Reference, Date) VALUES
          (1, 1, 'A', '2026-03-22 00:00:00'), (2, 1, 'B', '2026-03-22 00:00:00'), (3, 2, 'A', '2026-03-22 00:00:00');
        INSERT INTO Meters (Id, Uid, ClientId, Serial, Digits, Unit, DossierId, CompteurId, InstalledAt, RemovedAt, ReplacesId) VALUES
          (1, '00000000-0000-0000-0000-000000000001', 1, 'S', 6, 'm3', 2, 3, '2026-03-01 00:00:00', '2026-03-23 12:00:00', NULL),
          (2, '00000000-0000-0000-0000-000000000002', 1, 'T', 6, 'm3', 2, 3, '2026-03-23 12:00:00', NULL, 1);
        INSERT INTO Readings (Uid, MeterId, IndexMilli, ReadAt, RecordedAt, IsSuspect, VoidedAs) VALUES
          ('00000000-0000-0000-0000-000000000011', 1, 0, '2026-03-01 00:00:00', '2026-03-01 00:00:00', 0, 0),
          ('00000000-0000-0000-0000-000000000012', 1, 10000, '2026-03-22 12:00:00', '2026-03-22 12:00:00', 0, 0),
          ('00000000-0000-0000-0000-000000000013', 1, 30000, '2026-03-23 12:00:00', '2026-03-23 12:00:00', 0, 0),
          ('00000000-0000-0000-0000-000000000014', 2, 0, '2026-03-23 12:00:00', '2026-03-23 12:00:00', 0, 0),
          ('00000000-0000-0000-0000-000000000015', 2, 40000, '2026-03-23 18:00:00', '2026-03-23 18:00:00', 0, 0);
        INSERT INTO Consommations (CompteurId, IdentifiantId, Jour, DossierId, Source, Quantite) VALUES
          (3, 1, '2026-03-22', 1, 0, 5), (4, 1, '2026-03-22', 1, 0, 0), (3, 1, '2026-03-22', 2, 0, -3), (3, 2, '2026-03-22', 3, 0, 1),
          (3, 1, '2026-03-22', 2, 1, 10), (3, 1, '2026-03-23', 2, 1, 20), (3, 1, '2026-03-23', 2, 2, 40);
        """;

    [Test]
    public async Task Migrate_DatabaseWithoutTotals_AnswersAsBefore()
    {
        using var scratch = new Scratch();
        await using var services = await CreateOlderAsync(scratch);
        scratch.Execute(Before);

        await services.MigrateStorageAsync();

        await using var view = await services.GetRequiredService<IConsommationStore>()
            .OpenAsync(new Demande("C", null, default, null, Ordre.ParProduit));
        var groupe = view.Groupes.Single();
        Assert.That(groupe.Sommes, Is.EqualTo(new[] { new Somme(1, "Froide", 73), new Somme(2, "Chaude", 0) }));
        Assert.That(await view.ListDetailsAsync(groupe), Is.EqualTo(new[]
        {
            new LigneDetail("A", new(2026, 3, 22), "U", 1, 5),
            new LigneDetail("A", new(2026, 3, 22), "U", 2, 0),
            new LigneDetail("A", new(2026, 3, 22), "V", 1, 1),
            new LigneDetail("B", new(2026, 3, 22), "U", 1, 67),
        }));
        await using var later = await services.GetRequiredService<IConsommationStore>()
            .OpenAsync(new Demande("C", "U", new(new(2026, 3, 23), null), 1, Ordre.ParIdentifiant));
        Assert.That(later.Groupes.Single().Sommes, Is.EqualTo(new[] { new Somme(1, "Froide", 60) }));
        Assert.That(await services.GetRequiredService<DatabaseUpkeep>().CheckAsync(), Is.Empty);
    }

    /// <summary>The check counts turns and units from the readings, with the meter's rollover, and finds what is stored right.</summary>
    [Test]
    public async Task Migrate_MetersOfBefore_StartAgainAfterTheirDigits()
    {
        using var scratch = new Scratch();
        await using var services = await CreateOlderAsync(scratch);
        scratch.Execute(Before);
        scratch.Execute("""
            INSERT INTO Meters (Id, Uid, ClientId, Serial, Digits, Unit, DossierId, CompteurId, InstalledAt, RemovedAt, ReplacesId) VALUES
              (3, '00000000-0000-0000-0000-000000000003', 1, 'U', 3, 'm3', 3, 4, '2026-03-01 00:00:00', NULL, NULL);
            INSERT INTO Readings (Uid, MeterId, IndexMilli, ReadAt, RecordedAt, IsSuspect, VoidedAs) VALUES
              ('00000000-0000-0000-0000-000000000021', 3, 990000, '2026-03-01 00:00:00', '2026-03-01 00:00:00', 0, 0),
              ('00000000-0000-0000-0000-000000000022', 3, 5000, '2026-03-22 12:00:00', '2026-03-22 12:00:00', 0, 0),
              ('00000000-0000-0000-0000-000000000023', 3, 7000, '2026-03-22 13:00:00', '2026-03-22 13:00:00', 0, 0);
            INSERT INTO Consommations (CompteurId, IdentifiantId, Jour, DossierId, Source, Quantite) VALUES (4, 2, '2026-03-22', 3, 3, 17);
            """);

        await services.MigrateStorageAsync();

        Assert.That(await services.GetRequiredService<DatabaseUpkeep>().CheckAsync(), Is.Empty);
        var caller = new Caller("C", null, "abcdefgh", new string('0', 32));
        var meter = (await services.GetRequiredService<IMeterStore>().FindAsync(caller, new Guid("00000000-0000-0000-0000-000000000003")))!;
        Assert.That(meter.Register, Is.EqualTo(new Register(1_000, Register.NoMultiplier)));
        var readings = await services.GetRequiredService<IMeterStore>().ListReadingsAsync(meter.Id, null, null, null, new(null, 10));
        Assert.That(readings.Items.Select(r => r.Turns), Is.EqualTo(new[] { 1, 1, 0 }));
    }

    /// <summary>What kill -9 leaves in the middle of a migration: EF Core's lock, and some of the migrations.</summary>
    [Test]
    public async Task Migrate_AfterOneThatWasKilled_GoesOn()
    {
        using var scratch = new Scratch();
        await using var services = await CreateOlderAsync(scratch);
        scratch.Execute("INSERT INTO __EFMigrationsLock (Id, Timestamp) VALUES (1, '2026-11-22 08:29:29')");

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await services.MigrateStorageAsync(patience.Token);

        Assert.That((await services.GetRequiredService<DatabaseUpkeep>().ReadSchemaAsync()).Pending, Is.Empty);
    }

    /// <summary>Creates a database of the older schema, and the services of a program that knows how to bring it up to date.</summary>
    private static async Task<ServiceProvider> CreateOlderAsync(Scratch scratch)
    {
        scratch.Write("facturation.db", []);
        var factory = new UpgradeContext.Factory(scratch.Connection);
        await using (var context = factory.CreateDbContext())
            await context.GetService<IMigrator>().MigrateAsync(Older.Id);
        return new ServiceCollection().AddFacturationStorage(scratch.Connection, scratch.Root)
            .AddSingleton<DatabaseUpkeep>(services => new SqliteUpkeep(
                factory, new StorageOptions(), services.GetRequiredService<Connections>(), typeof(UpgradeContext)))
            .BuildServiceProvider();
    }
}
