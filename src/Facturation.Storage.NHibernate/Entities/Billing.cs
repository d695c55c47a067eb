using Facturation.Core;

namespace Facturation.Storage.NHibernate;

internal sealed record PriceId
{
    public int CompteurId { get; init; }
    public DateOnly ValidFrom { get; init; }
}

internal class PriceRow
{
    public virtual required PriceId Id { get; set; }
    public virtual long UnitPriceMicros { get; set; }
    public virtual required string Currency { get; set; }

    public virtual Price ToPrice() => new(Id.ValidFrom, UnitPriceMicros, Currency);
}

internal class BillRow
{
    public virtual long Id { get; protected set; }
    public virtual Guid Uid { get; set; }
    public virtual required MeterRow Meter { get; set; }
    public virtual required ReadingRow StartReading { get; set; }
    public virtual required ReadingRow EndReading { get; set; }
    public virtual Guid FolioUid { get; set; }
    public virtual required string FolioKind { get; set; }
    public virtual DateOnly BusinessDate { get; set; }
    public virtual required string Currency { get; set; }
    public virtual long AmountCents { get; set; }
    public virtual DateTimeOffset BilledAt { get; set; }
    public virtual IList<BillLineRow> Lines { get; set; } = [];

    /// <summary>The bill, without its lines.</summary>
    public virtual Bill ToBill() => new()
    {
        Id = Uid,
        Meter = Meter.Uid,
        FolioId = FolioUid,
        FolioKind = FolioKind,
        BusinessDate = BusinessDate,
        StartReading = StartReading.Uid,
        From = StartReading.ReadAt,
        EndReading = EndReading.Uid,
        To = EndReading.ReadAt,
        Currency = Currency,
        AmountCents = AmountCents,
        BilledAt = BilledAt,
    };
}

/// <summary>A line of a bill: a part of it, in order, without an identity.</summary>
internal class BillLineRow
{
    public virtual required MeterRow Meter { get; set; }
    public virtual bool IsCorrection { get; set; }
    public virtual DateOnly FirstDay { get; set; }
    public virtual DateOnly LastDay { get; set; }
    public virtual long Units { get; set; }
    public virtual long UnitPriceMicros { get; set; }

    public virtual BillLine ToLine() => new(Meter.Uid, IsCorrection, FirstDay, LastDay, Units, UnitPriceMicros);
}

internal class BilledDayRow
{
    public virtual required MeterDayId Id { get; set; }
    public virtual long Units { get; set; }
    public virtual long UnitPriceMicros { get; set; }
}
