namespace Facturation.Storage.Sqlite;

/// <summary>SQLite's SQL.</summary>
internal sealed class SqliteDialect : Dialect
{
    public static readonly SqliteDialect Instance = new();

    public override string ReturningId => " RETURNING Id";

    public override bool ReadsTwiceAtOnce => true;

    public override string Limit(int rows) => $"LIMIT {rows}";

    public override string LimitAny(int rows) => Limit(rows);

    public override string Ordinal(string column) => $"{column} COLLATE {SqliteDatabase.Ordinal}";

    public override string Day(string column) => $"substr({column}, 1, 10)";
}
