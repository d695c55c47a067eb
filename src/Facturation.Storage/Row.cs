namespace Facturation.Storage;

/// <summary>The current row of a query; columns are numbered from 0.</summary>
internal abstract class Row
{
    public abstract bool IsNull(int column);

    /// <summary>An integer, or a truth value as 0 or 1.</summary>
    public abstract long GetInt64(int column);

    public int GetInt32(int column) => checked((int)GetInt64(column));

    public bool GetBoolean(int column) => GetInt64(column) != 0;

    /// <summary>A text, or null.</summary>
    public abstract string? GetText(int column);

    /// <summary>A text that is compared or unique, as <see cref="Dialect.ToKey"/> was given it.</summary>
    public abstract string GetKey(int column);

    /// <summary>A UUID, or null.</summary>
    public abstract Guid? GetUid(int column);

    /// <summary>A date and time without offset.</summary>
    public abstract DateTime GetDate(int column);

    /// <summary>A day.</summary>
    public DateOnly GetDay(int column) => DateOnly.FromDateTime(GetDate(column));

    /// <summary>An instant in UTC, or null.</summary>
    public abstract DateTimeOffset? GetInstant(int column);

    public abstract byte[] GetBytes(int column);
}
