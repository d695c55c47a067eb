using System.ComponentModel.DataAnnotations;

namespace Facturation.Storage;

/// <summary>The databases Facturation knows.</summary>
public enum DatabaseKind
{
    /// <summary>A SQLite file.</summary>
    Sqlite,

    /// <summary>SQL Server, with any number of service nodes.</summary>
    SqlServer,
}

/// <summary>How the data is read and written; the tables are the same.</summary>
public enum StorageProvider
{
    /// <summary>By statements of our own.</summary>
    Sql,

    /// <summary>By NHibernate, in a program that was built with it.</summary>
    NHibernate,
}

/// <summary>Where the data is stored; section <c>Storage</c> of the configuration.</summary>
public sealed class StorageOptions
{
    /// <summary>Which database; SQLite by default.</summary>
    public DatabaseKind Database { get; set; }

    /// <summary>What reads and writes it; our own statements by default.</summary>
    public StorageProvider Provider { get; set; }

    /// <summary>
    /// Whether a start, or a command, brings the database up to date, and creates it if there is none. By default it brings up to date what is
    /// there, and creates nothing: a mistyped path would be a healthy, empty service. If false, it refuses a database that lacks a migration
    /// too, and its administrator applies it.
    /// </summary>
    public bool? MigrateAtStart { get; set; }

    /// <summary>
    /// The length of SQLite's WAL, in MB, from which answers that take more than 5 seconds are broken off, since the WAL cannot be folded into
    /// the file before they end; 256 by default. On a disk with less free space than twice the WAL they are broken off before.
    /// </summary>
    [Range(16, 1 << 20)]
    public int MaxJournalMegabytes { get; set; } = 256;

    /// <summary>The timeout of commands and locks, in seconds; 0 (default) for that of the connection string, or else 30.</summary>
    [Range(0, 3600)]
    public int CommandTimeoutSeconds { get; set; }
}

/// <summary>The connection strings, read and completed.</summary>
/// <param name="Writing">To the database.</param>
/// <param name="Reading">To the database that answers are read from: the same, or a copy that may lag behind.</param>
internal sealed record Connections(string Writing, string Reading);
