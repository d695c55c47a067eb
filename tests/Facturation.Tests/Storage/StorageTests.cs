using Facturation.Core;
using Facturation.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Facturation.Tests.Storage;

/// <summary>What every database must do; a subclass says which.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public abstract partial class StorageTests
{
    private ServiceProvider services = null!;

    private protected Scratch Scratch { get; } = new();

    private protected IServiceProvider Services => services;

    private IConsommationStore Store => services.GetRequiredService<IConsommationStore>();

    /// <summary>The answers of <see cref="SqlConsommationView"/>, however few lines they have.</summary>
    private ConsommationStore Streaming => new(services.GetRequiredService<Database>(), maxInMemory: 0);

    private IApiKeyStore Keys => services.GetRequiredService<IApiKeyStore>();

    /// <summary>Adds the storage under test, on an empty database of its own.</summary>
    protected abstract void AddStorage(IServiceCollection services);

    /// <summary>Whether works wait for each other, in order of arrival, even where they write nothing in common.</summary>
    private protected virtual bool WritesInTurn => true;

    /// <summary>Removes what does not lie in the test's directory.</summary>
    private protected virtual Task DropAsync() => Task.CompletedTask;

    [SetUp]
    public async Task CreateDatabase()
    {
        var collection = new ServiceCollection();
        AddStorage(collection);
        // An hour ahead: what the service has written settled long ago (ListChangesAsync).
        collection.AddSingleton<TimeProvider>(new SetClock(DateTimeOffset.UtcNow.AddHours(1)));
        services = collection.BuildServiceProvider();
        await services.MigrateStorageAsync();
    }

    [TearDown]
    public async Task DropDatabase()
    {
        await DropAsync();
        await services.DisposeAsync();
        Scratch.Dispose();
    }

    private protected static LigneImport Line(
        long quantite = 1,
        string identifiant = "U",
        int produit = 1,
        string dossier = "D",
        string date = "2026-03-22",
        int sequence = 1,
        string client = "C",
        string? nom = "Eau",
        string? libelle = "Froide") =>
        new(new Lieu(2), client, new LigneConsommation(
            produit, nom, identifiant, dossier, DateTime.Parse(date, System.Globalization.CultureInfo.InvariantCulture), sequence, libelle, quantite));

    private protected async Task ImportAsync(params LigneImport[] lignes) =>
        Assert.That(await TryImportAsync(lignes), Is.All.Null);

    private protected async Task<List<string?>> TryImportAsync(params LigneImport[] lignes)
    {
        await using var import = await Store.BeginImportAsync();
        var errors = new List<string?>();
        foreach (var ligne in lignes)
            errors.Add(await import.WriteAsync(ligne));
        await import.CommitAsync();
        return errors;
    }

    private protected async Task<List<LigneConsommation>> ReadAsync(
        string client = "C", string? identifiant = null, Periode periode = default, int? produit = null, Ordre ordre = Ordre.ParIdentifiant)
    {
        var lignes = new List<LigneConsommation>();
        await using var view = await Store.OpenAsync(new Demande(client, identifiant, periode, produit, ordre));
        foreach (var groupe in view.Groupes)
            foreach (var d in await view.ListDetailsAsync(groupe))
                lignes.Add(new LigneConsommation(
                    groupe.ProduitId, groupe.NomProduit, d.Identifiant, d.Dossier, d.DateDossier, d.Sequence,
                    groupe.Sommes.Single(s => s.Sequence == d.Sequence).Libelle, d.Quantite));
        return lignes;
    }
}

/// <summary>The suite on SQLite.</summary>
public sealed class SqliteStorageTests : StorageTests
{
    protected override void AddStorage(IServiceCollection services) => services.AddFacturationStorage(Scratch.Connection, Scratch.Root);
}
