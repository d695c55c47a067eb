using System.Data;
using System.Data.Common;
using Facturation.Storage.Sqlite;
using FluentNHibernate.Driver;
using Microsoft.Data.Sqlite;
using NHibernate;
using NHibernate.Connection;
using NHibernate.Dialect;
using NHibernate.Dialect.Function;
using NHibernate.Dialect.Schema;

namespace Facturation.Storage.NHibernate;

/// <summary>Microsoft.Data.Sqlite, for NHibernate.</summary>
internal sealed class SqliteDriver : MsSQLiteDriver
{
    /// <summary>True: otherwise NHibernate reads the rest of a stream into memory as soon as another query runs.</summary>
    public override bool SupportsMultipleOpenReaders => true;

    /// <summary>A snapshot takes no lock. Any other transaction writes, and begins with the lock, so that two cannot wait for each other.</summary>
    public override DbTransaction BeginTransaction(IsolationLevel isolationLevel, DbConnection connection) =>
        ((SqliteConnection)connection).BeginTransaction(deferred: isolationLevel == IsolationLevel.Snapshot);
}

/// <summary>Opens connections to the file that has the name now, with the order of texts that streams are sorted by.</summary>
internal sealed class SqliteConnections : DriverConnectionProvider
{
    public override DbConnection GetConnection(string connectionString) =>
        GetConnectionAsync(connectionString, CancellationToken.None).GetAwaiter().GetResult(); // SQLite has no asynchronous work.

    public override async Task<DbConnection> GetConnectionAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = await SqliteDatabase.OpenAsync(connectionString, cancellationToken);
        SqliteDatabase.AddOrdinal(connection);
        return connection;
    }
}

/// <summary>SQLite as the migrations use it.</summary>
internal sealed class FacturationSqliteDialect : SQLiteDialect
{
    public override void Configure(IDictionary<string, string> settings)
    {
        base.Configure(settings);
        RegisterColumnType(DbType.Guid, "TEXT");
        RegisterColumnType(DbType.DateTime2, "TEXT");
        RegisterColumnType(DbType.DateTimeOffset, "TEXT");
        RegisterFunction("ordinal", new SQLFunctionTemplate(NHibernateUtil.String, $"?1 COLLATE {SqliteDatabase.Ordinal}"));
        RegisterFunction("day_of", new SQLFunctionTemplate(NHibernateUtil.String, "substr(?1, 1, 10)"));
    }

    public override IDataBaseSchema GetDataBaseSchema(DbConnection connection) => new Schema(connection, this);

    /// <summary>What SchemaValidator compares the mappings with. Microsoft.Data.Sqlite describes no schema, but SQLite does.</summary>
    private sealed class Schema(DbConnection connection, SQLiteDialect dialect) : SQLiteDataBaseMetaData(connection, dialect)
    {
        public override DataTable GetTables(string catalog, string schemaPattern, string tableNamePattern, string[] types) => Read(
            "SELECT '' AS TABLE_CATALOG, '' AS TABLE_SCHEMA, name AS TABLE_NAME FROM sqlite_schema WHERE type = 'table' AND name = @name",
            tableNamePattern);

        public override DataTable GetColumns(string catalog, string schemaPattern, string tableNamePattern, string columnNamePattern) => Read(
            """
            SELECT name AS COLUMN_NAME, type AS DATA_TYPE, CASE "notnull" WHEN 0 THEN 'YES' ELSE 'NO' END AS IS_NULLABLE,
              NULL AS CHARACTER_MAXIMUM_LENGTH, NULL AS NUMERIC_PRECISION
            FROM pragma_table_info(@name)
            """,
            tableNamePattern);

        private DataTable Read(string sql, string name)
        {
            using var command = Connection.CreateCommand();
            command.CommandText = sql;
            command.Parameters.Add(new SqliteParameter("@name", name));
            using var reader = command.ExecuteReader();
            var rows = new DataTable();
            rows.Load(reader);
            return rows;
        }
    }
}
