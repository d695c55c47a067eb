using System.Data;
using System.Data.Common;
using Facturation.Core;
using Facturation.Storage.Sqlite;
using Microsoft.Data.SqlClient;

namespace Facturation.Storage.SqlServer;

/// <summary>
/// An import: bulk copies into a temporary table, merged by a few statements. Imports of all nodes take turns; readings are recorded
/// meanwhile, except during the merge.
/// </summary>
internal sealed class SqlServerImport : IConsommationImport
{
    private const int BatchSize = 10_000;

    private readonly SqlConnection connection;
    private readonly SqlTransaction transaction;
    private readonly SqlServerStatements statements;
    private readonly DataTable batch = new();

    private readonly Dictionary<string, int> clients = [];
    private readonly Dictionary<(int Client, int Numero), Named> produits = [];
    private readonly Dictionary<(int Produit, int Sequence), Named> compteurs = [];
    private readonly Dictionary<(int Client, string Nom), int> identifiants = [];
    private readonly SeenLines seen = new();

    // Upper bounds of each compteur's sums: quantities that this import replaces are subtracted only when a bound is exceeded.
    private readonly Dictionary<int, Sums> totals = [];

    private SqlServerImport(SqlConnection connection, SqlTransaction transaction)
    {
        (this.connection, this.transaction, statements) = (connection, transaction, new(connection, transaction, default));
        foreach (var (name, type) in new[]
        {
            ("ProduitId", typeof(int)), ("CompteurId", typeof(int)), ("IdentifiantId", typeof(int)), ("Jour", typeof(DateTime)),
            ("Date", typeof(DateTime)), ("Reference", typeof(string)), ("Quantite", typeof(long)),
        })
            batch.Columns.Add(name, type);
    }

