using Facturation.Core;

namespace Facturation.Storage;

internal sealed class ApiKeyStore(Database database) : IApiKeyStore
{
    private const string Select = """
        SELECT k.Prefix, k.Hash, c.Code, i.Nom, k.Scopes, k.CreatedAt, k.ExpiresAt, k.RevokedAt
        FROM Cles k
        JOIN Clients c ON c.Id = k.ClientId
        LEFT JOIN Identifiants i ON i.Id = k.IdentifiantId
        """;

    private const string Add = """
        INSERT INTO Cles (Prefix, Hash, ClientId, IdentifiantId, Scopes, CreatedAt, ExpiresAt, RevokedAt)
        VALUES (@1, @2, @3, @4, @5, @6, @7, @8)
        """;

    private const string Count = "SELECT COUNT(*) FROM Cles WHERE Prefix = @1";

    private const string AddLike = """
        INSERT INTO Cles (Prefix, Hash, ClientId, IdentifiantId, Scopes, CreatedAt, ExpiresAt, RevokedAt)
        SELECT @2, @3, ClientId, IdentifiantId, Scopes, @4, @5, NULL FROM Cles WHERE Prefix = @1
        """;

    /// <summary>Locks a key, so that no other transaction revokes or rotates it.</summary>
    private const string Hold = "UPDATE Cles SET ExpiresAt = ExpiresAt WHERE Prefix = @1";

    private const string Expire = "UPDATE Cles SET ExpiresAt = @2 WHERE Prefix = @1";

    private const string Revoke = "UPDATE Cles SET RevokedAt = COALESCE(RevokedAt, @2) WHERE Prefix = @1";

    private readonly MeterSql sql = new(database.Dialect);

    public Task<ApiKey?> FindAsync(string prefix, CancellationToken cancellation) => database.ReadAsync(
        async statements => await statements.FindAsync($"{Select} WHERE k.Prefix = @1", ToApiKey, statements.Key(prefix)), cancellation);

    public Task AddAsync(ApiKey key, bool isNewClient, CancellationToken cancellation) => database.WriteAsync(
        async statements =>
        {
            var client = (int?)await statements.ScalarAsync(MeterSql.FindClient, statements.Key(key.Client));
            if (isNewClient == client is not null)
                throw new RefusedException(isNewClient
                    ? $"Le client « {key.Client} » existe déjà."
                    : $"Le client « {key.Client} » est inconnu : importez ses consommations, ou créez-le avec --new-client.");
            if (await statements.ScalarAsync(Count, statements.Key(key.Prefix)) > 0)
                throw new RefusedException($"La clé « {key.Prefix} » existe déjà.");
            client ??= (int?)await statements.ScalarAsync(sql.AddClient, statements.Key(key.Client));
            int? identifiant = key.Identifiant is null ? null
                : isNewClient ? (int?)await statements.ScalarAsync(sql.AddIdentifiant, client, statements.Key(key.Identifiant))
                : (int?)await statements.ScalarAsync(MeterSql.FindIdentifiant, client, statements.Key(key.Identifiant))
                    ?? throw new RefusedException($"Le client « {key.Client} » n'a pas d'identifiant « {key.Identifiant} ».");
            await statements.ExecuteAsync(
                Add, statements.Key(key.Prefix), key.Hash.ToArray(), client, identifiant, string.Join(' ', key.Scopes), key.CreatedAt,
                key.ExpiresAt, key.RevokedAt);
            statements.Proof = (Count, [statements.Key(key.Prefix)]);
            return key;
        },
        cancellation);

    public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<ApiKey>>(
        async statements => await statements.ListAsync($"{Select} ORDER BY c.Code, k.Id", ToApiKey), cancellation);

    public Task<(ApiKey Old, ApiKey New)> RotateAsync(
        string prefix, string secret, DateTimeOffset now, TimeSpan overlap, DateTimeOffset? expiresAt, CancellationToken cancellation) =>
        database.WriteAsync(
            async statements =>
            {
                await statements.HoldAsync(Hold, statements.Key(prefix));
                var key = await statements.FindAsync($"{Select} WHERE k.Prefix = @1", ToApiKey, statements.Key(prefix))
                    ?? throw new RefusedException($"Aucune clé n'a le préfixe « {prefix} ».");
                var (ending, added) = key.Rotate(secret, now, overlap, expiresAt);
                await statements.ExecuteAsync(Expire, statements.Key(prefix), ending.ExpiresAt);
                await statements.ExecuteAsync(
                    AddLike, statements.Key(prefix), statements.Key(added.Prefix), added.Hash.ToArray(), now, added.ExpiresAt);
                statements.Proof = (Count, [statements.Key(added.Prefix)]);
                return (ending, added);
            },
            cancellation);

    public Task<bool> RevokeAsync(string prefix, DateTimeOffset at, CancellationToken cancellation) => database.WriteAsync(
        async statements => await statements.ExecuteAsync(Revoke, statements.Key(prefix), at) > 0, cancellation);

    private static ApiKey ToApiKey(Row row) => new(
        row.GetKey(0),
        row.GetBytes(1),
        row.GetKey(2),
        row.IsNull(3) ? null : row.GetKey(3),
        row.GetText(4)!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        row.GetInstant(5)!.Value,
        row.GetInstant(6),
        row.GetInstant(7));
}
