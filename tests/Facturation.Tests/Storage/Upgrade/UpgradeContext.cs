using System.Runtime.CompilerServices;
using Facturation.Storage;
using Facturation.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Facturation.Tests.Storage.Upgrade;

/// <summary>The tables of the program, reached by two migrations of the tests' own: the older schema, and what brings it up to date.</summary>
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

/// <summary>The SQL files beside this one.</summary>
file static class Sql
{
    public static string Read(string name, [CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, name));
}
