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
/// What one compteur counted in one dossier on one day. The key is the whole access path: the compteurs and identifiants of a
/// client are few, and for each the days of a period lie side by side.
/// </summary>
internal sealed class Consommation
{
    /// <summary><see cref="Source"/> of imported lines.</summary>
    public const int Import = 0;

    public int CompteurId { get; set; }
    public Compteur? Compteur { get; set; }

    /// <summary>The dossier's identifiant, repeated here so that the key can start with it.</summary>
    public int IdentifiantId { get; set; }
    public Identifiant? Identifiant { get; set; }

    /// <summary>The day, in Paris, it was consumed.</summary>
    public DateOnly Jour { get; set; }
    public long DossierId { get; set; }
    public Dossier? Dossier { get; set; }

    /// <summary>
    /// Where the line comes from: <see cref="Import"/>, so that an import only ever replaces imported lines, or a meter's Id.
    /// </summary>
    public int Source { get; set; }
    public long Quantite { get; set; }
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
