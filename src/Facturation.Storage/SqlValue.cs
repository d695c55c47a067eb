using System.Data;

namespace Facturation.Storage;

/// <summary>A value of a statement's parameter; it has a type even when it is null, because SQL Server converts no null text to binary.</summary>
/// <param name="Type">The type of the column.</param>
/// <param name="Value">The value, as its .NET type, or null.</param>
internal readonly record struct SqlValue(SqlDbType Type, object? Value)
{
    public static implicit operator SqlValue(int? value) => new(SqlDbType.Int, value);

    public static implicit operator SqlValue(long? value) => new(SqlDbType.BigInt, value);

    public static implicit operator SqlValue(bool value) => new(SqlDbType.Bit, value);

    public static implicit operator SqlValue(string? value) => new(SqlDbType.NVarChar, value);

    public static implicit operator SqlValue(byte[] value) => new(SqlDbType.VarBinary, value);

    public static implicit operator SqlValue(Guid? value) => new(SqlDbType.Binary, value);

    public static implicit operator SqlValue(DateOnly? value) => new(SqlDbType.Date, value);

    public static implicit operator SqlValue(DateTime? value) => new(SqlDbType.DateTime2, value);

    public static implicit operator SqlValue(DateTimeOffset? value) => new(SqlDbType.DateTimeOffset, value);
}
