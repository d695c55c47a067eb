using System.Linq.Expressions;
using Facturation.Core;
using Facturation.Storage.SqlServer;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Storage;

internal class ApiKeyStore(IDbContextFactory<FacturationContext> factory) : IApiKeyStore
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

    public virtual async Task<ApiKey?> FindAsync(string prefix, CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        return await context.Cles.Where(c => c.Prefix == prefix).Select(ToApiKey).SingleOrDefaultAsync(cancellation);
    }

    public async Task AddAsync(ApiKey key, bool isNewClient, CancellationToken cancellation)
    {
        await using var context = await factory.CreateDbContextAsync(cancellation);
        var client = await context.Clients.SingleOrDefaultAsync(c => c.Code == key.Client, cancellation);
        if (isNewClient == client is not null)
            throw new RefusedException(isNewClient
                ? $"Le client « {key.Client} » existe déjà."
                : $"Le client « {key.Client} » est inconnu : importez ses consommations, ou créez-le avec --new-client.");
        client ??= new Client { Code = key.Client };
        var identifiant = key.Identifiant is null ? null
            : isNewClient ? new Identifiant { Client = client, Nom = key.Identifiant }
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
        try
        {
            await context.Database.CreateExecutionStrategy().ExecuteInTransactionAsync(
                token => context.SaveChangesAsync(acceptAllChangesOnSuccess: false, token),
                token => context.Cles.AsNoTracking().AnyAsync(c => c.Prefix == key.Prefix, token),
                cancellation);
        }
        catch (DbUpdateException e) when (e.InnerException
            is SqliteException { SqliteExtendedErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT_UNIQUE } or SqlException { Number: SqlServerDatabase.IndexKeyTwice })
        {
            throw new RefusedException(isNewClient ? $"Le client « {key.Client} » existe déjà." : $"La clé « {key.Prefix} » existe déjà.", e);
        }
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
