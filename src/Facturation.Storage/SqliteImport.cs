using System.Runtime.InteropServices;
using Facturation.Core;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Facturation.Storage;

/// <summary>An import as prepared statements in one transaction: EF Core's tracking would cost ten times the insert.</summary>
internal sealed class SqliteImport : IConsommationImport
{
    /// <summary>Totals of days held in memory: some megabytes.</summary>
    private const int MaxDays = 20_000;

    private readonly FacturationContext context;
    private readonly IDbContextTransaction transaction;
    private readonly List<Statement> statements = [];

    private readonly Statement findClient, addClient, findProduit, addProduit, renameProduit, findCompteur, addCompteur, renameCompteur;
    private readonly Statement findIdentifiant, addIdentifiant, findDossier, addDossier;
    private readonly Statement addedUp, subtracted, keepCumul, findQuantite, addQuantite, replaceQuantite, findTotal, keepTotal;

    private readonly Dictionary<string, int> clients = [];
    private readonly Dictionary<(int Client, int Numero), Named> produits = [];
    private readonly Dictionary<(int Produit, int Sequence), Named> compteurs = [];
    private readonly Dictionary<(int Client, string Nom), int> identifiants = [];
    private readonly Dictionary<int, (Int128 Positive, Int128 Negative)> totals = [];
    private readonly Dictionary<(int Compteur, int Identifiant, DateOnly Jour), Total> days = [];
    private readonly Dictionary<(long Dossier, int Compteur), Lieu> seen = [];

    // Dossiers with a higher Id are this import's own: what they have is known.
    private readonly long lastBefore;
    private long lastId;
    private (int Identifiant, DateTime Date, string Reference, long Id)? last;

    private SqliteImport(FacturationContext context, IDbContextTransaction transaction)
    {
        this.context = context;
        this.transaction = transaction;

        findClient = Prepare("SELECT Id FROM Clients WHERE Code = @0");
        addClient = Prepare("INSERT INTO Clients (Code) VALUES (@0) RETURNING Id");
        findProduit = Prepare("SELECT Id FROM Produits WHERE ClientId = @0 AND Numero = @1");
        addProduit = Prepare("INSERT INTO Produits (ClientId, Numero) VALUES (@0, @1) RETURNING Id");
        renameProduit = Prepare("UPDATE Produits SET Nom = @1 WHERE Id = @0");
        findCompteur = Prepare("SELECT Id FROM Compteurs WHERE ProduitId = @0 AND Sequence = @1");
        addCompteur = Prepare("INSERT INTO Compteurs (ProduitId, Sequence) VALUES (@0, @1) RETURNING Id");
        renameCompteur = Prepare("UPDATE Compteurs SET Libelle = @1 WHERE Id = @0");
        findIdentifiant = Prepare("SELECT Id FROM Identifiants WHERE ClientId = @0 AND Nom = @1");
        addIdentifiant = Prepare("INSERT INTO Identifiants (ClientId, Nom) VALUES (@0, @1) RETURNING Id");
        findDossier = Prepare("SELECT Id FROM Dossiers WHERE IdentifiantId = @0 AND Date = @1 AND Reference = @2");
        addDossier = Prepare("INSERT INTO Dossiers (Id, IdentifiantId, Date, Reference) VALUES (@0, @1, @2, @3)");
        addedUp = Prepare("SELECT COALESCE(SUM(Plus), 0) FROM Totaux WHERE CompteurId = @0");
        subtracted = Prepare("SELECT COALESCE(SUM(Moins), 0) FROM Totaux WHERE CompteurId = @0");

        keepCumul = Prepare("UPDATE Compteurs SET Cumul = @1 WHERE Id = @0");

        lastId = lastBefore = Prepare("SELECT COALESCE(MAX(Id), 0) FROM Dossiers").Run()!.Value;

        const string key = "ProduitId = @0 AND IdentifiantId = @1 AND Jour = @2 AND DossierId = @3 AND CompteurId = @4";
        findQuantite = Prepare($"SELECT Quantite FROM Consommations WHERE {key}");
        addQuantite = Prepare(
            "INSERT INTO Consommations (ProduitId, IdentifiantId, Jour, DossierId, CompteurId, Quantite) VALUES (@0, @1, @2, @3, @4, @5)");
        replaceQuantite = Prepare($"UPDATE Consommations SET Quantite = @5 WHERE {key}");
        keepTotal = Prepare("""
            INSERT INTO Totaux (CompteurId, IdentifiantId, Jour, ProduitId, Plus, Moins, Lignes) VALUES (@0, @1, @2, @3, @4, @5, @6)
            ON CONFLICT DO UPDATE SET Plus = @4, Moins = @5, Lignes = @6
            """);
        findTotal = Prepare("SELECT Plus, Moins, Lignes FROM Totaux WHERE CompteurId = @0 AND IdentifiantId = @1 AND Jour = @2");
    }

