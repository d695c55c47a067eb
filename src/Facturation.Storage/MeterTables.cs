using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Facturation.Storage;

internal sealed class MeterRow
{
    public int Id { get; set; }
    public required Guid Uid { get; set; }
    public int ClientId { get; set; }
    public Client? Client { get; set; }
    public required string Serial { get; set; }
    public int Digits { get; set; }
    public long RolloverAt { get; set; }
    public long MultiplierMicros { get; set; }
    public required string Unit { get; set; }
    public long DossierId { get; set; }
    public Dossier? Dossier { get; set; }
    public int CompteurId { get; set; }
    public Compteur? Compteur { get; set; }

    /// <summary>The dossier's identifiant, repeated here so that an index finds the meters of an element of an answer.</summary>
    public int IdentifiantId { get; set; }
    public Identifiant? Identifiant { get; set; }
    public DateTimeOffset InstalledAt { get; set; }
    public DateTimeOffset? RemovedAt { get; set; }
    public int? ReplacesId { get; set; }
    public MeterRow? Replaces { get; set; }
}

internal sealed class ReadingRow
{
    public long Id { get; set; }
    public required Guid Uid { get; set; }
    public int MeterId { get; set; }
    public MeterRow? Meter { get; set; }
    public long IndexMilli { get; set; }

    /// <summary>The rollovers since the installation, this reading's included; kept as it was once the reading is voided.</summary>
    public int Turns { get; set; }
    public DateTimeOffset ReadAt { get; set; }
    public Guid? RecordedBy { get; set; }
    public string? ProofRef { get; set; }
    public DateTimeOffset RecordedAt { get; set; }
    public bool IsSuspect { get; set; }

    /// <summary>0 while the reading counts, its Id once it is voided. The unique index then allows one counting reading for each instant of a meter.</summary>
    public long VoidedAs { get; set; }
    public DateTimeOffset? VoidedAt { get; set; }
    public Guid? VoidedBy { get; set; }
    public string? VoidReason { get; set; }
    public DateTimeOffset? ConfirmedAt { get; set; }
    public Guid? ConfirmedBy { get; set; }
}

/// <summary>What a meter counted on one day, in Paris; a day without units has no row.</summary>
internal sealed class MeterDayRow
{
    public int MeterId { get; set; }
    public MeterRow? Meter { get; set; }
    public DateOnly Jour { get; set; }
    public long Units { get; set; }
}

/// <summary>An entry of the audit log; triggers refuse to change or delete one.</summary>
internal sealed class AuditRow
{
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }
    public int ClientId { get; set; }
    public required string KeyPrefix { get; set; }
    public required string TraceId { get; set; }
    public required string Action { get; set; }
    public Guid? RecordedBy { get; set; }

    /// <summary>The meter; all zeros for an entry that concerns none.</summary>
    public Guid MeterUid { get; set; }
    public Guid? ReadingUid { get; set; }
    public string? Detail { get; set; }
}

internal sealed class KeptAnswerRow
{
    public int ClientId { get; set; }
    public required string Key { get; set; }
    public required byte[] Hash { get; set; }
    public int Status { get; set; }
    public string? Location { get; set; }
    public required byte[] Body { get; set; }
    public DateTimeOffset At { get; set; }
}

/// <summary>How the tables of meters lie in the database.</summary>
internal static class MeterTables
{
    // SQLite has no type for instants and cannot order EF Core's text for DateTimeOffset, so they are stored in UTC.
    private static readonly ValueConverter<DateTimeOffset, DateTime> Utc = new(
        instant => instant.UtcDateTime, text => new DateTimeOffset(DateTime.SpecifyKind(text, DateTimeKind.Utc)));

    public static void Configure(ModelBuilder model, bool isSqlite)
    {
        model.Entity<MeterRow>(meter =>
        {
            meter.ToTable("Meters");
            meter.Property(m => m.Serial).HasMaxLength(Core.Meter.MaxSerial);
            meter.Property(m => m.Unit).HasMaxLength(Core.Meter.MaxUnit);
            meter.HasIndex(m => m.Uid).IsUnique();
            meter.HasIndex(m => m.ClientId);
            meter.HasIndex(m => m.ReplacesId);
            meter.HasIndex(m => m.DossierId);
            meter.HasIndex(m => new { m.CompteurId, m.IdentifiantId });
            // A compteur of a dossier has one installed meter of a serial number: a second one would count twice.
            meter.HasIndex(m => new { m.DossierId, m.CompteurId, m.Serial }).IsUnique().HasFilter("\"RemovedAt\" IS NULL");
        });
        model.Entity<ReadingRow>(reading =>
        {
            reading.ToTable("Readings");
            reading.Property(r => r.ProofRef).HasMaxLength(2 * Core.Reading.MaxText);
            reading.Property(r => r.VoidReason).HasMaxLength(2 * Core.Reading.MaxText);
            reading.HasIndex(r => r.Uid).IsUnique();
            reading.HasIndex(r => new { r.MeterId, r.ReadAt, r.VoidedAs }).IsUnique();
            reading.HasIndex(r => new { r.MeterId, r.Id }).HasDatabaseName("IX_Readings_Suspect")
                .HasFilter("\"IsSuspect\" = 1");
        });
        model.Entity<MeterDayRow>(day =>
        {
            day.ToTable("MeterDays");
            day.HasKey(d => new { d.MeterId, d.Jour });
        });
        model.Entity<AuditRow>(audit =>
        {
            audit.ToTable("Audit");
            audit.Property(a => a.KeyPrefix).HasMaxLength(8);
            audit.Property(a => a.TraceId).HasMaxLength(32);
            audit.Property(a => a.Action).HasMaxLength(40);
            audit.Property(a => a.Detail).HasMaxLength(2 * Core.Reading.MaxText);
            audit.HasOne<Client>().WithMany().HasForeignKey(a => a.ClientId);
        });
        model.Entity<KeptAnswerRow>(answer =>
        {
            answer.ToTable("KeptAnswers");
            answer.HasKey(a => new { a.ClientId, a.Key });
            answer.Property(a => a.Key).HasMaxLength(255);
            answer.Property(a => a.Hash).HasMaxLength(32);
            answer.Property(a => a.Location).HasMaxLength(200);
            answer.HasIndex(a => a.At);
            answer.HasOne<Client>().WithMany().HasForeignKey(a => a.ClientId);
        });
        BillTables.Configure(model);
        if (!isSqlite)
            return;
        Type[] types = [typeof(MeterRow), typeof(ReadingRow), typeof(AuditRow), typeof(KeptAnswerRow), typeof(BillRow)];
        foreach (var property in types.SelectMany(type => model.Entity(type).Metadata.GetProperties()))
            if (property.ClrType == typeof(DateTimeOffset) || property.ClrType == typeof(DateTimeOffset?))
                property.SetValueConverter(Utc);
    }
}
