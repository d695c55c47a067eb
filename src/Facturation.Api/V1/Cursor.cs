using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Facturation.Core;

namespace Facturation.Api.V1;

/// <summary>
/// A position in a list, as clients send it back: opaque, with a checksum so that other values are refused. It grants no access:
/// every list is limited to the caller's data.
/// </summary>
/// <param name="Position">The position.</param>
public readonly record struct Cursor(Position Position)
{
    private const int Length = 16, Sum = 4;

    /// <summary>The cursor as clients see it.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length + Sum];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Position.At.UtcTicks);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Position.Number);
        SHA256.HashData(bytes[..Length]).AsSpan(0, Sum).CopyTo(bytes[Length..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Parses a cursor. Because of this method, MVC describes the type as a string.</summary>
    public static bool TryParse(string text, out Cursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[Length + Sum + 3];
        if (text.Length > 40 || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, bytes, out var length) || length != Length + Sum
            || !SHA256.HashData(bytes[..Length]).AsSpan(0, Sum).SequenceEqual(bytes[Length..length]))
            return false;
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks)
            return false;
        cursor = new(new(new DateTimeOffset(ticks, TimeSpan.Zero), BinaryPrimitives.ReadInt64BigEndian(bytes[8..])));
        return true;
    }
}
