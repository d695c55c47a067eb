using System.Linq.Expressions;
using Facturation.Core;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Storage;

internal sealed class ApiKeyStore(IDbContextFactory<FacturationContext> factory) : IApiKeyStore
{
    private static readonly Expression<Func<Cle, ApiKey>> ToApiKey = cle => new ApiKey(
        cle.Prefix,
        cle.Hash,
        cle.Client!.Code,
        cle.Identifiant == null ? null : cle.Identifiant.Nom,
        cle.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        cle.CreatedAt,
        cle.ExpiresAt,
        cle.RevokedAt);

    // Every request asks this, and a process's first one waits for no model of EF Core's.
    public async Task<ApiKey?> FindAsync(string prefix, CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        return await context.Database.CreateExecutionStrategy().ExecuteAsync(
            token => FindAsync(context, prefix, token), cancellation);
    }

    private static async Task<ApiKey?> FindAsync(FacturationContext context, string prefix, CancellationToken cancellation)
    {
        await context.Database.OpenConnectionAsync(cancellation);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = """
            SELECT k.Prefix, k.Hash, c.Code, i.Nom, k.Scopes, k.CreatedAt, k.ExpiresAt, k.RevokedAt
            FROM Cles k
            JOIN Clients c ON c.Id = k.ClientId
            LEFT JOIN Identifiants i ON i.Id = k.IdentifiantId
            WHERE k.Prefix = @prefix
            """;
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@prefix", context.ToKey(prefix));
        command.Parameters.Add(parameter);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return !await row.ReadAsync(cancellation) ? null : new ApiKey(
            context.FromKey(row.GetString(0)),
            row.GetFieldValue<byte[]>(1),
            context.FromKey(row.GetString(2)),
            row.IsDBNull(3) ? null : context.FromKey(row.GetString(3)),
            row.GetString(4).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            row.GetFieldValue<DateTimeOffset>(5),
            Instant(6),
            Instant(7));

        DateTimeOffset? Instant(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
    }

    public async Task AddAsync(ApiKey key, CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        var client = await context.Clients.SingleOrDefaultAsync(c => c.Code == key.Client, cancellation)
            ?? throw new RefusedException($"Le client « {key.Client} » est inconnu : importez d'abord ses consommations.");
        var identifiant = key.Identifiant is null
            ? null
            : await context.Identifiants.SingleOrDefaultAsync(i => i.ClientId == client.Id && i.Nom == key.Identifiant, cancellation)
                ?? throw new RefusedException($"Le client « {key.Client} » n'a pas d'identifiant « {key.Identifiant} ».");
        context.Cles.Add(new Cle
        {
            Prefix = key.Prefix,
            Hash = key.Hash.ToArray(),
            Client = client,
            Identifiant = identifiant,
            Scopes = string.Join(' ', key.Scopes),
            CreatedAt = key.CreatedAt,
            ExpiresAt = key.ExpiresAt,
            RevokedAt = key.RevokedAt,
        });
        // Tried again after a failure that passes, unless the commit had been done though its answer was lost.
        await context.Database.CreateExecutionStrategy().ExecuteInTransactionAsync(
            token => context.SaveChangesAsync(acceptAllChangesOnSuccess: false, token),
            token => context.Cles.AsNoTracking().AnyAsync(c => c.Prefix == key.Prefix, token),
            cancellation);
    }

    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        return await context.Cles.OrderBy(c => c.Client!.Code).ThenBy(c => c.Id).Select(ToApiKey).ToListAsync(cancellation);
    }

    public async Task<bool> RevokeAsync(string prefix, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        var cle = await context.Cles.SingleOrDefaultAsync(c => c.Prefix == prefix, cancellation);
        if (cle is null)
            return false;
        cle.RevokedAt ??= at;
        await context.SaveChangesAsync(cancellation);
        return true;
    }
}
