#if NHIBERNATE
using System.Globalization;
using FluentNHibernate.Cfg;
using FluentNHibernate.Cfg.Db;
using FluentNHibernate.Driver;
using FluentNHibernate.Mapping;
using NHibernate;

namespace Facturation.Benchmarks.Contenders.Ordinary;

/// <summary>With NHibernate: queries in HQL, whose plans it keeps, on a stateless session.</summary>
internal sealed class NHibernateConsommations(ISessionFactory factory) : IConsommations, IDisposable
{
    private const string Key = """
        select k.Hash, c.Id, c.Code, k.Scopes, k.ExpiresAt, k.RevokedAt from KeyRow k, ClientRow c where k.Prefix = :prefix and c.Id = k.ClientId
        """;

    // The joins become CROSS JOIN, which fixes the order of SQLite's loops as in Dapper's query.
    private const string Lines = """
        select p.Numero, p.Nom, i.Nom, d.Id, d.Reference, d.Date, k.Sequence, k.Libelle, l.Quantite
        from ProduitRow p, IdentifiantRow i, LineRow l, DossierRow d, CompteurRow k
        where p.ClientId = :client and i.ClientId = :client and l.ProduitId = p.Id and l.IdentifiantId = i.Id and l.Jour between :debut and :fin
          and d.Id = l.DossierId and k.Id = l.CompteurId
        """;

    private readonly IStatelessSession session = factory.OpenStatelessSession();

    public static ISessionFactory CreateFactory(string connectionString) => Fluently.Configure()
        .Database(MsSqliteConfiguration.Standard.ConnectionString(connectionString).Driver<MsSQLiteDriver>())
        .Mappings(mappings => mappings.FluentMappings
            .Add<ClientMap>().Add<KeyMap>().Add<ProduitMap>().Add<IdentifiantMap>().Add<LineMap>().Add<DossierMap>().Add<CompteurMap>())
        .BuildSessionFactory();

    public async Task<Cle?> FindKeyAsync(string prefix) =>
        await session.CreateQuery(Key).SetString("prefix", prefix).UniqueResultAsync<object?[]?>() is { } row
            ? new()
            {
                Hash = (byte[])row[0]!,
                ClientId = (int)row[1]!,
                Client = (string)row[2]!,
                Scopes = (string)row[3]!,
                ExpiresAt = Instant(row[4]),
                RevokedAt = Instant(row[5]),
            }
            : null;

    public async Task<IEnumerable<Ligne>> ReadAsync(int client, DateOnly debut, DateOnly fin)
    {
        var rows = await session.CreateQuery(Lines)
            .SetInt32("client", client)
            .SetString("debut", debut.ToString("O", CultureInfo.InvariantCulture))
            .SetString("fin", fin.ToString("O", CultureInfo.InvariantCulture))
            .ListAsync<object?[]>();
        return rows.Select(row => new Ligne
        {
            Numero = (int)row[0]!,
            Produit = (string?)row[1],
            Identifiant = (string)row[2]!,
            DossierId = (long)row[3]!,
            Dossier = (string)row[4]!,
            Date = (DateTime)row[5]!,
            Sequence = (int)row[6]!,
            Libelle = (string?)row[7],
            Quantite = (long)row[8]!,
        });
    }

    public void Dispose() => session.Dispose();

    private static DateTimeOffset? Instant(object? text) =>
        text is string value ? DateTimeOffset.Parse(value, CultureInfo.InvariantCulture) : null;
}

// The entities: what the queries read. SQLite keeps days and instants as texts, whose order is theirs. Short names in HQL need types that are
// not nested.

internal sealed class ClientRow
{
    public int Id { get; set; }
    public string? Code { get; set; }
}

internal sealed class KeyRow
{
    public int Id { get; set; }
    public string? Prefix { get; set; }
    public byte[]? Hash { get; set; }
    public int ClientId { get; set; }
    public string? Scopes { get; set; }
    public string? ExpiresAt { get; set; }
    public string? RevokedAt { get; set; }
}

internal sealed class ProduitRow
{
    public int Id { get; set; }
    public int ClientId { get; set; }
    public int Numero { get; set; }
    public string? Nom { get; set; }
}

internal sealed class IdentifiantRow
{
    public int Id { get; set; }
    public int ClientId { get; set; }
    public string? Nom { get; set; }
}

internal sealed class DossierRow
{
    public long Id { get; set; }
    public string? Reference { get; set; }
    public DateTime Date { get; set; }
}

internal sealed class CompteurRow
{
    public int Id { get; set; }
    public int Sequence { get; set; }
    public string? Libelle { get; set; }
}

internal sealed class LineRow
{
    public int ProduitId { get; set; }
    public int IdentifiantId { get; set; }
    public string? Jour { get; set; }
    public long DossierId { get; set; }
    public int CompteurId { get; set; }
    public long Quantite { get; set; }

    public override bool Equals(object? obj) => obj is LineRow other && (DossierId, CompteurId) == (other.DossierId, other.CompteurId);

    public override int GetHashCode() => HashCode.Combine(DossierId, CompteurId);
}

internal sealed class ClientMap : ClassMap<ClientRow>
{
    public ClientMap()
    {
        Table("Clients");
        Not.LazyLoad();
        Id(r => r.Id);
        Map(r => r.Code);
    }
}

internal sealed class KeyMap : ClassMap<KeyRow>
{
    public KeyMap()
    {
        Table("Cles");
        Not.LazyLoad();
        Id(r => r.Id);
        Map(r => r.Prefix);
        Map(r => r.Hash);
        Map(r => r.ClientId);
        Map(r => r.Scopes);
        Map(r => r.ExpiresAt);
        Map(r => r.RevokedAt);
    }
}

internal sealed class ProduitMap : ClassMap<ProduitRow>
{
    public ProduitMap()
    {
        Table("Produits");
        Not.LazyLoad();
        Id(r => r.Id);
        Map(r => r.ClientId);
        Map(r => r.Numero);
        Map(r => r.Nom);
    }
}

internal sealed class IdentifiantMap : ClassMap<IdentifiantRow>
{
    public IdentifiantMap()
    {
        Table("Identifiants");
        Not.LazyLoad();
        Id(r => r.Id);
        Map(r => r.ClientId);
        Map(r => r.Nom);
    }
}

internal sealed class DossierMap : ClassMap<DossierRow>
{
    public DossierMap()
    {
        Table("Dossiers");
        Not.LazyLoad();
        Id(r => r.Id);
        Map(r => r.Reference);
        Map(r => r.Date);
    }
}

internal sealed class CompteurMap : ClassMap<CompteurRow>
{
    public CompteurMap()
    {
        Table("Compteurs");
        Not.LazyLoad();
        Id(r => r.Id);
        Map(r => r.Sequence);
        Map(r => r.Libelle);
    }
}

internal sealed class LineMap : ClassMap<LineRow>
{
    public LineMap()
    {
        Table("Consommations");
        Not.LazyLoad();
        CompositeId().KeyProperty(r => r.ProduitId).KeyProperty(r => r.IdentifiantId).KeyProperty(r => r.Jour).KeyProperty(r => r.DossierId).KeyProperty(r => r.CompteurId);
        Map(r => r.Quantite);
    }
}
#endif
