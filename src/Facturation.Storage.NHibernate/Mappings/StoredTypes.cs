using System.Data;
using System.Data.Common;
using System.Globalization;
using Facturation.Storage.Sqlite;
using Facturation.Storage.SqlServer;
using NHibernate.Dialect;
using NHibernate.Engine;
using NHibernate.SqlTypes;
using NHibernate.UserTypes;

namespace Facturation.Storage.NHibernate;

/// <summary>A value that the two databases store differently, as the migrations of each say.</summary>
internal abstract class StoredType<T>(SqlType type) : IUserType
    where T : notnull
{
    public SqlType[] SqlTypes { get; } = [type];

    public Type ReturnedType => typeof(T);

    public bool IsMutable => false;

    public object? NullSafeGet(DbDataReader rs, string[] names, ISessionImplementor session, object owner)
    {
        var column = rs.GetOrdinal(names[0]);
        return rs.IsDBNull(column) ? null : Read(rs, column, IsSqlite(session));
    }

    public void NullSafeSet(DbCommand cmd, object? value, int index, ISessionImplementor session)
    {
        var parameter = cmd.Parameters[index];
        parameter.Value = DBNull.Value;
        Write(parameter, value is null ? default : (T)value, value is null, IsSqlite(session));
    }

    public new bool Equals(object? x, object? y) => object.Equals(x, y);

    public int GetHashCode(object x) => x.GetHashCode();

    public object DeepCopy(object value) => value;

    public object Replace(object original, object target, object owner) => original;

    public object Assemble(object cached, object owner) => cached;

    public object Disassemble(object value) => value;

    protected abstract T Read(DbDataReader row, int column, bool isSqlite);

    /// <summary>Sets the type of a parameter, if it is not the column's own, and its value, unless it is null.</summary>
    protected abstract void Write(DbParameter parameter, T? value, bool isNull, bool isSqlite);

    private static bool IsSqlite(ISessionImplementor session) => session.Factory.Dialect is SQLiteDialect;
}

/// <summary>A text that is compared or unique.</summary>
internal sealed class Key() : StoredType<string>(SqlTypeFactory.GetString(0))
{
    protected override string Read(DbDataReader row, int column, bool isSqlite) =>
        isSqlite ? row.GetString(column) : SqlServerContext.DecodeKey(row.GetString(column));

    protected override void Write(DbParameter parameter, string? value, bool isNull, bool isSqlite)
    {
        if (!isNull)
            parameter.Value = isSqlite ? value : SqlServerContext.EncodeKey(value!);
    }
}

/// <summary>A UUID: a text on SQLite, big-endian bytes on SQL Server.</summary>
internal sealed class Uuid() : StoredType<Guid>(SqlTypeFactory.Guid)
{
    protected override Guid Read(DbDataReader row, int column, bool isSqlite) =>
        isSqlite ? Guid.Parse(row.GetString(column)) : new Guid((byte[])row.GetValue(column), bigEndian: true);

    protected override void Write(DbParameter parameter, Guid value, bool isNull, bool isSqlite)
    {
        if (!isSqlite)
            (parameter.DbType, parameter.Size) = (DbType.Binary, 16);
        if (!isNull)
            parameter.Value = isSqlite ? value : value.ToByteArray(bigEndian: true);
    }
}

/// <summary>A day.</summary>
internal sealed class Day() : StoredType<DateOnly>(SqlTypeFactory.Date)
{
    protected override DateOnly Read(DbDataReader row, int column, bool isSqlite) => isSqlite
        ? DateOnly.ParseExact(row.GetString(column), "yyyy-MM-dd", CultureInfo.InvariantCulture)
        : DateOnly.FromDateTime(row.GetDateTime(column));

    protected override void Write(DbParameter parameter, DateOnly value, bool isNull, bool isSqlite)
    {
        if (!isNull)
            parameter.Value = value;
    }
}

/// <summary>A date and time in Paris, to the tick, Kind Unspecified.</summary>
internal sealed class Moment() : StoredType<DateTime>(SqlTypeFactory.DateTime2)
{
    protected override DateTime Read(DbDataReader row, int column, bool isSqlite) =>
        isSqlite ? SqliteDates.Parse(row.GetString(column)) : row.GetDateTime(column);

    protected override void Write(DbParameter parameter, DateTime value, bool isNull, bool isSqlite)
    {
        if (!isNull)
            parameter.Value = value;
    }
}

/// <summary>An instant: a text in UTC on SQLite, which has no type for it.</summary>
internal sealed class Instant() : StoredType<DateTimeOffset>(SqlTypeFactory.DateTimeOffSet)
{
    protected override DateTimeOffset Read(DbDataReader row, int column, bool isSqlite) =>
        isSqlite ? new(SqliteDates.Parse(row.GetString(column)), TimeSpan.Zero) : row.GetFieldValue<DateTimeOffset>(column);

    protected override void Write(DbParameter parameter, DateTimeOffset value, bool isNull, bool isSqlite)
    {
        if (!isNull)
            parameter.Value = isSqlite ? value.UtcDateTime : value;
    }
}
