using Facturation.Core;

namespace Facturation.Storage;

// The tables, for EF Core's model. Surrogate keys keep the one long table, Consommations, narrow: names and references are stored once.

internal sealed class Client
{
    public int Id { get; set; }
    public required string Code { get; set; }

    /// <summary>Whether its suspect readings count nothing until they are confirmed.</summary>
    public bool HoldsSuspects { get; set; }
}

internal sealed class Identifiant
{
    public int Id { get; set; }
    public int ClientId { get; set; }
    public Client? Client { get; set; }
    public required string Nom { get; set; }
}

/// <summary>A produit of one client. Clients do not share produits, so an import never renames another client's.</summary>
internal sealed class Produit
{
    public int Id { get; set; }
    public int ClientId { get; set; }
    public Client? Client { get; set; }

    /// <summary>ProduitId on the wire.</summary>
    public int Numero { get; set; }
    public string? Nom { get; set; }
}

internal sealed class Compteur
{
    public int Id { get; set; }
    public int ProduitId { get; set; }
    public Produit? Produit { get; set; }
    public int Sequence { get; set; }
    public string? Libelle { get; set; }

    /// <summary>
    /// The sum of its positive quantities when it was last computed: at an import, or at a reading that counted much. It lets a reading
    /// check for overflow without adding up the totals.
    /// </summary>
    public long Cumul { get; set; }

    /// <summary>Whether a reading that adds so many units fits in 64 bits for sure, without adding up the totals.</summary>
    public static bool HasRoom(long cumul, long more) =>
        // At a billion units each, it takes four billion readings to fill the other half of the range.
        more <= 0 || (more <= 1_000_000_000 && cumul <= long.MaxValue / 2);

    /// <summary>The total with so many more units.</summary>
    /// <exception cref="RefusalException">The total would not fit in 64 bits. Imports check this too.</exception>
    public static long AddUp(long total, long more) => total <= long.MaxValue - more
        ? total + more
        : throw new RefusalException(RefusalCodes.TotalTooLarge,
            $"{more} unités de plus, et le total de ce compteur ({total}) ne tiendrait plus dans 64 bits.");
}

internal sealed class Dossier
{
    public long Id { get; set; }
    public int IdentifiantId { get; set; }
    public Identifiant? Identifiant { get; set; }
    public required string Reference { get; set; }

    /// <summary>A date and time in Europe/Paris.</summary>
    public DateTime Date { get; set; }
}

/// <summary>
/// An imported line: what one compteur counted in one dossier, on the day of the dossier's date. The lines
/// of an element of an answer (produit, identifiant) are a range of the key, in order of days.
/// </summary>
internal sealed class Consommation
{
    /// <summary>The compteur's produit, repeated here so that the key can start with it.</summary>
    public int ProduitId { get; set; }

    /// <summary>The dossier's identifiant, repeated here for the same reason.</summary>
    public int IdentifiantId { get; set; }
    public Identifiant? Identifiant { get; set; }

    /// <summary>The day of the dossier's date.</summary>
    public DateOnly Jour { get; set; }
    public long DossierId { get; set; }
    public Dossier? Dossier { get; set; }
    public int CompteurId { get; set; }
    public Compteur? Compteur { get; set; }
    public long Quantite { get; set; }
}

/// <summary>
/// The total of the lines and meters of one compteur for one identifiant on one day, written in the same transaction as they are. The
/// sums of a year then read one row a day. It exists as long as a line or a meter's day does.
/// </summary>
internal sealed class Total
{
    public int CompteurId { get; set; }
    public int IdentifiantId { get; set; }
    public DateOnly Jour { get; set; }

    /// <summary>The compteur's produit.</summary>
    public int ProduitId { get; set; }

    /// <summary>The sum of the positive quantities. It is separate from <see cref="Moins"/> so that each is known to fit in 64 bits.</summary>
    public long Plus { get; set; }

    /// <summary>The sum of the negative quantities, which are corrections.</summary>
    public long Moins { get; set; }

    /// <summary>The number of lines and meters it is the total of; a line of quantity 0 counts.</summary>
    public long Lignes { get; set; }

    /// <summary>When it last changed, in milliseconds since 1970 in UTC; 0 if that was before this was kept.</summary>
    public long ChangedAt { get; set; }
}

/// <summary>A total that no longer exists, because its last meter's day was voided: it changed, to nothing.</summary>
internal sealed class RemovedTotal
{
    public int CompteurId { get; set; }
    public int IdentifiantId { get; set; }
    public DateOnly Jour { get; set; }

    /// <summary>When it was last removed, in milliseconds since 1970 in UTC.</summary>
    public long ChangedAt { get; set; }
}

internal sealed class Cle
{
    public int Id { get; set; }
    public required string Prefix { get; set; }
    public required byte[] Hash { get; set; }
    public int ClientId { get; set; }
    public Client? Client { get; set; }
    public int? IdentifiantId { get; set; }
    public Identifiant? Identifiant { get; set; }

    /// <summary>Separated by spaces, as OAuth writes them.</summary>
    public required string Scopes { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
}
