using Facturation.Core;

namespace Facturation.Storage;

// The rows as they lie in the database; nothing outside this project sees them. Surrogate keys keep the one long table,
// Consommations, narrow: names and references are stored once.

internal sealed class Client
{
    public int Id { get; set; }
    public required string Code { get; set; }
}

internal sealed class Identifiant
{
    public int Id { get; set; }
    public int ClientId { get; set; }
    public Client? Client { get; set; }
    public required string Nom { get; set; }
}

/// <summary>A produit of a client's own catalogue: what one client imports never renames another's.</summary>
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
    /// What its positive quantities added up to when that was last worth counting: at an import, and when readings counted much.
    /// Readings need not add up the long table each time to know that a total still fits in 64 bits.
    /// </summary>
    public long Cumul { get; set; }

    /// <summary>Whether readings that count so much more fit in 64 bits, without a look at the long table.</summary>
    public static bool HasRoom(long cumul, long more) =>
        // A billion units a reading would take four billion readings to fill the other half of the range.
        more <= 0 || (more <= 1_000_000_000 && cumul <= long.MaxValue / 2);

    /// <summary>What it adds up to with so much more.</summary>
    /// <exception cref="RefusalException">That does not fit in 64 bits; an import sees to it too, so the total of any period fits.</exception>
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

    /// <summary>The hour of Paris.</summary>
    public DateTime Date { get; set; }
}

/// <summary>
/// An imported line: what one compteur counted in one dossier, on the day of the dossier's date. The key is the whole access
/// path: the lines of an element of an answer (produit, identifiant) lie side by side, in order of days.
/// </summary>
internal sealed class Consommation
{
    /// <summary>The compteur's produit, repeated here so that the key can start with it.</summary>
    public int ProduitId { get; set; }

    /// <summary>The dossier's identifiant, repeated here likewise.</summary>
    public int IdentifiantId { get; set; }
    public Identifiant? Identifiant { get; set; }

    /// <summary>The day of the dossier's date, always: reading by day is reading by date.</summary>
    public DateOnly Jour { get; set; }
    public long DossierId { get; set; }
    public Dossier? Dossier { get; set; }
    public int CompteurId { get; set; }
    public Compteur? Compteur { get; set; }
    public long Quantite { get; set; }
}

/// <summary>
/// What the lines and the meters of one compteur add up to for one identifiant on one day, written with them: the sums of a
/// year cost its days. It exists as long as one of them does.
/// </summary>
internal sealed class Total
{
    public int CompteurId { get; set; }
    public int IdentifiantId { get; set; }
    public DateOnly Jour { get; set; }

    /// <summary>The compteur's produit.</summary>
    public int ProduitId { get; set; }

    /// <summary>The sum of the positive quantities; apart from <see cref="Moins"/>, so that both are known to fit in 64 bits.</summary>
    public long Plus { get; set; }

    /// <summary>The sum of the negative quantities: corrections.</summary>
    public long Moins { get; set; }

    /// <summary>How many lines, and days of meters, it is the total of; a line of quantity 0 counts.</summary>
    public long Lignes { get; set; }
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
