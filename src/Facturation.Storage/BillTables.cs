using Microsoft.EntityFrameworkCore;

namespace Facturation.Storage;

/// <summary>What one unit of a compteur costs from a day on.</summary>
internal sealed class PriceRow
{
    public int CompteurId { get; set; }
    public Compteur? Compteur { get; set; }
    public DateOnly ValidFrom { get; set; }
    public long UnitPriceMicros { get; set; }
    public required string Currency { get; set; }
}

internal sealed class BillRow
{
    public long Id { get; set; }
    public required Guid Uid { get; set; }
    public int MeterId { get; set; }
    public MeterRow? Meter { get; set; }
    public long StartReadingId { get; set; }
    public ReadingRow? StartReading { get; set; }
    public long EndReadingId { get; set; }
    public ReadingRow? EndReading { get; set; }
    public Guid FolioUid { get; set; }
    public required string FolioKind { get; set; }
    public DateOnly BusinessDate { get; set; }
    public required string Currency { get; set; }
    public long AmountCents { get; set; }
    public DateTimeOffset BilledAt { get; set; }
}

internal sealed class BillLineRow
{
    public long BillId { get; set; }
    public BillRow? Bill { get; set; }

    /// <summary>Its place in the bill, from 0.</summary>
    public int Number { get; set; }

    /// <summary>The meter that counted the units: the bill's, or for a correction one that it replaced.</summary>
    public int MeterId { get; set; }
    public MeterRow? Meter { get; set; }
    public bool IsCorrection { get; set; }
    public DateOnly FirstDay { get; set; }
    public DateOnly LastDay { get; set; }
    public long Units { get; set; }
    public long UnitPriceMicros { get; set; }
}

/// <summary>What the bills of a meter have charged, in all, for one day.</summary>
internal sealed class BilledDayRow
{
    public int MeterId { get; set; }
    public MeterRow? Meter { get; set; }
    public DateOnly Jour { get; set; }
    public long Units { get; set; }
    public long UnitPriceMicros { get; set; }
}

/// <summary>How the tables of prices and bills lie in the database.</summary>
internal static class BillTables
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<PriceRow>(price =>
        {
            price.ToTable("Prices");
            price.HasKey(p => new { p.CompteurId, p.ValidFrom });
            price.Property(p => p.Currency).HasMaxLength(3);
        });
        model.Entity<BillRow>(bill =>
        {
            bill.ToTable("Bills");
            bill.Property(b => b.FolioKind).HasMaxLength(8);
            bill.Property(b => b.Currency).HasMaxLength(3);
            bill.HasIndex(b => b.Uid).IsUnique();
            bill.HasIndex(b => new { b.MeterId, b.Id });
            bill.HasIndex(b => new { b.FolioUid, b.Id });
            // A reading ends one bill.
            bill.HasIndex(b => b.EndReadingId).IsUnique();
        });
        model.Entity<BillLineRow>(line =>
        {
            line.ToTable("BillLines");
            line.HasKey(l => new { l.BillId, l.Number });
        });
        model.Entity<BilledDayRow>(day =>
        {
            day.ToTable("BilledDays");
            day.HasKey(d => new { d.MeterId, d.Jour });
        });
    }
}
