using Facturation.Core;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Storage;

/// <summary>Every request asks for a key: on SQLite by plain SQL, for which no process needs EF Core's model.</summary>
internal sealed class SqliteApiKeyStore(IDbContextFactory<FacturationContext> factory, Connections connections) : ApiKeyStore(factory)
{
    private const string Find = """
        SELECT k.Prefix, k.Hash, c.Code, i.Nom, k.Scopes, k.CreatedAt, k.ExpiresAt, k.RevokedAt
        FROM Cles k
        JOIN Clients c ON c.Id = k.ClientId
        LEFT JOIN Identifiants i ON i.Id = k.IdentifiantId
        WHERE k.Prefix = @prefix
        """;

    public override async Task<ApiKey?> FindAsync(string prefix, CancellationToken cancellation)
    {
        await using var connection = await SqliteDatabase.OpenAsync(connections.Writing, cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = Find;
        command.Parameters.AddWithValue("@prefix", prefix);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return !await row.ReadAsync(cancellation) ? null : new ApiKey(
            row.GetString(0),
            row.GetFieldValue<byte[]>(1),
            row.GetString(2),
            row.IsDBNull(3) ? null : row.GetString(3),
            row.GetString(4).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            row.GetFieldValue<DateTimeOffset>(5),
            Instant(6),
            Instant(7));

        DateTimeOffset? Instant(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
    }
}
