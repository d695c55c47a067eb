using Facturation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Facturation.Benchmarks.Contenders.Ordinary;

/// <summary>With EF Core: queries compiled once, of which it tracks nothing, on a pooled context.</summary>
internal sealed class EfConsommations(FacturationContext context) : IConsommations
{
    private static readonly Func<FacturationContext, string, Task<Cle?>> Key = EF.CompileAsyncQuery((FacturationContext db, string prefix) =>
        db.Cles.Where(k => k.Prefix == prefix)
            .Select(k => new Cle
            {
                Hash = k.Hash,
                ClientId = k.ClientId,
                Client = k.Client!.Code,
                Scopes = k.Scopes,
                ExpiresAt = k.ExpiresAt,
                RevokedAt = k.RevokedAt,
            })
            .SingleOrDefault());

    // What it joins without a condition becomes CROSS JOIN, which fixes the order of SQLite's loops as in Dapper's query.
    private static readonly Func<FacturationContext, int, DateOnly, DateOnly, IAsyncEnumerable<Ligne>> Lines =
        EF.CompileAsyncQuery((FacturationContext db, int client, DateOnly debut, DateOnly fin) =>
            from p in db.Produits
            where p.ClientId == client
            from i in db.Identifiants
            where i.ClientId == client
            from l in db.Consommations
            where l.ProduitId == p.Id && l.IdentifiantId == i.Id && l.Jour >= debut && l.Jour <= fin
            select new Ligne
            {
                Numero = p.Numero,
                Produit = p.Nom,
                Identifiant = i.Nom,
                DossierId = l.DossierId,
                Dossier = l.Dossier!.Reference,
                Date = l.Dossier!.Date,
                Sequence = l.Compteur!.Sequence,
                Libelle = l.Compteur!.Libelle,
                Quantite = l.Quantite,
            });

    public Task<Cle?> FindKeyAsync(string prefix) => Key(context, prefix);

    public async Task<IEnumerable<Ligne>> ReadAsync(int client, DateOnly debut, DateOnly fin)
    {
        var lignes = new List<Ligne>();
        await foreach (var ligne in Lines(context, client, debut, fin))
            lignes.Add(ligne);
        return lignes;
    }
}
