using System.Runtime.InteropServices;
using Facturation.Core;
using Microsoft.Data.Sqlite;

namespace Facturation.Storage.Sqlite;

/// <summary>An import: prepared statements in one transaction.</summary>
internal sealed class SqliteImport : IConsommationImport
{
    /// <summary>The number of daily totals held in memory before they are written: a few megabytes.</summary>
    private const int MaxDays = 20_000;

    private const string Line = "ProduitId = @1 AND IdentifiantId = @2 AND Jour = @3 AND DossierId = @4 AND CompteurId = @5";

    private const string RenameProduit = "UPDATE Produits SET Nom = @2 WHERE Id = @1";
    private const string RenameCompteur = "UPDATE Compteurs SET Libelle = @2 WHERE Id = @1";
    private const string AddDossier = "INSERT INTO Dossiers (Id, IdentifiantId, Date, Reference) VALUES (@1, @2, @3, @4)";
    private const string Subtracted = "SELECT COALESCE(SUM(Moins), 0) FROM Totaux WHERE CompteurId = @1";
    private const string FindQuantite = $"SELECT Quantite FROM Consommations WHERE {Line}";
    private const string AddQuantite =
        "INSERT INTO Consommations (ProduitId, IdentifiantId, Jour, DossierId, CompteurId, Quantite) VALUES (@1, @2, @3, @4, @5, @6)";
    private const string ReplaceQuantite = $"UPDATE Consommations SET Quantite = @6 WHERE {Line}";
    private const string KeepTotal = """
        INSERT INTO Totaux (CompteurId, IdentifiantId, Jour, ProduitId, Plus, Moins, Lignes, ChangedAt) VALUES (@1, @2, @3, @4, @5, @6, @7, @8)
        ON CONFLICT DO UPDATE SET Plus = @5, Moins = @6, Lignes = @7, ChangedAt = @8
        """;
    private const string FindTotal = "SELECT Plus, Moins, Lignes FROM Totaux WHERE CompteurId = @1 AND IdentifiantId = @2 AND Jour = @3";

    /// <summary>The lines of this import and their places. A table in a temporary file, because a file to import may have any length.</summary>
    internal const string KeepSeen =
        "CREATE TEMP TABLE Seen (DossierId INTEGER, CompteurId INTEGER, Ligne INTEGER, Colonne INTEGER, PRIMARY KEY (DossierId, CompteurId)) WITHOUT ROWID";
    private const string See = "INSERT OR IGNORE INTO temp.Seen (DossierId, CompteurId, Ligne, Colonne) VALUES (@1, @2, @3, @4)";
    private const string FindSeen = "SELECT Ligne, Colonne FROM temp.Seen WHERE DossierId = @1 AND CompteurId = @2";
    private const string ForgetSeen = "DELETE FROM temp.Seen WHERE DossierId = @1 AND CompteurId = @2";
    private const string DropSeen = "DROP TABLE temp.Seen";

    private static readonly MeterSql Sql = new(SqliteDialect.Instance);

    private readonly SqliteConnection connection;
    private readonly SqliteTransaction transaction;
    private readonly SqliteStatements statements;

    private readonly Dictionary<string, int> clients = [];
    private readonly Dictionary<(int Client, int Numero), Named> produits = [];
    private readonly Dictionary<(int Produit, int Sequence), Named> compteurs = [];
    private readonly Dictionary<(int Client, string Nom), int> identifiants = [];
    private readonly Dictionary<int, Sums> totals = [];
    private readonly Dictionary<(int Compteur, int Identifiant, DateOnly Jour), Total> days = [];

    // Dossiers with a higher Id were inserted by this import, so they hold no earlier lines.
    private readonly long lastBefore;
    private long lastId;
    private (int Identifiant, DateTime Date, string Reference, long Id)? last;

    private SqliteImport(SqliteConnection connection)
    {
        (this.connection, transaction, statements) = (connection, connection.BeginTransaction(), new(connection));
        statements.Execute(KeepSeen);
        lastId = lastBefore = statements.Scalar("SELECT COALESCE(MAX(Id), 0) FROM Dossiers")!.Value;
    }