    public static async Task<SqliteImport> BeginAsync(FacturationContext context, CancellationToken cancellation)
    {
        try
        {
            return new SqliteImport(context, await context.Database.BeginTransactionAsync(cancellation));
        }
        catch
        {
            await context.DisposeAsync();
            throw;
        }
    }

    public ValueTask<string?> WriteAsync(LigneImport ligne, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Write(ligne.Lieu, ligne.Client, ligne.Ligne));
    }

    private string? Write(Lieu lieu, string code, LigneConsommation ligne)
    {
        // A client, produit or compteur made here is never left empty: a line is only refused below when they were there.
        ref var client = ref Slot(clients, code);
        if (client == 0)
            client = (int)(findClient.Run(code) ?? addClient.Run(code)!);
        var produit = Slot(produits, (client, ligne.ProduitId)) ??=
            new Named(findProduit.Run(client, ligne.ProduitId) ?? addProduit.Run(client, ligne.ProduitId)!.Value);
        var compteur = Slot(compteurs, (produit.Id, ligne.Sequence)) ??=
            new Named(findCompteur.Run(produit.Id, ligne.Sequence) ?? addCompteur.Run(produit.Id, ligne.Sequence)!.Value);

        ref var identifiant = ref Slot(identifiants, (client, ligne.Identifiant));
        if (identifiant == 0)
            identifiant = (int)(findIdentifiant.Run(client, ligne.Identifiant) ?? 0);
        // The lines of a dossier mostly follow each other.
        var isLast = last is { } l && l.Identifiant == identifiant && l.Date == ligne.DateDossier && l.Reference == ligne.Dossier;
        var dossier = isLast ? last!.Value.Id : identifiant == 0 ? null : findDossier.Run(identifiant, ligne.DateDossier, ligne.Dossier);
        if (dossier is { } known && seen.TryGetValue((known, compteur.Id), out var first))
            return $"la même ligne est déjà plus haut, {first}";

        var jour = DateOnly.FromDateTime(ligne.DateDossier);
        var old = dossier is null || dossier > lastBefore ? null : findQuantite.Run(produit.Id, identifiant, jour, dossier, compteur.Id);
        if (!Count(compteur.Id, old, ligne.Quantite))
            return $"le total du compteur {ligne.Sequence} du produit {ligne.ProduitId} ne tiendrait plus dans 64 bits";

        if (identifiant == 0)
            identifiant = (int)addIdentifiant.Run(client, ligne.Identifiant)!;
        if (dossier is null)
            addDossier.Run(dossier = ++lastId, identifiant, ligne.DateDossier, ligne.Dossier); // None but this writes: ids are ours to give.
        if (old != ligne.Quantite)
        {
            (old is null ? addQuantite : replaceQuantite).Run(produit.Id, identifiant, jour, dossier, compteur.Id, ligne.Quantite);
            CountDay(new() { CompteurId = compteur.Id, IdentifiantId = identifiant, Jour = jour, ProduitId = produit.Id }, old, ligne.Quantite);
        }
        seen.Add((dossier.Value, compteur.Id), lieu);
        last = (identifiant, ligne.DateDossier, ligne.Dossier, dossier.Value);
        produit.Rename(ligne.NomProduit);
        compteur.Rename(ligne.Libelle);
        return null;
    }

    /// <summary>Counts a quantity into the compteur's totals, unless they then could overflow.</summary>
    /// <remarks>
    /// What is added and what is subtracted are each kept within 64 bits: then the total of any period, in any order, is too.
    /// </remarks>
    private bool Count(int compteur, long? old, long quantite)
    {
        ref var total = ref CollectionsMarshal.GetValueRefOrAddDefault(totals, compteur, out var known);
        if (!known)
            total = (addedUp.Run(compteur)!.Value, subtracted.Run(compteur)!.Value);
        var positive = total.Positive - Math.Max(old ?? 0, 0) + Math.Max(quantite, 0);
        var negative = total.Negative - Math.Min(old ?? 0, 0) + Math.Min(quantite, 0);
        if (positive > long.MaxValue || negative < long.MinValue)
            return false;
        total = (positive, negative);
        return true;
    }

    /// <summary>Counts a quantity into the total of its day, which is written at last: the lines of a day mostly come together.</summary>
    private void CountDay(Total day, long? old, long quantite)
    {
        ref var total = ref CollectionsMarshal.GetValueRefOrAddDefault(days, (day.CompteurId, day.IdentifiantId, day.Jour), out _);
        if (total is null)
        {
            using var known = findTotal.Read(day.CompteurId, day.IdentifiantId, day.Jour);
            if (known.Read())
                (day.Plus, day.Moins, day.Lignes) = (known.GetInt64(0), known.GetInt64(1), known.GetInt64(2));
            total = day;
        }
        total.Plus += Math.Max(quantite, 0) - Math.Max(old ?? 0, 0);
        // In this order: taking away the lowest number there is must not leave the range on the way.
        total.Moins = total.Moins - Math.Min(old ?? 0, 0) + Math.Min(quantite, 0);
        total.Lignes += old is null ? 1 : 0;
        if (days.Count >= MaxDays)
            KeepDays();
    }

    private void KeepDays()
    {
        foreach (var day in days.Values)
            keepTotal.Run(day.CompteurId, day.IdentifiantId, day.Jour, day.ProduitId, day.Plus, day.Moins, day.Lignes);
        days.Clear();
    }

    public async Task CommitAsync(CancellationToken cancellation)
    {
        KeepDays();
        foreach (var produit in produits.Values.Where(p => p.IsRenamed))
            renameProduit.Run(produit.Id, produit.Nom);
        foreach (var compteur in compteurs.Values.Where(c => c.IsRenamed))
            renameCompteur.Run(compteur.Id, compteur.Nom);
        foreach (var (compteur, total) in totals)
            keepCumul.Run(compteur, (long)total.Positive);
        await transaction.CommitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var statement in statements)
            statement.Dispose();
        await transaction.DisposeAsync();
        await context.DisposeAsync();
    }

    private Statement Prepare(string sql)
    {
        var command = ((SqliteConnection)context.Database.GetDbConnection()).CreateCommand();
        command.CommandText = sql;
        command.Transaction = (SqliteTransaction)transaction.GetDbTransaction();
        var statement = new Statement(command);
        statements.Add(statement);
        return statement;
    }

    private static ref TValue? Slot<TKey, TValue>(Dictionary<TKey, TValue> cache, TKey key) where TKey : notnull =>
        ref CollectionsMarshal.GetValueRefOrAddDefault(cache, key, out _);

    /// <summary>A produit or compteur, and the last name this import gave it.</summary>
    private sealed class Named(long id)
    {
        public int Id { get; } = (int)id;
        public string? Nom { get; private set; }
        public bool IsRenamed { get; private set; }

        public void Rename(string? nom) => (Nom, IsRenamed) = (nom, true);
    }

    /// <summary>A statement whose parameters are @0, @1, … and whose result, if any, is one integer.</summary>
    private sealed class Statement(SqliteCommand command) : IDisposable
    {
        public long? Run(params ReadOnlySpan<object?> values)
        {
            Bind(values);
            return (long?)command.ExecuteScalar();
        }

        public SqliteDataReader Read(params ReadOnlySpan<object?> values)
        {
            Bind(values);
            return command.ExecuteReader();
        }

        private void Bind(ReadOnlySpan<object?> values)
        {
            for (var i = command.Parameters.Count; i < values.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"@{i}" });
            for (var i = 0; i < values.Length; i++)
                command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        public void Dispose() => command.Dispose();
    }
}
