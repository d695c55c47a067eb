using System.Runtime.CompilerServices;
using Facturation.Storage;
using Facturation.Storage.Migrations;
using Facturation.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Facturation.Tests.Storage.Upgrade;

/// <summary>The tables of the program, reached from an older schema: by two migrations of the tests' own, then the program's.</summary>
internal sealed class UpgradeContext(DbContextOptions<UpgradeContext> options) : FacturationContext(options)
{
    /// <summary>Creates contexts of a SQLite file.</summary>
    internal sealed class Factory(string connection) : IDbContextFactory<FacturationContext>
    {
        public FacturationContext CreateDbContext() =>
            new UpgradeContext(new DbContextOptionsBuilder<UpgradeContext>().UseFacturationSqlite(connection).Options);
    }
}

[DbContext(typeof(UpgradeContext)), Migration(Id)]
internal sealed class Older : Migration
{
    public const string Id = "20261122035833_Older";

    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Sql.Read("Older.sql"));
}

[DbContext(typeof(UpgradeContext)), Migration("20261122052243_TotalsPerDay")]
internal sealed class TotalsPerDay : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Sql.Read("TotalsPerDay.sql"));
}

/// <summary>The program's own second migration.</summary>
[DbContext(typeof(UpgradeContext)), Migration("20261130081130_Billing")]
internal sealed class UpgradeBilling : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Operations.AddRange(new Billing { ActiveProvider = ActiveProvider! }.UpOperations);
}

/// <summary>The program's own third migration.</summary>
[DbContext(typeof(UpgradeContext)), Migration("20261130110653_Corrections")]
internal sealed class UpgradeCorrections : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Operations.AddRange(new Corrections { ActiveProvider = ActiveProvider! }.UpOperations);
}

/// <summary>The program's own fourth migration.</summary>
[DbContext(typeof(UpgradeContext)), Migration("20261130150034_HeldSuspects")]
internal sealed class UpgradeHeldSuspects : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Operations.AddRange(new HeldSuspects { ActiveProvider = ActiveProvider! }.UpOperations);
}

/// <summary>The SQL files beside this one.</summary>
file static class Sql
{
    public static string Read(string name, [CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, name));
}
