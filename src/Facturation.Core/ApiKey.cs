using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Facturation.Core;

/// <summary>
/// What a key may do. A key is <c>fct_{prefix}_{secret}</c>: the prefix (8 characters) is public and finds the key, the
/// secret (32 characters) proves it. Only the hash of the whole is kept, so a stolen database opens nothing.
/// </summary>
/// <param name="Prefix">The public part, unique.</param>
/// <param name="Hash">SHA-256 of the key: no slow hash is needed for 190 random bits.</param>
/// <param name="Client">The code of the client whose data it opens.</param>
/// <param name="Identifiant">The only identifiant it sees, or null for all the client's.</param>
/// <param name="Scopes">Words of <see cref="Core.Scopes"/>.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">The first instant it no longer works, or null.</param>
/// <param name="RevokedAt">When it was revoked, or null.</param>
public sealed record ApiKey(
    string Prefix,
    ReadOnlyMemory<byte> Hash,
    string Client,
    string? Identifiant,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt = null,
    DateTimeOffset? RevokedAt = null)
{
    /// <summary>The prefix of the demo's public key, which no random key ever takes.</summary>
    public const string DemoPrefix = "demo0000";

    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int PrefixLength = 8, SecretLength = 32, Length = 4 + PrefixLength + 1 + SecretLength;
    private static readonly SearchValues<char> LetterSet = SearchValues.Create(Letters);

    /// <summary>A new random key: the only moment it is seen whole.</summary>
    public static string Generate()
    {
        var prefix = RandomNumberGenerator.GetString(Letters, PrefixLength);
        return prefix == DemoPrefix ? Generate() : $"fct_{prefix}_{RandomNumberGenerator.GetString(Letters, SecretLength)}";
    }

    /// <summary>The prefix of a key, or null when the text cannot be a key.</summary>
    public static string? PrefixOf(string key) =>
        key.Length == Length
        && key.StartsWith("fct_", StringComparison.Ordinal)
        && key[4 + PrefixLength] == '_'
        && key.AsSpan(4, PrefixLength).IndexOfAnyExcept(LetterSet) < 0
        && key.AsSpan(Length - SecretLength).IndexOfAnyExcept(LetterSet) < 0
            ? key.Substring(4, PrefixLength)
            : null;

    /// <summary>The hash kept in place of a key.</summary>
    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Whether a text is this key, compared in constant time, and the key may be used now.</summary>
    public bool Accepts(string key, DateTimeOffset now) =>
        CryptographicOperations.FixedTimeEquals(Hash.Span, HashOf(key)) && RevokedAt is null && !(now >= ExpiresAt);
}

/// <summary>The scopes a key may carry.</summary>
public static class Scopes
{
    /// <summary>Ask for consumption (<c>api/Consommation</c>, <c>api/ConsommationV2</c>).</summary>
    public const string ConsommationRead = "consommation:read";

    /// <summary>See meters and their readings (<c>/v1</c>).</summary>
    public const string ReadingsRead = "readings:read";

    /// <summary>Create meters and record readings (<c>/v1</c>), and see them.</summary>
    public const string ReadingsWrite = "readings:write";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [ConsommationRead, ReadingsRead, ReadingsWrite];

    /// <summary>The scopes that allow what a scope allows: itself, and those that go further.</summary>
    public static IReadOnlyList<string> Allowing(string scope) => scope == ReadingsRead ? [ReadingsRead, ReadingsWrite] : [scope];

    /// <summary>Of scopes that are all asked for, those a key must carry: one that another of them goes beyond is no more to ask.</summary>
    public static IEnumerable<string> Narrow(IReadOnlyCollection<string> asked) =>
        asked.Where(scope => !asked.Any(other => other != scope && Allowing(scope).Contains(other)));
}
