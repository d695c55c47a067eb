using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Facturation.Storage.Sqlite;

/// <summary>What EF Core needs to make the tables of a SQLite file.</summary>
internal static class SqliteSchema
{
    public static DbContextOptionsBuilder<T> UseFacturationSqlite<T>(this DbContextOptionsBuilder<T> options, string connection)
        where T : DbContext
    {
        UseFacturationSqlite((DbContextOptionsBuilder)options, connection);
        return options;
    }

    public static void UseFacturationSqlite(this DbContextOptionsBuilder options, string connection) => options
        .UseSqlite(connection)
        .ReplaceService<IMigrationsSqlGenerator, ClusteredTables>();

    /// <summary>
    /// Creates a table with a key of several columns WITHOUT ROWID, so that the table is its key's index, as on SQL Server. EF
    /// Core's provider cannot express that.
    /// </summary>
    private sealed class ClusteredTables(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations)
        : SqliteMigrationsSqlGenerator(dependencies, annotations)
    {
        protected override void Generate(
            CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
        {
            base.Generate(operation, model, builder, terminate: false);
            if (operation.PrimaryKey?.Columns.Length > 1)
                builder.Append(" WITHOUT ROWID");
            if (terminate)
            {
                builder.AppendLine(Dependencies.SqlGenerationHelper.StatementTerminator);
                EndStatement(builder);
            }
        }
    }
}
