using Facturation.Api.Models;

namespace Facturation.Wire;

/// <summary>What a <see cref="ParamModel"/> looked like once read, spelt out so that no writer can hide a difference.</summary>
public class ReportModel
{
    public bool Recu { get; set; }
    public DateReport? Debut { get; set; }
    public DateReport? Fin { get; set; }
    public int? ProduitId { get; set; }
    public bool Valide { get; set; }
    public List<string>? Erreurs { get; set; }

    public static ReportModel Of(ParamModel? read, bool valid, IEnumerable<string> errors) => new()
    {
        Recu = read != null,
        Debut = DateReport.Of(read?.Debut),
        Fin = DateReport.Of(read?.Fin),
        ProduitId = read?.ProduitId,
        Valide = valid,
        Erreurs = errors.Order(StringComparer.Ordinal).ToList(),
    };

    /// <summary>One error as HttpError shows it: an exception's own text never leaves the server.</summary>
    public static string Line(string key, string? message) =>
        key + " => " + (string.IsNullOrEmpty(message) ? "An error has occurred." : message);
}

public class DateReport
{
    public long Ticks { get; set; }
    public string? Kind { get; set; }
    public DateTime Valeur { get; set; }

    public static DateReport? Of(DateTime? date) => date is not { } value
        ? null
        : new DateReport { Ticks = value.Ticks, Kind = value.Kind.ToString(), Valeur = value };
}
