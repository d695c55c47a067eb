using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Facturation.Storage.SqlServer;

/// <summary>The same tables on SQL Server. A type of its own, since EF Core finds migrations by the type of their context.</summary>
internal sealed partial class SqlServerContext(DbContextOptions<SqlServerContext> options) : FacturationContext(options)
{
    /// <summary>Compares UTF-16 code units, as .NET does ordinally; no collation compares trailing spaces.</summary>
    public const string Collation = "Latin1_General_BIN2";

    /// <summary>The collation compares as if the shorter text had spaces after it: with a NUL after both, the shorter comes first.</summary>
    public static string OrdinalOf(string column) => $"{column} + NCHAR(0)";

    /// <summary>
    /// SQL Server treats "a" and "a " as equal, so a key that ends with a space is stored with a NUL after it, and one that ends with
    /// a NUL too. Nearly all texts are stored unchanged.
    /// </summary>
    internal static string EncodeKey(string text) => text is [.., ' ' or '\0'] ? text + '\0' : text;

    internal static string DecodeKey(string text) => text is [.. var key, '\0'] ? key : text;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<string>().UseCollation(Collation);
        configurationBuilder.Properties<Guid>().HaveConversion<Uuid>().HaveColumnType("binary(16)");
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        foreach (var type in modelBuilder.Model.GetEntityTypes())
        {
            foreach (var text in type.GetProperties().Where(p => p.ClrType == typeof(string) && (p.IsKey() || p.IsIndex())))
            {
                text.SetValueConverter(new ValueConverter<string, string>(kept => EncodeKey(kept), found => DecodeKey(found)));
                text.SetMaxLength(text.GetMaxLength() + 1);
            }
            foreach (var index in type.GetIndexes().Where(i => i.GetFilter() is not null))
                index.SetFilter(Quoted().Replace(index.GetFilter()!, "[$1]"));
        }
        // A meter's readings are stored together, in order: a series is one range of the index.
        modelBuilder.Entity<ReadingRow>().HasKey(r => r.Id).IsClustered(false);
        modelBuilder.Entity<ReadingRow>().HasIndex(r => new { r.MeterId, r.ReadAt, r.VoidedAs }).IsClustered();
        // The migration creates the triggers.
        modelBuilder.Entity<AuditRow>().ToTable(table => table.HasTrigger("Audit_OnlyAdded"));
    }

    /// <summary>Filters of indexes quote as SQL does, "so"; SQL Server may be told not to understand it.</summary>
    [GeneratedRegex("\"(\\w+)\"")]
    private static partial Regex Quoted();

    /// <summary>
    /// As big-endian bytes, version 7 UUIDs are increasing, so they are inserted at the end of their index. SQL Server orders its
    /// uniqueidentifier by the last bytes first, which are random.
    /// </summary>
    private sealed class Uuid() : ValueConverter<Guid, byte[]>(uuid => uuid.ToByteArray(true), bytes => new Guid(bytes, true));
}

/// <summary>Lets <c>dotnet ef</c> write the migrations of SQL Server without one.</summary>
internal sealed class SqlServerContextFactory : IDesignTimeDbContextFactory<SqlServerContext>
{
    public SqlServerContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqlServerContext>().UseSqlServer("Server=design").Options);
}
