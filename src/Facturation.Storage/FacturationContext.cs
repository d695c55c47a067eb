using Facturation.Core;
using Facturation.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace Facturation.Storage;

/// <summary>The tables of SQLite; <see cref="SqlServer.SqlServerContext"/> says what differs on SQL Server.</summary>
internal class FacturationContext : DbContext
{
    public FacturationContext(DbContextOptions<FacturationContext> options)
        : base(options)
    {
    }

    protected FacturationContext(DbContextOptions options)
        : base(options)
    {
    }

    public DbSet<Client> Clients => Set<Client>();
    public DbSet<Identifiant> Identifiants => Set<Identifiant>();
    public DbSet<Produit> Produits => Set<Produit>();
    public DbSet<Compteur> Compteurs => Set<Compteur>();
    public DbSet<Dossier> Dossiers => Set<Dossier>();
    public DbSet<Consommation> Consommations => Set<Consommation>();
    public DbSet<Total> Totaux => Set<Total>();
    public DbSet<RemovedTotal> RemovedTotals => Set<RemovedTotal>();
    public DbSet<Cle> Cles => Set<Cle>();
    public DbSet<MeterRow> Meters => Set<MeterRow>();
    public DbSet<ReadingRow> Readings => Set<ReadingRow>();
    public DbSet<MeterDayRow> MeterDays => Set<MeterDayRow>();
    public DbSet<AuditRow> Audit => Set<AuditRow>();
    public DbSet<PriceRow> Prices => Set<PriceRow>();
    public DbSet<BillRow> Bills => Set<BillRow>();
    public DbSet<BillLineRow> BillLines => Set<BillLineRow>();
    public DbSet<BilledDayRow> BilledDays => Set<BilledDayRow>();
    public DbSet<KeptAnswerRow> KeptAnswers => Set<KeptAnswerRow>();

    // All indexes are declared below: EF Core's index for each foreign key would triple Consommations, for no query.
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Conventions.Remove<ForeignKeyIndexConvention>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Client>(client =>
        {
            client.Property(c => c.Code).HasMaxLength(LigneBrute.MaxClient);
            client.Property(c => c.HoldsSuspects).HasDefaultValue(false); // Clients are inserted by their code.
            client.HasIndex(c => c.Code).IsUnique();
        });
        modelBuilder.Entity<Identifiant>(identifiant =>
        {
            identifiant.Property(i => i.Nom).HasMaxLength(LigneBrute.MaxIdentifiant);
            identifiant.HasIndex(i => new { i.ClientId, i.Nom }).IsUnique();
        });
        modelBuilder.Entity<Produit>(produit =>
        {
            produit.Property(p => p.Nom).HasMaxLength(LigneBrute.MaxNom);
            produit.HasIndex(p => new { p.ClientId, p.Numero }).IsUnique();
        });
        modelBuilder.Entity<Compteur>(compteur =>
        {
            compteur.Property(c => c.Libelle).HasMaxLength(LigneBrute.MaxNom);
            compteur.HasIndex(c => new { c.ProduitId, c.Sequence }).IsUnique();
        });
        modelBuilder.Entity<Dossier>(dossier =>
        {
            dossier.Property(d => d.Reference).HasMaxLength(LigneBrute.MaxDossier);
            dossier.HasIndex(d => new { d.IdentifiantId, d.Date, d.Reference }).IsUnique();
        });
        modelBuilder.Entity<Consommation>()
            .HasKey(c => new { c.ProduitId, c.IdentifiantId, c.Jour, c.DossierId, c.CompteurId });
        modelBuilder.Entity<Total>(total =>
        {
            total.HasKey(t => new { t.CompteurId, t.IdentifiantId, t.Jour });
            // The days of a produit over all identifiants, which V1's details are read by.
            total.HasIndex(t => new { t.ProduitId, t.Jour, t.IdentifiantId });
        });
        modelBuilder.Entity<RemovedTotal>().HasKey(t => new { t.CompteurId, t.IdentifiantId, t.Jour });
        modelBuilder.Entity<Cle>(cle =>
        {
            cle.Property(c => c.Prefix).HasMaxLength(8);
            cle.Property(c => c.Hash).HasMaxLength(32);
            cle.Property(c => c.Scopes).HasMaxLength(200);
            cle.HasIndex(c => c.Prefix).IsUnique();
        });
        MeterTables.Configure(modelBuilder, Database.IsSqlite());

        // No cascading deletes; SQL Server refuses several cascade paths to one table.
        foreach (var key in modelBuilder.Model.GetEntityTypes().SelectMany(t => t.GetForeignKeys()))
            key.DeleteBehavior = DeleteBehavior.Restrict;
    }
}

/// <summary>Lets <c>dotnet ef</c> write migrations without starting the service.</summary>
internal sealed class FacturationContextFactory : IDesignTimeDbContextFactory<FacturationContext>
{
    public FacturationContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<FacturationContext>().UseFacturationSqlite("Data Source=design.db").Options);
}
