using Facturation.Core;
using NHibernate;

namespace Facturation.Storage.NHibernate;

/// <summary>An answer by HQL, whose rows of scalars are read one by one: LINQ and lists would hold all of them in memory.</summary>
/// <param name="session">The session, in a transaction; disposed with the view.</param>
/// <param name="demande">The query.</param>
internal sealed class HqlConsommationView(ISession session, Demande demande) : ConsommationView(demande)
{
    public override ValueTask DisposeAsync()
    {
        session.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Names, which may be long, are looked up by group, so that no row that is sorted has them.</summary>
    protected override async Task<List<SommeRow>> ReadSommesAsync(CancellationToken cancellation)
    {
        var isOne = Demande is not { Ordre: Ordre.ParProduit, Identifiant: null };
        var identifiant = isOne ? ", i.Id, i.Nom" : "";
        var rows = await Create($"""
            select p.Id, p.Numero, (select n.Nom from Produit n where n.Id = p.Id),
              k.Sequence, (select n.Libelle from Compteur n where n.Id = k.Id),
              sum(t.Plus), sum(t.Moins){identifiant}
            from Client c, Produit p, Compteur k, Identifiant i, Total t
            where c.Code = :client and p.Client.Id = c.Id and k.Produit.Id = p.Id and i.Client.Id = c.Id
              and t.Id.CompteurId = k.Id and t.Id.IdentifiantId = i.Id{Days("t.Id.Jour")}
              {(Demande.ProduitId is null ? "" : "and p.Numero = :numero")}
              {(Demande.Identifiant is null ? "" : "and i.Nom = :nom")}
            group by p.Id, p.Numero, k.Id, k.Sequence{identifiant}
            """).ListAsync<object?[]>(cancellation);
        return [.. rows.Select(r => new SommeRow(
            (int)r[0]!, (int)r[1]!, (string?)r[2], new Somme((int)r[3]!, (string?)r[4], checked((long)r[5]! + (long)r[6]!)),
            isOne ? (int)r[7]! : null, isOne ? (string)r[8]! : null))];
    }

    protected override Task<DetailRows> OpenLignesAsync(int produit, int? identifiant, string? nom, CancellationToken cancellation) => OpenAsync(
        identifiant is not null
            ? $"""
                select d.Reference, d.Date, k.Sequence, l.Quantite
                from Consommation l, Dossier d, Compteur k
                where l.Id.ProduitId = :produit and l.Id.IdentifiantId = :identifiant{Days("l.Id.Jour")}
                  and d.Id = l.Id.DossierId and k.Id = l.Id.CompteurId
                order by l.Id.Jour, d.Date, ordinal(d.Reference), k.Sequence
                """
            // Found day by day, through the daily totals: those of one day alone are sorted.
            : $"""
                select d.Reference, d.Date, k.Sequence, l.Quantite, i.Nom
                from Total t, Consommation l, Dossier d, Identifiant i, Compteur k
                where t.ProduitId = :produit{Days("t.Id.Jour")}
                  and not exists (select 1 from Total o where o.ProduitId = t.ProduitId and o.Id.Jour = t.Id.Jour
                    and o.Id.IdentifiantId = t.Id.IdentifiantId and o.Id.CompteurId < t.Id.CompteurId)
                  and l.Id.ProduitId = t.ProduitId and l.Id.IdentifiantId = t.Id.IdentifiantId and l.Id.Jour between t.Id.Jour and t.Id.Jour
                  and d.Id = l.Id.DossierId and i.Id = t.Id.IdentifiantId and k.Id = l.Id.CompteurId
                order by t.Id.Jour, d.Date, ordinal(d.Reference), ordinal(i.Nom), k.Sequence
                """,
        produit, identifiant, nom);

    protected override Task<DetailRows> OpenMetersAsync(int produit, int? identifiant, string? nom, CancellationToken cancellation)
    {
        var isOne = identifiant is not null;
        return OpenAsync(
            $"""
            select d.Reference, d.Date, k.Sequence,
              (select sum(j.Units) from MeterDayRow j where j.Id.MeterId = m.Id{Days("j.Id.Jour")}){(isOne ? "" : ", i.Nom")}
            from Compteur k, MeterRow m, Dossier d{(isOne ? "" : ", Identifiant i")}
            where k.Produit.Id = :produit and m.Compteur.Id = k.Id and d.Id = m.Dossier.Id
              and m.Identifiant.Id = {(isOne ? ":identifiant" : "i.Id")}
            order by d.Date, ordinal(d.Reference){(isOne ? "" : ", ordinal(i.Nom)")}, k.Sequence
            """,
            produit, identifiant, nom);
    }

    private Task<DetailRows> OpenAsync(string hql, int produit, int? identifiant, string? nom) =>
        Task.FromResult<DetailRows>(new Rows(session, Create(hql, ("produit", produit), ("identifiant", identifiant)), nom));

    private IQuery Create(string hql, params ReadOnlySpan<(string Name, object? Value)> values) => session.CreateQuery(
        hql,
        [
            .. values, ("client", Demande.Client), ("numero", Demande.ProduitId), ("nom", Demande.Identifiant), ("debut", Demande.Periode.Debut),
            ("fin", Demande.Periode.Fin),
        ]);

    private string Days(string jour) => Hql.Days(Demande.Periode, jour);

    /// <summary>Rows of reference, date, sequence and quantity, and of the identifiant if they are of all.</summary>
    private sealed class Rows(ISession session, IQuery query, string? identifiant) : DetailRows
    {
        private readonly HqlStream stream = new(session, query);

        public override ValueTask ReadAsync(CancellationToken cancellation)
        {
            do
                HasRow = stream.Read(cancellation);
            while (HasRow && stream.Current[3] is null);
            if (HasRow)
                Current = new(
                    (string)stream.Current[0]!, (DateTime)stream.Current[1]!, identifiant ?? (string)stream.Current[4]!, (int)stream.Current[2]!,
                    (long)stream.Current[3]!);
            return ValueTask.CompletedTask;
        }

        public override ValueTask DisposeAsync()
        {
            stream.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
