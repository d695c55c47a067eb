using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Facturation.Core;

/// <summary>
/// An API key, written <c>fct_{prefix}_{secret}</c>. The public prefix (8 characters) identifies it, the secret (32 characters)
/// authenticates it. Only a hash of the whole key is stored, so a stolen database reveals no key.
/// </summary>
/// <param name="Prefix">The public part, unique.</param>
/// <param name="Hash">SHA-256 of the key. 190 random bits need no slow hash.</param>
/// <param name="Client">The code of the client whose data it gives access to.</param>
/// <param name="Identifiant">The only identifiant it gives access to, or null for all of the client's.</param>
/// <param name="Scopes">Constants of <see cref="Core.Scopes"/>.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="ExpiresAt">The instant from which it is expired, or null.</param>
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
    /// <summary>The prefix of the public demo key, which no random key ever gets.</summary>
    public const string DemoPrefix = "demo0000";

    /// <summary>How long a key must still be valid for another to take over its expiry: longer than the usual overlap.</summary>
    private static readonly TimeSpan ShortestLife = TimeSpan.FromDays(8);

    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int PrefixLength = 8, SecretLength = 32, Length = 4 + PrefixLength + 1 + SecretLength;
    private static readonly SearchValues<char> LetterSet = SearchValues.Create(Letters);

    /// <summary>Generates a random key. This is the only time it is seen in full.</summary>
    public static string Generate()
    {
        var prefix = RandomNumberGenerator.GetString(Letters, PrefixLength);
        return prefix == DemoPrefix ? Generate() : $"fct_{prefix}_{RandomNumberGenerator.GetString(Letters, SecretLength)}";
    }

    /// <summary>Returns the prefix of a key, or null if the text is not a key.</summary>
    public static string? PrefixOf(string key) =>
        key.Length == Length
        && key.StartsWith("fct_", StringComparison.Ordinal)
        && key[4 + PrefixLength] == '_'
        && key.AsSpan(4, PrefixLength).IndexOfAnyExcept(LetterSet) < 0
        && key.AsSpan(Length - SecretLength).IndexOfAnyExcept(LetterSet) < 0
            ? key.Substring(4, PrefixLength)
            : null;

    /// <summary>Returns the hash that is stored in place of a key.</summary>
    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Whether the key is neither revoked nor expired.</summary>
    public bool IsValid(DateTimeOffset now) => RevokedAt is null && !(now >= ExpiresAt);

    /// <summary>Whether a text is this key, compared in constant time, and the key is valid now.</summary>
    public bool Accepts(string key, DateTimeOffset now) =>
        CryptographicOperations.FixedTimeEquals(Hash.Span, HashOf(key)) && IsValid(now);

    /// <summary>Decides how another key replaces this one (<see cref="IApiKeyStore.RotateAsync"/>).</summary>
    /// <exception cref="RefusedException">It is revoked or expired, or expires too soon for the new key to expire with it.</exception>
    public (ApiKey Old, ApiKey New) Rotate(string secret, DateTimeOffset now, TimeSpan overlap, DateTimeOffset? expiresAt)
    {
        if (!IsValid(now))
            throw new RefusedException($"La clé « {Prefix} » est révoquée ou expirée : créez-en une autre par « keys create ».");
        // It was rotated already, or ends soon: a new key that ends with it would be a trap.
        if (expiresAt is null && ExpiresAt < now + ShortestLife)
            throw new RefusedException(
                $"La clé « {Prefix} » expire le {ExpiresAt:yyyy-MM-dd HH:mm} UTC : dites par --expires jusqu'à quand vaut la nouvelle, ou remplacez celle qui l'a déjà remplacée.");
        return (
            this with { ExpiresAt = ExpiresAt < now + overlap ? ExpiresAt : now + overlap },
            this with { Prefix = PrefixOf(secret)!, Hash = HashOf(secret), CreatedAt = now, ExpiresAt = expiresAt ?? ExpiresAt });
    }
}

/// <summary>The scopes a key may carry.</summary>
public static class Scopes
{
    /// <summary>Read consumption (<c>api/Consommation</c>, <c>api/ConsommationV2</c>).</summary>
    public const string ConsommationRead = "consommation:read";

    /// <summary>Read meters and their readings (<c>/v1</c>).</summary>
    public const string ReadingsRead = "readings:read";

    /// <summary>Create meters and record readings (<c>/v1</c>), and read them.</summary>
    public const string ReadingsWrite = "readings:write";

    /// <summary>Read prices and bills (<c>/v1</c>).</summary>
    public const string BillingRead = "billing:read";

    /// <summary>Set prices and bill meters (<c>/v1</c>), and read both.</summary>
    public const string BillingWrite = "billing:write";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [ConsommationRead, ReadingsRead, ReadingsWrite, BillingRead, BillingWrite];

    /// <summary>Returns the scopes that satisfy a required scope: itself and those that include it.</summary>
    public static IReadOnlyList<string> Allowing(string scope) => scope switch
    {
        ReadingsRead => [ReadingsRead, ReadingsWrite],
        BillingRead => [BillingRead, BillingWrite],
        _ => [scope],
    };

    /// <summary>Removes from required scopes those that are included in another of them.</summary>
    public static IEnumerable<string> Narrow(IReadOnlyCollection<string> asked) =>
        asked.Where(scope => !asked.Any(other => other != scope && Allowing(scope).Contains(other)));
}
