using System.Data.Common;
using System.Runtime.InteropServices;
using Facturation.Core;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using SQLitePCL;

namespace Facturation.Storage;

/// <summary>What Facturation asks of SQLite beyond EF Core's provider.</summary>
internal static class SqliteDatabase
{
    /// <summary>The name, in queries, of .NET's ordinal order of strings.</summary>
    public const string Ordinal = "ORDINAL";

    public static DbContextOptionsBuilder<T> UseFacturationSqlite<T>(this DbContextOptionsBuilder<T> options, string connection)
        where T : DbContext
    {
        UseFacturationSqlite((DbContextOptionsBuilder)options, connection);
        return options;
    }

    public static void UseFacturationSqlite(this DbContextOptionsBuilder options, string connection) => options
        .UseSqlite(connection)
        .AddInterceptors(FileFollower.Instance)
        .ReplaceService<IMigrationsSqlGenerator, ClusteredTables>();

    /// <summary>The connection string, with the full path of its file and what the service needs.</summary>
    /// <exception cref="RefusedException">It cannot be read, or names no file.</exception>
    public static string Resolve(string setting, string connection, string root, int timeout)
    {
        SqliteConnectionStringBuilder builder;
        try
        {
            builder = new SqliteConnectionStringBuilder(connection);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            throw new RefusedException($"{setting} ne se lit pas : {e.Message}", e);
        }
        if (builder.Password.Length > 0)
            throw new RefusedException($"{setting} : Password n'a pas d'effet ici ; cette base ne se chiffre pas.");
        if (string.IsNullOrWhiteSpace(builder.DataSource) || builder.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase) || builder.DataSource == ":memory:" || builder.Mode == SqliteOpenMode.Memory)
            throw new RefusedException($"{setting} doit nommer un fichier, par exemple « Data Source=data/facturation.db ».");
        builder.DataSource = Path.GetFullPath(builder.DataSource, root);
        builder.ForeignKeys = true;
        builder.Cache = SqliteCacheMode.Default; // Shared by connections, its locks would be waited for by none.
        if (builder.Mode == SqliteOpenMode.ReadWriteCreate)
            builder.Mode = SqliteOpenMode.ReadWrite; // A file that is taken away must be missed, not replaced by an empty one.
        if (timeout > 0)
            builder.DefaultTimeout = timeout;
        return builder.ConnectionString;
    }

    /// <summary>Opens a connection, perhaps one of the pool, to the file that has the name now.</summary>
    public static async Task<SqliteConnection> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            FollowFile(connection);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Teaches an open connection the order, for ORDER BY only, never the schema: any SQLite tool can still open the file.</summary>
    public static void AddOrdinal(SqliteConnection connection) => raw.sqlite3__create_collation_utf8(
        connection.Handle, Ordinal, null, (_, left, right) => CompareOrdinal(left, right));

    /// <summary>Compares UTF-8 texts as .NET compares the same texts ordinally, by UTF-16 code unit.</summary>
    /// <remarks>
    /// The two orders differ in one place: beyond U+FFFF UTF-16 uses surrogates (D800 to DFFF), which sort before U+E000 to
    /// U+FFFF, where UTF-8 keeps the order of code points. Lead bytes tell: EE and EF against F0 and above.
    /// </remarks>
    internal static int CompareOrdinal(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var common = left.CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
            return left.Length - right.Length;
        int l = left[common], r = right[common];
        return l >= 0xEE && r >= 0xEE && (l >= 0xF0) != (r >= 0xF0) ? r - l : l - r;
    }

    /// <summary>
    /// Whether the file a connection has open is no longer the one of its name: moved, deleted, or replaced. SQLite itself does not look
    /// in WAL mode, and what is written to such a file nobody finds again.
    /// </summary>
    public static bool HasMoved(SqliteConnection connection) =>
        sqlite3_file_control(connection.Handle!, 0, HasMovedCode, out var moved) == raw.SQLITE_OK && moved != 0;

    /// <summary>What tells of something written to such a file.</summary>
    public static SqliteException Moved() => new("The database file was moved or replaced.", raw.SQLITE_CANTOPEN);

    /// <summary>Sees to it that a connection just opened, perhaps from the pool, has the file that has the name now.</summary>
    private static void FollowFile(SqliteConnection connection)
    {
        if (!HasMoved(connection))
            return;
        SqliteConnection.ClearPool(connection);
        connection.Close();
        connection.Open();
    }

    private const int HasMovedCode = 20; // SQLITE_FCNTL_HAS_MOVED, which the library's .NET wrapper has no word for.

    [DllImport("e_sqlite3"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int sqlite3_file_control(sqlite3 database, nint name, int code, out int result);

    private sealed class FileFollower : DbConnectionInterceptor
    {
        public static readonly FileFollower Instance = new();

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
            FollowFile((SqliteConnection)connection);

        public override Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            FollowFile((SqliteConnection)connection);
            return Task.CompletedTask;
        }
    }

    /// <summary>
    /// Creates a table with a key of several columns WITHOUT ROWID: it then is its own key's index, as on SQL Server, and
    /// that index covers every query. EF Core's provider has no word for it.
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
