namespace Facturation.Storage.SqlServer;

/// <summary>SQL Server's SQL.</summary>
internal sealed class SqlServerDialect : Dialect
{
    public static readonly SqlServerDialect Instance = new();

    /// <summary>Not OUTPUT, which a table with triggers refuses.</summary>
    public override string ReturningId => "; SELECT CAST(SCOPE_IDENTITY() AS bigint)";

    /// <summary>False: MARS is off.</summary>
    public override bool ReadsTwiceAtOnce => false;

    public override string Limit(int rows) => $"OFFSET 0 ROWS FETCH NEXT {rows} ROWS ONLY";

    public override string LimitAny(int rows) => $"ORDER BY (SELECT NULL) {Limit(rows)}";

    public override string Ordinal(string column) => SqlServerContext.OrdinalOf(column);

    public override string FromOrdinal(string value) => value[..^1];

    public override string Day(string column) => $"CAST({column} AS date)";

    public override string ToKey(string text) => SqlServerContext.EncodeKey(text);

    public override string FromKey(string key) => SqlServerContext.DecodeKey(key);
}
