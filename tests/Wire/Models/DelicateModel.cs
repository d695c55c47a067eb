namespace Facturation.Wire;

/// <summary>An answer's element; which member is delicate depends on the case asked for.</summary>
public class DelicateModel
{
    public string? Nom { get; set; }
    public string? Texte { get; set; }
    public DateTime Date { get; set; }
    public DateTime? DateNulle { get; set; }
    public long GrandEntier { get; set; }
    public int Entier { get; set; }
    public decimal Exact { get; set; }
    public double Flottant { get; set; }
    public List<string?>? Textes { get; set; }
    public List<DelicateModel>? Enfants { get; set; }
}
