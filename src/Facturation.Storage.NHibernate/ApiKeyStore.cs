using Facturation.Core;
using NHibernate;
using NHibernate.Linq;

namespace Facturation.Storage.NHibernate;

internal sealed class ApiKeyStore(Sessions sessions) : IApiKeyStore
{
    public Task<ApiKey?> FindAsync(string prefix, CancellationToken cancellation) => sessions.ReadAsync(
        async session => (await FindAsync(session, prefix, cancellation))?.ToApiKey(), cancellation);

    public Task AddAsync(ApiKey key, bool isNewClient, CancellationToken cancellation) => sessions.WriteAsync(
        async unit =>
        {
            var session = unit.Session;
            var client = await session.Query<Client>().SingleOrDefaultAsync(c => c.Code == key.Client, cancellation);
            if (isNewClient == client is not null)
                throw new RefusedException(isNewClient
                    ? $"Le client « {key.Client} » existe déjà."
                    : $"Le client « {key.Client} » est inconnu : importez ses consommations, ou créez-le avec --new-client.");
            if (await session.Query<Cle>().AnyAsync(k => k.Prefix == key.Prefix, cancellation))
                throw new RefusedException($"La clé « {key.Prefix} » existe déjà.");
            if (client is null)
                await session.SaveAsync(client = new Client { Code = key.Client }, cancellation);
            Identifiant? identifiant = null;
            if (key.Identifiant is { } nom)
            {
                identifiant = await session.Query<Identifiant>().SingleOrDefaultAsync(i => i.Client == client && i.Nom == nom, cancellation);
                if (identifiant is null && !isNewClient)
                    throw new RefusedException($"Le client « {key.Client} » n'a pas d'identifiant « {nom} ».");
                if (identifiant is null)
                    await session.SaveAsync(identifiant = new Identifiant { Client = client, Nom = nom }, cancellation);
            }
            await AddAsync(unit, key, client, identifiant, cancellation);
            return key;
        },
        cancellation);

    public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation) => sessions.ReadAsync<IReadOnlyList<ApiKey>>(
        async session => [.. (await session.Query<Cle>().OrderBy(k => k.Client.Code).ThenBy(k => k.Id)
            .Fetch(k => k.Client).Fetch(k => k.Identifiant).ToListAsync(cancellation)).Select(k => k.ToApiKey())],
        cancellation);

    public Task<(ApiKey Old, ApiKey New)> RotateAsync(
        string prefix, string secret, DateTimeOffset now, TimeSpan overlap, DateTimeOffset? expiresAt, CancellationToken cancellation) =>
        sessions.WriteAsync(
            async unit =>
            {
                var key = await FindAsync(unit.Session, prefix, cancellation)
                    ?? throw new RefusedException($"Aucune clé n'a le préfixe « {prefix} ».");
                // Under its lock: it may have been revoked since it was read.
                await unit.Session.RefreshAsync(key, LockMode.Upgrade, cancellation);
                var (ending, added) = key.ToApiKey().Rotate(secret, now, overlap, expiresAt);
                key.ExpiresAt = ending.ExpiresAt;
                await AddAsync(unit, added, key.Client, key.Identifiant, cancellation);
                return (ending, added);
            },
            cancellation);

    public Task<bool> RevokeAsync(string prefix, DateTimeOffset at, CancellationToken cancellation) => sessions.WriteAsync(
        async unit =>
        {
            if (await unit.Session.Query<Cle>().SingleOrDefaultAsync(k => k.Prefix == prefix, cancellation) is not { } key)
                return false;
            key.RevokedAt ??= at;
            return true;
        },
        cancellation);

    private static Task<Cle?> FindAsync(ISession session, string prefix, CancellationToken cancellation) => session
        .CreateQuery("from Cle k join fetch k.Client left join fetch k.Identifiant where k.Prefix = :prefix", ("prefix", prefix))
        .UniqueResultAsync<Cle?>(cancellation);

    private static async Task AddAsync(UnitOfWork unit, ApiKey key, Client client, Identifiant? identifiant, CancellationToken cancellation)
    {
        await unit.Session.SaveAsync(
            new Cle
            {
                Prefix = key.Prefix,
                Hash = key.Hash.ToArray(),
                Client = client,
                Identifiant = identifiant,
                Scopes = string.Join(' ', key.Scopes),
                CreatedAt = key.CreatedAt,
                ExpiresAt = key.ExpiresAt,
                RevokedAt = key.RevokedAt,
            },
            cancellation);
        unit.Proof = other => other.Query<Cle>().AnyAsync(k => k.Prefix == key.Prefix);
    }
}
