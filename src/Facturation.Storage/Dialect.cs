namespace Facturation.Storage;

/// <summary>What the SQL of the two databases differs by.</summary>
internal abstract class Dialect
{
    /// <summary>Ends an INSERT of one row, which then returns the new row's Id.</summary>
    public abstract string ReturningId { get; }

    /// <summary>Whether a connection can run a second query before the first is read to its end.</summary>
    public abstract bool ReadsTwiceAtOnce { get; }

    /// <summary>Ends a query that has an ORDER BY, to return the first rows only.</summary>
    /// <param name="rows">A number, not a parameter: SQLite plans a statement again each time its limit is bound.</param>
    public abstract string Limit(int rows);

    /// <summary>Ends a query without ORDER BY, to return any of its rows, which are then not sorted to choose among them.</summary>
    /// <inheritdoc cref="Limit" path="/param"/>
    public abstract string LimitAny(int rows);

    /// <summary>The expression to order a column of texts by, for .NET's ordinal order (UTF-16 code units).</summary>
    public abstract string Ordinal(string column);

    /// <summary>The text of a column from the value of <see cref="Ordinal"/>.</summary>
    public virtual string FromOrdinal(string value) => value;

    /// <summary>The day of a column of dates with a time.</summary>
    public abstract string Day(string column);

    /// <summary>Encodes a text that is compared or unique, as the tables store it.</summary>
    public virtual string ToKey(string text) => text;

    /// <summary>Decodes what <see cref="ToKey"/> encoded.</summary>
    public virtual string FromKey(string key) => key;
}
