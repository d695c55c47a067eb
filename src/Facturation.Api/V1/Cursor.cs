using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Facturation.Core;

namespace Facturation.Api.V1;

/// <summary>
/// A position in a list, as clients send it back: opaque, with a checksum so that other values are refused, and cursors of other lists. It
/// grants no access: every list is limited to the caller's data.
/// </summary>
/// <param name="Position">The position.</param>
public readonly record struct Cursor(Position Position)
{
    private const int Length = 16, Sum = 4;

    /// <summary>The cursor as clients see it.</summary>
    /// <param name="list">The route of the list.</param>
    public string Write(string list)
    {
        Span<byte> bytes = stackalloc byte[Length + Sum];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Position.At.UtcTicks);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Position.Number);
        Check(bytes[..Length], list).CopyTo(bytes[Length..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>MVC describes a type as a string if it has this method.</summary>
    public static bool TryParse(string text, out Cursor cursor) => throw new NotSupportedException("Cursors are read by CursorBinder.");

    /// <summary>Parses a cursor of a list.</summary>
    public static bool TryRead(string text, string list, out Cursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[Length + Sum + 3];
        if (text.Length > 40 || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, bytes, out var length) || length != Length + Sum
            || !Check(bytes[..Length], list).SequenceEqual(bytes[Length..length]))
            return false;
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks)
            return false;
        cursor = new(new(new DateTimeOffset(ticks, TimeSpan.Zero), BinaryPrimitives.ReadInt64BigEndian(bytes[8..])));
        return true;
    }

    private static ReadOnlySpan<byte> Check(ReadOnlySpan<byte> position, string list) =>
        SHA256.HashData([.. position, .. Encoding.UTF8.GetBytes(list)]).AsSpan(0, Sum);
}
