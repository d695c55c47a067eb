using System.Runtime.InteropServices;
using Facturation.Core;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Facturation.Storage.Sqlite;

/// <summary>A SQLite file: many readers, and one writer at a time.</summary>
internal sealed class SqliteDatabase : Database, IDisposable
{
    /// <summary>The name, in queries, of .NET's ordinal order of strings.</summary>
    public const string Ordinal = "ORDINAL";

    private readonly Connections connections;
    private readonly ReadConnections written, read; // The same, unless answers are read from a copy.
    private readonly GroupCommit writer;
    private readonly Readers readers = new();

    public SqliteDatabase(Connections connections, StorageOptions options)
    {
        this.connections = connections;
        written = new(connections.Writing);
        read = connections.Reading == connections.Writing ? written : new(connections.Reading);
        var seconds = new SqliteConnectionStringBuilder(connections.Writing).DefaultTimeout;
        writer = new(
            () => OpenAsync(connections.Writing, default),
            seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds),
            // A copy has a journal of its own.
            readers: read == written ? readers : null,
            maxJournal: (long)options.MaxJournalMegabytes << 20);
    }

    public override Dialect Dialect => SqliteDialect.Instance;

    public override TimeSpan? SettlesAfter => null; // Transactions that write follow one another.

    public override async Task<T> ReadAsync<T>(Func<Statements, Task<T>> read, CancellationToken cancellation)
    {
        var connection = await written.TakeAsync(cancellation);
        try
        {
            return await read(connection.Statements);
        }
        finally
        {
            written.Return(connection);
        }
    }

    public override Task<T> WriteAsync<T>(Func<Statements, Task<T>> work, CancellationToken cancellation) => writer.RunAsync(work, cancellation);

    public override async Task<ReadSession> BeginReadAsync(CancellationToken cancellation)
    {
        var connection = await read.TakeAsync(cancellation);
        var reader = readers.Begin();
        return Begin(
            connection,
            () =>
            {
                reader.Dispose();
                read.Return(connection);
            },
            reader.Ended);
    }

    public override async Task<IConsommationImport> BeginImportAsync(CancellationToken cancellation) =>
        await SqliteImport.BeginAsync(connections.Writing, cancellation);

    public void Dispose()
    {
        writer.Dispose();
        written.Dispose();
        read.Dispose();
    }

    /// <summary>Begins a read on a connection of its own.</summary>
    public static async Task<ReadSession> BeginReadAsync(string connectionString, CancellationToken cancellation)
    {
        var connection = await ReadConnection.OpenAsync(connectionString, cancellation);
        return Begin(connection, connection.Dispose, CancellationToken.None);
    }

    /// <summary>Begins a read. In WAL mode it waits for no writer, and no writer for it.</summary>
    private static ReadSession Begin(ReadConnection connection, Action end, CancellationToken ended)
    {
        try
        {
            connection.Begin();
        }
        catch
        {
            end();
            throw;
        }
        return new(
            connection.Statements,
            connection.Connection,
            null,
            () =>
            {
                try
                {
                    connection.End();
                }
                finally
                {
                    end();
                }
                return ValueTask.CompletedTask;
            },
            ended);
    }

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

    /// <summary>Opens a connection, possibly a pooled one, to the file that now has the name.</summary>
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

    /// <summary>Registers the collation on an open connection. Only ORDER BY uses it, never the schema, so any SQLite tool can still open the file.</summary>
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
    /// Whether the file that a connection has open was moved, deleted or replaced. In WAL mode SQLite does not check this, and what is
    /// written to such a file is lost.
    /// </summary>
    public static bool HasMoved(SqliteConnection connection) =>
        sqlite3_file_control(connection.Handle!, 0, HasMovedCode, out var moved) == raw.SQLITE_OK && moved != 0;

    /// <summary>The exception for a write to such a file.</summary>
    public static SqliteException Moved() => new("The database file was moved or replaced.", raw.SQLITE_CANTOPEN);

    /// <summary>Reopens a pooled connection whose file was moved or replaced.</summary>
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
}
