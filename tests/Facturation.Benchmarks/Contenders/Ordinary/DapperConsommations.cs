using Dapper;
using Microsoft.Data.Sqlite;

namespace Facturation.Benchmarks.Contenders.Ordinary;

/// <summary>With Dapper.</summary>
internal sealed class DapperConsommations(string connectionString) : IConsommations
{
    private const string Key = """
        SELECT k.Hash, k.ClientId, c.Code AS Client, k.Scopes, k.ExpiresAt, k.RevokedAt
        FROM Cles k
        JOIN Clients c ON c.Id = k.ClientId
        WHERE k.Prefix = @prefix
        """;

    // Without statistics, SQLite is told the order of its loops: by it, the lines of each element are a range of the table's key.
    private const string Lines = """
        SELECT p.Numero, p.Nom AS Produit, i.Nom AS Identifiant, l.DossierId, d.Reference AS Dossier, d.Date, k.Sequence, k.Libelle, l.Quantite
        FROM Produits p
        CROSS JOIN Identifiants i ON i.ClientId = p.ClientId
        CROSS JOIN Consommations l ON l.ProduitId = p.Id AND l.IdentifiantId = i.Id AND l.Jour BETWEEN @debut AND @fin
        CROSS JOIN Dossiers d ON d.Id = l.DossierId
        CROSS JOIN Compteurs k ON k.Id = l.CompteurId
        WHERE p.ClientId = @client
        """;

    public async Task<Cle?> FindKeyAsync(string prefix)
    {
        await using var connection = new SqliteConnection(connectionString);
        return await connection.QuerySingleOrDefaultAsync<Cle>(Key, new { prefix });
    }

    public async Task<IEnumerable<Ligne>> ReadAsync(int client, DateOnly debut, DateOnly fin)
    {
        await using var connection = new SqliteConnection(connectionString);
        return await connection.QueryAsync<Ligne>(Lines, new { client, debut, fin });
    }
}