    public static async Task<SqliteImport> BeginAsync(string connectionString, CancellationToken cancellation)
    {
        var connection = await SqliteDatabase.OpenAsync(connectionString, cancellation);
        try
        {
            return new SqliteImport(connection);
        }
        catch
        {
            await connection.DisposeAsync();
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
        // A client, produit or compteur inserted here always gets its line: the refusals below need rows that existed before.
        ref var client = ref Slot(clients, code);
        if (client == 0)
            client = (int)(statements.Scalar(MeterSql.FindClient, code) ?? statements.Scalar(Sql.AddClient, code)!);
        var produit = Slot(produits, (client, ligne.ProduitId)) ??=
            new Named((int)(statements.Scalar(MeterSql.FindProduit, client, ligne.ProduitId)
                ?? statements.Scalar(Sql.AddProduit, client, ligne.ProduitId)!.Value));
        var compteur = Slot(compteurs, (produit.Id, ligne.Sequence)) ??=
            new Named((int)(statements.Scalar(MeterSql.FindCompteur, produit.Id, ligne.Sequence)
                ?? statements.Scalar(Sql.AddCompteur, produit.Id, ligne.Sequence)!.Value));

        ref var identifiant = ref Slot(identifiants, (client, ligne.Identifiant));
        if (identifiant == 0)
            identifiant = (int)(statements.Scalar(MeterSql.FindIdentifiant, client, ligne.Identifiant) ?? 0);
        // The lines of a dossier usually follow each other.
        var isLast = last is { } l && l.Identifiant == identifiant && l.Date == ligne.DateDossier && l.Reference == ligne.Dossier;
        var dossier = isLast ? last!.Value.Id
            : identifiant == 0 ? null : statements.Scalar(MeterSql.FindDossier, identifiant, ligne.DateDossier, ligne.Dossier);
        if (dossier is not null && statements.Execute(See, dossier, compteur.Id, lieu.Ligne, lieu.Colonne) == 0)
            return ImportRules.Repeats(statements.List(FindSeen, row => new Lieu(row.GetInt32(0), row.GetInt32(1)), dossier, compteur.Id).Single());

        var jour = DateOnly.FromDateTime(ligne.DateDossier);
        var old = dossier is null || dossier > lastBefore
            ? null : statements.Scalar(FindQuantite, produit.Id, identifiant, jour, dossier, compteur.Id);
        if (!Count(compteur.Id, old, ligne.Quantite))
        {
            statements.Execute(ForgetSeen, dossier, compteur.Id);
            return ImportRules.Overflows(ligne);
        }

        if (identifiant == 0)
            identifiant = (int)statements.Scalar(Sql.AddIdentifiant, client, ligne.Identifiant)!;
        if (dossier is null)
        {
            // This transaction is the only writer, so it can assign ids itself.
            statements.Execute(AddDossier, dossier = ++lastId, identifiant, ligne.DateDossier, ligne.Dossier);
            statements.Execute(See, dossier, compteur.Id, lieu.Ligne, lieu.Colonne);
        }
        if (old != ligne.Quantite)
        {
            statements.Execute(
                old is null ? AddQuantite : ReplaceQuantite, produit.Id, identifiant, jour, dossier, compteur.Id, ligne.Quantite);
            CountDay(new() { CompteurId = compteur.Id, IdentifiantId = identifiant, Jour = jour, ProduitId = produit.Id }, old, ligne.Quantite);
        }
        last = (identifiant, ligne.DateDossier, ligne.Dossier, dossier.Value);
        produit.Rename(ligne.NomProduit);
        compteur.Rename(ligne.Libelle);
        return null;
    }

    /// <summary>Adds a quantity to the compteur's totals, unless they could then overflow.</summary>
    private bool Count(int compteur, long? old, long quantite)
    {
        ref var total = ref CollectionsMarshal.GetValueRefOrAddDefault(totals, compteur, out var known);
        if (!known)
            total = new(statements.Scalar(MeterSql.AddUp, compteur)!.Value, statements.Scalar(Subtracted, compteur)!.Value);
        var sums = total.Replace(old ?? 0, quantite);
        if (sums.Fit)
            total = sums;
        return sums.Fit;
    }

    /// <summary>Adds a quantity to the total of its day. Totals are written later, since the lines of a day usually follow each other.</summary>
    private void CountDay(Total day, long? old, long quantite)
    {
        ref var total = ref CollectionsMarshal.GetValueRefOrAddDefault(days, (day.CompteurId, day.IdentifiantId, day.Jour), out _);
        if (total is null)
        {
            var known = statements.List(FindTotal, row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), day.CompteurId, day.IdentifiantId, day.Jour);
            if (known is [var sums])
                (day.Plus, day.Moins, day.Lignes) = sums;
            total = day;
        }
        total.Plus += Math.Max(quantite, 0) - Math.Max(old ?? 0, 0);
        // In this order, because negating the lowest 64-bit number overflows.
        total.Moins = total.Moins - Math.Min(old ?? 0, 0) + Math.Min(quantite, 0);
        total.Lignes += old is null ? 1 : 0;
        if (days.Count >= MaxDays)
            KeepDays();
    }

    private void KeepDays()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        foreach (var day in days.Values)
            statements.Execute(KeepTotal, day.CompteurId, day.IdentifiantId, day.Jour, day.ProduitId, day.Plus, day.Moins, day.Lignes, now);
        days.Clear();
    }

    public async Task CommitAsync(CancellationToken cancellation)
    {
        KeepDays();
        foreach (var produit in produits.Values.Where(p => p.IsRenamed))
            statements.Execute(RenameProduit, produit.Id, produit.Nom);
        foreach (var compteur in compteurs.Values.Where(c => c.IsRenamed))
            statements.Execute(RenameCompteur, compteur.Id, compteur.Nom);
        foreach (var (compteur, total) in totals)
            statements.Execute(MeterSql.KeepCumul, compteur, (long)total.Positive);
        statements.Execute(DropSeen); // A pooled connection would keep it.
        await transaction.CommitAsync(cancellation);
        if (SqliteDatabase.HasMoved(connection))
            throw SqliteDatabase.Moved();
    }

    public async ValueTask DisposeAsync()
    {
        statements.Dispose();
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private static ref TValue? Slot<TKey, TValue>(Dictionary<TKey, TValue> cache, TKey key) where TKey : notnull =>
        ref CollectionsMarshal.GetValueRefOrAddDefault(cache, key, out _);
}
