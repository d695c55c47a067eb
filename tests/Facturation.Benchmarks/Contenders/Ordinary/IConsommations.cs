using System.Security.Cryptography;
using Facturation.Api.Models;
using Facturation.Core;

namespace Facturation.Benchmarks.Contenders.Ordinary;

/// <summary>
/// What the operation needs of a database, as a good developer writes it for stock MVC or Web API 2: on the service's own tables and indexes,
/// without what the benchmark never asks for.
/// </summary>
public interface IConsommations
{
    /// <summary>The key of this prefix, or null.</summary>
    Task<Cle?> FindKeyAsync(string prefix);

    /// <summary>The lines of a client between two days, in any order.</summary>
    Task<IEnumerable<Ligne>> ReadAsync(int client, DateOnly debut, DateOnly fin);
}

/// <summary>A key and its client.</summary>
public sealed record Cle
{
    /// <summary>SHA-256 of the key.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The client's key in the database.</summary>
    public required int ClientId { get; init; }

    /// <summary>The client's code.</summary>
    public required string Client { get; init; }

    /// <summary>Separated by spaces.</summary>
    public required string Scopes { get; init; }

    /// <summary>When it expires, or null.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was revoked, or null.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The key of a request, if it is one that may read.</summary>
    public static async Task<Cle?> FindAsync(IConsommations store, string? secret) =>
        secret is not null && ApiKey.PrefixOf(secret) is { } prefix
        && await store.FindKeyAsync(prefix) is { RevokedAt: null } key
        && CryptographicOperations.FixedTimeEquals(key.Hash, ApiKey.HashOf(secret))
        && !(key.ExpiresAt <= DateTimeOffset.UtcNow)
        && key.Scopes.Split(' ').Contains(Core.Scopes.ConsommationRead)
            ? key
            : null;
}

/// <summary>What one compteur counted in one dossier, with all that the answer tells of it.</summary>
public sealed class Ligne
{
    /// <summary>The number of the produit.</summary>
    public int Numero { get; set; }

    /// <summary>The name of the produit.</summary>
    public string? Produit { get; set; }

    /// <summary>The name of the identifiant.</summary>
    public string Identifiant { get; set; } = "";

    /// <summary>The dossier's key in the database.</summary>
    public long DossierId { get; set; }

    /// <summary>The reference of the dossier.</summary>
    public string Dossier { get; set; } = "";

    /// <summary>The date of the dossier.</summary>
    public DateTime Date { get; set; }

    /// <summary>The number of the compteur.</summary>
    public int Sequence { get; set; }

    /// <summary>The name of the compteur.</summary>
    public string? Libelle { get; set; }

    /// <summary>What it counted.</summary>
    public long Quantite { get; set; }

    /// <summary>The answer that lines make. So few are sorted sooner here than by SQLite.</summary>
    public static List<ReponseV2Model> Group(IEnumerable<Ligne> lignes)
    {
        var sorted = lignes.OrderBy(l => l.Numero).ThenBy(l => l.Identifiant, StringComparer.Ordinal)
            .ThenBy(l => l.Date).ThenBy(l => l.Dossier, StringComparer.Ordinal).ThenBy(l => l.Sequence);
        var answer = new List<ReponseV2Model>();
        Ligne? last = null;
        foreach (var ligne in sorted)
        {
            var isNew = last is null || last.Numero != ligne.Numero || last.Identifiant != ligne.Identifiant;
            if (isNew)
                answer.Add(new()
                {
                    ProduitId = ligne.Numero,
                    NomProduit = ligne.Produit,
                    Identifiant = ligne.Identifiant,
                    ConsommationsSomme = [],
                    ConsommationsDetails = [],
                });
            var (sommes, details) = (answer[^1].ConsommationsSomme!, answer[^1].ConsommationsDetails!);
            if (isNew || last!.DossierId != ligne.DossierId)
                details.Add(new() { Dossier = ligne.Dossier, DateDossier = ligne.Date, Identifiant = ligne.Identifiant, Compteur = [] });
            details[^1].Compteur!.Add(new() { Sequence = ligne.Sequence, Libelle = ligne.Libelle, Quantite = ligne.Quantite });
            Add(sommes, ligne);
            last = ligne;
        }
        foreach (var groupe in answer)
            groupe.ConsommationsSomme!.Sort((left, right) => left.Sequence.CompareTo(right.Sequence));
        return answer;
    }

    /// <summary>A produit has few compteurs, so looking through them is quicker than a dictionary.</summary>
    private static void Add(List<CompteurModel> sommes, Ligne ligne)
    {
        foreach (var somme in sommes)
        {
            if (somme.Sequence == ligne.Sequence)
            {
                somme.Quantite += ligne.Quantite;
                return;
            }
        }
        sommes.Add(new() { Sequence = ligne.Sequence, Libelle = ligne.Libelle, Quantite = ligne.Quantite });
    }
}