    public static async Task<SqlServerImport> BeginAsync(string connectionString, CancellationToken cancellation)
    {
        var connection = new SqlConnection(connectionString);
        SqlServerImport import;
        try
        {
            await Opening.OpenAsync(connection, cancellation);
            // Set explicitly: a pooled connection keeps the isolation level of its last transaction, and an answer's is SNAPSHOT.
            import = new(connection, (SqlTransaction)await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        try
        {
            await import.RunAsync(SqlServerImportSql.Begin, cancellation);
            return import;
        }
        catch
        {
            await import.DisposeAsync();
            throw;
        }
    }

    public async ValueTask<string?> WriteAsync(LigneImport import, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var ligne = import.Ligne;
        // A client, produit or compteur inserted here always gets its line: the refusals below need rows that existed before.
        if (!clients.TryGetValue(import.Client, out var client))
            clients.Add(import.Client, client = await FindOrAddAsync("Clients", cancellation, ("Code", Key(import.Client))));
        if (!produits.TryGetValue((client, ligne.ProduitId), out var produit))
            produits.Add((client, ligne.ProduitId), produit = new Named(
                await FindOrAddAsync("Produits", cancellation, ("ClientId", client), ("Numero", ligne.ProduitId))));
        if (!compteurs.TryGetValue((produit.Id, ligne.Sequence), out var compteur))
            compteurs.Add((produit.Id, ligne.Sequence), compteur = new Named(
                await FindOrAddAsync("Compteurs", cancellation, ("ProduitId", produit.Id), ("Sequence", ligne.Sequence))));

        if (seen.Add(compteur.Id, ligne, import.Lieu) is { } first)
            return ImportRules.Repeats(first);
        if (!await CountAsync(produit.Id, compteur.Id, client, ligne, cancellation))
        {
            seen.Remove(compteur.Id, ligne);
            return ImportRules.Overflows(ligne);
        }

        if (!identifiants.TryGetValue((client, ligne.Identifiant), out var identifiant))
            identifiants.Add((client, ligne.Identifiant), identifiant = await FindOrAddAsync(
                "Identifiants", cancellation, ("ClientId", client), ("Nom", Key(ligne.Identifiant))));
        batch.Rows.Add(
            produit.Id, compteur.Id, identifiant, ligne.DateDossier.Date, ligne.DateDossier, Key(ligne.Dossier), ligne.Quantite);
        if (batch.Rows.Count == BatchSize)
            await FlushAsync(cancellation);
        produit.Rename(ligne.NomProduit);
        compteur.Rename(ligne.Libelle);
        return null;
    }

    public async Task CommitAsync(CancellationToken cancellation)
    {
        await MergeAsync(cancellation);
        foreach (var compteur in totals.Keys.Order())
        {
            await RunAsync(MeterSql.HoldCompteur, cancellation, compteur);
            var sums = await ReadTotalsAsync(compteur, cancellation);
            if (!sums.Fit)
                throw new RefusedException(
                    "Rien n'est chargé : avec les relevés enregistrés pendant l'importation, le total d'un compteur ne tiendrait plus dans 64 bits.");
            await RunAsync(MeterSql.KeepCumul, cancellation, compteur, (long)sums.Positive);
        }
        foreach (var produit in produits.Values.Where(p => p.IsRenamed))
            await RunAsync(SqlServerImportSql.RenameProduit, cancellation, produit.Id, produit.Nom);
        foreach (var compteur in compteurs.Values.Where(c => c.IsRenamed))
            await RunAsync(SqlServerImportSql.RenameCompteur, cancellation, compteur.Id, compteur.Nom);
        await transaction.CommitAsync(CancellationToken.None); // A cancelled commit would leave it unknown whether it was done.
    }

    public async ValueTask DisposeAsync()
    {
        batch.Dispose();
        seen.Dispose();
        await SqlServerDatabase.EndAsync(transaction);
        await connection.DisposeAsync();
    }

    /// <summary>Adds a quantity to the compteur's totals, unless they could then overflow.</summary>
    private async Task<bool> CountAsync(int produit, int compteur, int client, LigneConsommation ligne, CancellationToken cancellation)
    {
        if (!totals.TryGetValue(compteur, out var total))
            total = await ReadTotalsAsync(compteur, cancellation);
        var sums = total.Replace(0, ligne.Quantite);
        if (!sums.Fit)
        {
            // The bound is exceeded: compute exact sums, without the line that this one replaces.
            await MergeAsync(cancellation);
            total = await ReadTotalsAsync(compteur, cancellation);
            var old = (long?)await ScalarAsync(
                SqlServerImportSql.FindQuantite, cancellation,
                produit, compteur, client, Key(ligne.Identifiant), ligne.DateDossier, Key(ligne.Dossier), DateOnly.FromDateTime(ligne.DateDossier));
            sums = total.Replace(old ?? 0, ligne.Quantite);
        }
        totals[compteur] = sums.Fit ? sums : total;
        return sums.Fit;
    }

    private async Task<Sums> ReadTotalsAsync(int compteur, CancellationToken cancellation) => new(
        (Int128)(decimal)(await ScalarAsync(SqlServerImportSql.AddedUp, cancellation, compteur))!,
        (Int128)(decimal)(await ScalarAsync(SqlServerImportSql.Subtracted, cancellation, compteur))!);

    private async Task<int> FindOrAddAsync(string table, CancellationToken cancellation, params (string Name, SqlValue Value)[] key)
    {
        var names = key.Select(column => column.Name).ToArray();
        var values = key.Select(column => column.Value).ToArray();
        return (int)(await ScalarAsync(SqlServerImportSql.Find(table, names), cancellation, values)
            ?? await ScalarAsync(SqlServerImportSql.Add(table, names), cancellation, values))!;
    }

    private async Task MergeAsync(CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        await RunAsync(SqlServerImportSql.Merge, cancellation);
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        if (batch.Rows.Count == 0)
            return;
        using var copy = new SqlBulkCopy(connection, SqlBulkCopyOptions.Default, transaction)
        {
            DestinationTableName = "#Lignes",
            BulkCopyTimeout = 0,
        };
        foreach (DataColumn column in batch.Columns)
            copy.ColumnMappings.Add(column.ColumnName, column.ColumnName);
        await copy.WriteToServerAsync(batch, cancellation);
        batch.Clear();
    }

    /// <summary>Runs statements whose parameters are @1, @2, … to their end, so that the failure of any is seen.</summary>
    private async Task RunAsync(string sql, CancellationToken cancellation, params SqlValue[] values)
    {
        await using var command = CreateCommand(sql, values);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Runs a statement whose result is one value, or null for none.</summary>
    private async Task<object?> ScalarAsync(string sql, CancellationToken cancellation, params SqlValue[] values)
    {
        await using var command = CreateCommand(sql, values);
        var result = await command.ExecuteScalarAsync(cancellation);
        return result is DBNull ? null : result;
    }

    /// <summary>Without a timeout: it may wait for another import.</summary>
    private DbCommand CreateCommand(string sql, SqlValue[] values)
    {
        var command = statements.CreateCommand(sql, values);
        command.CommandTimeout = 0;
        return command;
    }

    private static string Key(string text) => SqlServerContext.EncodeKey(text);
}
