using Facturation.Core;

namespace Facturation.Api.Legacy;

/// <summary>The format of consumption answers; section <c>Consommation</c> of the configuration.</summary>
public sealed class ConsommationOptions
{
    /// <summary>
    /// How <c>DateDossier</c>, a time in Europe/Paris, is written. Unspecified (default): without offset, as a SQL Server
    /// <c>datetime</c> reads. Local: the same time with the offset of Paris. Utc: the same instant in UTC, with Z.
    /// </summary>
    public DateTimeKind DateDossierKind { get; set; }

    /// <summary>A dossier's date as it is written in answers.</summary>
    public DateTime ToWire(DateTime hour) => DateDossierKind == DateTimeKind.Utc
        ? Paris.Instant(hour)
        : DateTime.SpecifyKind(hour, DateDossierKind);
}
