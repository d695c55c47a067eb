using System.Data;
using Facturation.Core;
using Facturation.Storage.Sqlite;
using NHibernate;
using NHibernate.Linq;

namespace Facturation.Storage.NHibernate;

/// <summary>
/// An import: a stateless session, which keeps nothing of what it writes. Lines are gathered, so that inserts of one table follow each other
/// and are batched.
/// </summary>
internal sealed class ConsommationImport : IConsommationImport
{
    private const int BatchSize = 1_000;

    /// <summary>The number of daily totals held in memory before they are written: a few megabytes.</summary>
    private const int MaxDays = 20_000;

    private readonly IStatelessSession session;
    private readonly Action? release;

    private readonly Dictionary<string, int> clients = [];
    private readonly Dictionary<(int Client, int Numero), Named> produits = [];
    private readonly Dictionary<(int Produit, int Sequence), Named> compteurs = [];
    private readonly Dictionary<(int Client, string Nom), Identifiant> identifiants = [];
    private readonly SeenLines seen = new();
    private readonly Dictionary<TotalId, Total> days = [];
    private readonly List<(int Produit, int Compteur, Identifiant Identifiant, LigneConsommation Ligne)> batch = [];

    // Upper bounds of each compteur's sums: quantities that this import replaces are subtracted only when a bound is exceeded.
    private readonly Dictionary<int, Sums> totals = [];

    // Dossiers with a higher Id were inserted after this import began, so they hold no earlier lines.
    private readonly long lastBefore;

    private ConsommationImport(IStatelessSession session, long lastBefore, Action? release) =>
        (this.session, this.lastBefore, this.release) = (session, lastBefore, release);

