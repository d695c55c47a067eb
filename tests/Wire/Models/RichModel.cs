namespace Facturation.Wire;

public enum Energie
{
    Aucune,
    Electricite,
    Eau = 5,
    Gaz,
}

/// <summary>One member of every kind a legacy service may have had in a body, so that reading is proven beyond the contract.</summary>
public class RichModel
{
    public string? Texte { get; set; }
    public string TexteObligatoire { get; set; } = "par défaut";
    public int Entier { get; set; }
    public int? EntierNul { get; set; }
    public long GrandEntier { get; set; }
    public long? GrandEntierNul { get; set; }
    public short Court { get; set; }
    public byte Octet { get; set; }
    public uint EntierPositif { get; set; }
    public decimal Exact { get; set; }
    public decimal? ExactNul { get; set; }
    public double Flottant { get; set; }
    public float Simple { get; set; }
    public bool Booleen { get; set; }
    public bool? BooleenNul { get; set; }
    public char Caractere { get; set; }
    public Guid Jeton { get; set; }
    public Guid? JetonNul { get; set; }
    public Energie Energie { get; set; }
    public Energie? EnergieNulle { get; set; }
    public DateTime Date { get; set; }
    public DateTime? DateNulle { get; set; }
    public DateTimeOffset Instant { get; set; }
    public DateTimeOffset? InstantNul { get; set; }
    public TimeSpan Duree { get; set; }
    public TimeSpan? DureeNulle { get; set; }
    public Uri? Adresse { get; set; }
    public byte[]? Octets { get; set; }
    public NestedModel? Objet { get; set; }
    public List<NestedModel>? Liste { get; set; }
    public NestedModel[]? Tableau { get; set; }
    public List<string>? Textes { get; set; }
    public int[]? Entiers { get; set; }
    public List<DateTime>? Dates { get; set; }
    public Dictionary<string, string>? Dictionnaire { get; set; }
    public object? Quelconque { get; set; }
    public RichModel? Enfant { get; set; }
}

public class NestedModel
{
    public int Numero { get; set; }
    public string? Nom { get; set; }
    public DateTime? Jour { get; set; }
}
