using System.Globalization;
using Facturation.Core;
using Facturation.Storage.SqlServer;
using Microsoft.Extensions.Configuration;

namespace Facturation.Storage;

/// <summary>The databases Facturation knows.</summary>
public enum DatabaseKind
{
    /// <summary>A file, in the process.</summary>
    Sqlite,

    /// <summary>A server, and as many nodes of the service as one likes.</summary>
    SqlServer,
}

/// <summary>Where the data is kept, and how it is reached; section <c>Storage</c> of the configuration, and connection strings.</summary>
public sealed class StorageOptions
{
    private const string Section = "Storage", Writing = "ConnectionStrings:Facturation", Reading = "ConnectionStrings:FacturationReadOnly";

    /// <summary>Which database; <c>Storage:Database</c>, SQLite by default.</summary>
    public DatabaseKind Database { get; private init; }

    /// <summary>How it is reached; <c>ConnectionStrings:Facturation</c>, resolved.</summary>
    public required string Connection { get; init; }

    /// <summary>
    /// How consumption is read, from a copy that may lag behind; <c>ConnectionStrings:FacturationReadOnly</c>, null to read it where it is
    /// written.
    /// </summary>
    public string? ReadOnlyConnection { get; private init; }

    /// <summary>Whether a start brings the database up to date itself; <c>Storage:MigrateAtStart</c>, true by default.</summary>
    public bool MigrateAtStart { get; private init; } = true;

    /// <summary>Reads and checks the settings.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="root">The directory a relative SQLite file lies under.</param>
    /// <exception cref="RefusedException">A setting is wrong or unknown; the message says which.</exception>
    public static StorageOptions Read(IConfiguration configuration, string root)
    {
        DatabaseKind? database = null;
        bool? migrate = null;
        int? timeout = null;
        foreach (var setting in configuration.GetSection(Section).GetChildren())
        {
            var text = setting.Value ?? "";
            switch (setting.Key.ToUpperInvariant())
            {
                case "DATABASE":
                    database = Enum.GetNames<DatabaseKind>().FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
                        ? Enum.Parse<DatabaseKind>(name)
                        : throw new RefusedException($"{setting.Path} : « {text} » n'est ni Sqlite, ni SqlServer.");
                    break;
                case "MIGRATEATSTART":
                    migrate = bool.TryParse(text, out var yes)
                        ? yes
                        : throw new RefusedException($"{setting.Path} : « {text} » n'est ni true, ni false.");
                    break;
                case "COMMANDTIMEOUTSECONDS":
                    timeout = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 3600
                        ? seconds
                        : throw new RefusedException($"{setting.Path} : « {text} » n'est pas un nombre entier de secondes, de 1 à 3600.");
                    break;
                default:
                    throw new RefusedException(
                        $"{setting.Path} : ce réglage n'existe pas ; ceux de Storage sont Database, MigrateAtStart et CommandTimeoutSeconds.");
            }
        }

        var kind = database ?? DatabaseKind.Sqlite;
        var reading = configuration[Reading];
        var writing = configuration[Writing]
            ?? (kind == DatabaseKind.Sqlite ? "Data Source=data/facturation.db" : throw new RefusedException($"{Writing} manque."));
        return new StorageOptions
        {
            Database = kind,
            Connection = Resolve(kind, Writing, writing, root, timeout),
            ReadOnlyConnection = string.IsNullOrWhiteSpace(reading) ? null : Resolve(kind, Reading, reading, root, timeout),
            MigrateAtStart = migrate ?? true,
        };
    }

    /// <summary>A database, and for the rest the defaults.</summary>
    /// <exception cref="RefusedException">The connection string cannot be read, or does not say enough.</exception>
    public static StorageOptions Of(DatabaseKind database, string connection, string root = "") =>
        new() { Database = database, Connection = Resolve(database, Writing, connection, root, null) };

    private static string Resolve(DatabaseKind kind, string setting, string connection, string root, int? timeout) =>
        kind == DatabaseKind.SqlServer
            ? SqlServerDatabase.Resolve(setting, connection, timeout)
            : SqliteDatabase.Resolve(setting, connection, root, timeout);
}