    /// <summary>Begins an import in a session, which is disposed with it.</summary>
    /// <param name="session">The session.</param>
    /// <param name="takeTurn">A statement that waits for the turn, which ends with the transaction; or null.</param>
    /// <param name="release">Gives the turn back; or null.</param>
    public static async Task<IConsommationImport> BeginAsync(IStatelessSession session, string? takeTurn, Action? release)
    {
        try
        {
            session.BeginTransaction(IsolationLevel.ReadCommitted);
            if (takeTurn is not null)
                await session.CreateSQLQuery(takeTurn).SetTimeout(0).ExecuteUpdateAsync();
            return new ConsommationImport(session, await session.Query<Dossier>().MaxAsync(d => (long?)d.Id) ?? 0, release);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public async ValueTask<string?> WriteAsync(LigneImport import, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var ligne = import.Ligne;
        // A client, produit or compteur inserted here always gets its line: the refusals below need rows that existed before.
        if (!clients.TryGetValue(import.Client, out var client))
            clients.Add(import.Client, client = await FindOrAddAsync(
                session.Query<Client>().Where(c => c.Code == import.Client).Select(c => c.Id), () => new Client { Code = import.Client }));
        if (!produits.TryGetValue((client, ligne.ProduitId), out var produit))
            produits.Add((client, ligne.ProduitId), produit = new Named(await FindOrAddAsync(
                session.Query<Produit>().Where(p => p.Client.Id == client && p.Numero == ligne.ProduitId).Select(p => p.Id),
                () => new Produit { Client = session.Get<Client>(client), Numero = ligne.ProduitId })));
        if (!compteurs.TryGetValue((produit.Id, ligne.Sequence), out var compteur))
            compteurs.Add((produit.Id, ligne.Sequence), compteur = new Named(await FindOrAddAsync(
                session.Query<Compteur>().Where(k => k.Produit.Id == produit.Id && k.Sequence == ligne.Sequence).Select(k => k.Id),
                () => new Compteur { Produit = session.Get<Produit>(produit.Id), Sequence = ligne.Sequence })));
        if (!identifiants.TryGetValue((client, ligne.Identifiant), out var identifiant))
            identifiant = await session.Query<Identifiant>()
                .SingleOrDefaultAsync(i => i.Client.Id == client && i.Nom == ligne.Identifiant, CancellationToken.None);

        if (seen.Add(compteur.Id, ligne, import.Lieu) is { } first)
            return ImportRules.Repeats(first);
        if (!await CountAsync(produit.Id, compteur.Id, identifiant, ligne))
        {
            seen.Remove(compteur.Id, ligne);
            return ImportRules.Overflows(ligne);
        }

        if (identifiant is null)
            await session.InsertAsync(
                identifiant = new Identifiant { Client = session.Get<Client>(client), Nom = ligne.Identifiant }, CancellationToken.None);
        identifiants[(client, ligne.Identifiant)] = identifiant;
        batch.Add((produit.Id, compteur.Id, identifiant, ligne));
        if (batch.Count == BatchSize)
            await FlushAsync();
        produit.Rename(ligne.NomProduit);
        compteur.Rename(ligne.Libelle);
        return null;
    }

    public async Task CommitAsync(CancellationToken cancellation)
    {
        await FlushAsync();
        await KeepDaysAsync();
        var names = compteurs.Values.Where(c => c.IsRenamed).ToDictionary(c => c.Id, c => c.Nom);
        foreach (var id in totals.Keys.Order())
        {
            var compteur = await session.GetAsync<Compteur>(id, LockMode.Upgrade, cancellation);
            compteur.Cumul = (long)(await ReadTotalsAsync(id)).Positive;
            if (names.TryGetValue(id, out var nom))
                compteur.Libelle = nom;
            await session.UpdateAsync(compteur, cancellation);
        }
        foreach (var renamed in produits.Values.Where(p => p.IsRenamed))
        {
            var produit = await session.GetAsync<Produit>(renamed.Id, LockMode.Upgrade, cancellation);
            produit.Nom = renamed.Nom;
            await session.UpdateAsync(produit, cancellation);
        }
        await session.GetCurrentTransaction().CommitAsync(CancellationToken.None); // A cancelled commit would leave it unknown whether it was done.
    }

    public ValueTask DisposeAsync()
    {
        seen.Dispose();
        session.Dispose();
        release?.Invoke();
        return ValueTask.CompletedTask;
    }

    /// <summary>Adds a quantity to the compteur's totals, unless they could then overflow.</summary>
    private async Task<bool> CountAsync(int produit, int compteur, Identifiant? identifiant, LigneConsommation ligne)
    {
        if (!totals.TryGetValue(compteur, out var total))
            total = await ReadTotalsAsync(compteur);
        var sums = total.Replace(0, ligne.Quantite);
        if (!sums.Fit)
        {
            // The bound is exceeded: compute exact sums, without the line that this one replaces.
            await FlushAsync();
            await KeepDaysAsync();
            total = await ReadTotalsAsync(compteur);
            var old = identifiant is not null && await FindDossierAsync(identifiant.Id, ligne) is { } dossier
                ? await session.GetAsync<Consommation>(KeyOf(produit, compteur, identifiant.Id, dossier, ligne)) : null;
            sums = total.Replace(old?.Quantite ?? 0, ligne.Quantite);
        }
        totals[compteur] = sums.Fit ? sums : total;
        return sums.Fit;
    }

    /// <summary>Writes the lines gathered so far: first their dossiers, one by one since the database numbers them, then all lines.</summary>
    private async Task FlushAsync()
    {
        var dossiers = new Dictionary<(int, DateTime, string), long>();
        foreach (var (_, _, identifiant, ligne) in batch)
            if (!dossiers.ContainsKey((identifiant.Id, ligne.DateDossier, ligne.Dossier)))
                dossiers.Add((identifiant.Id, ligne.DateDossier, ligne.Dossier), await FindDossierAsync(identifiant.Id, ligne)
                    ?? (long)await session.InsertAsync(new Dossier { Identifiant = identifiant, Date = ligne.DateDossier, Reference = ligne.Dossier }));
        var known = new Dictionary<LineId, Consommation>();
        foreach (var (produit, compteur, identifiant, ligne) in batch)
        {
            var dossier = dossiers[(identifiant.Id, ligne.DateDossier, ligne.Dossier)];
            if (dossier <= lastBefore && await session.GetAsync<Consommation>(KeyOf(produit, compteur, identifiant.Id, dossier, ligne)) is { } found)
                known.Add(found.Id, found);
        }
        foreach (var (produit, compteur, identifiant, ligne) in batch)
        {
            var id = KeyOf(produit, compteur, identifiant.Id, dossiers[(identifiant.Id, ligne.DateDossier, ligne.Dossier)], ligne);
            var old = known.GetValueOrDefault(id)?.Quantite;
            if (old == ligne.Quantite)
                continue;
            var line = new Consommation { Id = id, Quantite = ligne.Quantite };
            await (old is null ? session.InsertAsync(line) : session.UpdateAsync(line));
            CountDay(id, old, ligne.Quantite);
        }
        batch.Clear();
        if (days.Count >= MaxDays)
            await KeepDaysAsync();
    }

    /// <summary>Adds a quantity to what its day gains. Totals are written later, since the lines of a day usually follow each other.</summary>
    private void CountDay(LineId line, long? old, long quantite)
    {
        var id = new TotalId { CompteurId = line.CompteurId, IdentifiantId = line.IdentifiantId, Jour = line.Jour };
        if (!days.TryGetValue(id, out var day))
            days.Add(id, day = new Total { Id = id, ProduitId = line.ProduitId });
        day.Plus += Math.Max(quantite, 0) - Math.Max(old ?? 0, 0);
        // In this order, because negating the lowest 64-bit number overflows.
        day.Moins = day.Moins - Math.Min(old ?? 0, 0) + Math.Min(quantite, 0);
        day.Lignes += old is null ? 1 : 0;
    }

    /// <summary>Adds what the days gained to their totals: those that are there are locked in order, since readings change them meanwhile.</summary>
    private async Task KeepDaysAsync()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var added = new List<Total>();
        foreach (var day in days.Values.OrderBy(day => day.Id.CompteurId).ThenBy(day => day.Id.IdentifiantId).ThenBy(day => day.Id.Jour))
        {
            day.ChangedAt = now;
            if (await session.GetAsync<Total>(day.Id, LockMode.Upgrade) is not { } total)
            {
                added.Add(day);
                continue;
            }
            (total.Plus, total.Moins, total.Lignes, total.ChangedAt) = (total.Plus + day.Plus, total.Moins + day.Moins, total.Lignes + day.Lignes, now);
            await session.UpdateAsync(total);
        }
        foreach (var day in added)
            await session.InsertAsync(day);
        days.Clear();
    }

    private async Task<Sums> ReadTotalsAsync(int compteur)
    {
        var sums = await session.CreateQuery("select sum(t.Plus), sum(t.Moins) from Total t where t.Id.CompteurId = :compteur")
            .SetParameter("compteur", compteur).UniqueResultAsync<object?[]>();
        return new((long?)sums[0] ?? 0, (long?)sums[1] ?? 0);
    }

    private async Task<long?> FindDossierAsync(int identifiant, LigneConsommation ligne) => (long?)await session
        .CreateQuery("select d.Id from Dossier d where d.Identifiant.Id = :identifiant and d.Date = :date and d.Reference = :reference")
        .SetParameter("identifiant", identifiant).SetParameter("date", ligne.DateDossier).SetParameter("reference", ligne.Dossier)
        .UniqueResultAsync<object>();

    private static LineId KeyOf(int produit, int compteur, int identifiant, long dossier, LigneConsommation ligne) => new()
    {
        ProduitId = produit,
        IdentifiantId = identifiant,
        Jour = DateOnly.FromDateTime(ligne.DateDossier),
        DossierId = dossier,
        CompteurId = compteur,
    };

    private async Task<int> FindOrAddAsync(IQueryable<int> find, Func<object> add) =>
        await find.SingleOrDefaultAsync() is var found && found != 0 ? found : (int)await session.InsertAsync(add());
}
